"""How it was, from those who came: no ask, one email each, and the last answer counts. It stays with the event."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.events import queries
from portal.events.guest_models import EventFeedback, EventGuest
from tenants.clock import utc_now


def feedback_of(session: Session, guest: EventGuest) -> EventFeedback | None:
    return session.scalar(select(EventFeedback).where(EventFeedback.guest_id == guest.id))


def give(session: Session, guest: EventGuest, score: int, comment: str, *, may_quote: bool) -> None:
    if not guest.has_come:
        raise Conflict("Only guests who were there are asked how it was. Nothing was saved.")
    queries.lock_guest(session, guest.id)  # of two at once the later counts
    given = feedback_of(session, guest) or EventFeedback(guest_id=guest.id)
    session.add(given)
    given.score, given.comment, given.may_quote, given.changed_at = score, comment, may_quote, utc_now()
    session.flush()
