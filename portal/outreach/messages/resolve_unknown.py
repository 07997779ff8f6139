"""Letters whose fate is unknown. Never a blind second sending: each gateway says how doubt is settled.

takes a letter once by its id   tried again, since a second copy is impossible
tells us afterwards             news of the letter settles it; when letters that were sent later were heard of, and
                                long enough after, this one was not taken: one more try. All silent: a person
neither                         a person decides

Letters that staff never see, such as links to sign in, end where a person would decide: their links are stale by then,
and whoever waits has asked for another.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.gateways.mail import UNKNOWN_RESOLUTIONS, UnknownResolution
from portal.inbox import ReceivedEvent
from portal.outreach.email_kinds import STAFF_HIDDEN_KINDS
from portal.outreach.messages.claim import RETRY_DELAYS, WITHOUT_SYNC
from portal.outreach.models import HoldReason, Letter, LetterState
from tenants.clock import utc_now

MAX_UNKNOWN_RETRIES = 1  # tries without knowing
LEASE_EXPIRED = (
    "The worker that was sending it stopped before the mail server's answer was kept. It may have arrived."
)
NO_EVENT = "No news of it came from the mail server, though it may have arrived."
CHECKS_PER_WAIT = 20  # between two looks: a share of the time a letter waits for news


def resolve_unknown(
    session: Session, queue: str, *, event_wait: timedelta, max_event_wait: timedelta
) -> None:
    """`doubt`: how long news may take; `silence`: how long to wait for news of any letter at all."""
    if not session.scalar(select(_due_for_check(queue).exists())):
        return
    _expire_leases(session, queue, event_wait)
    for name, way in UNKNOWN_RESOLUTIONS.items():
        mine = (*_unknown(queue), Letter.gateway == name)
        if way is UnknownResolution.RETRY:
            _retry(session, *mine, Letter.tries <= len(RETRY_DELAYS))
        elif way is UnknownResolution.DELIVERY_EVENTS:
            _resolve_by_events(session, mine, event_wait, max_event_wait)
    others = [name for name, way in UNKNOWN_RESOLUTIONS.items() if way is UnknownResolution.DELIVERY_EVENTS]
    _hold_for_person(session, *_unknown(queue), Letter.gateway.not_in(others))


def _due_for_check(queue: str) -> Any:
    waits = (Letter.state.in_((LetterState.SENDING, LetterState.UNKNOWN)), Letter.due_at <= utc_now())
    return select(Letter.id).where(Letter.queue == queue, *waits)


def _unknown(queue: str) -> tuple[ColumnElement[bool], ...]:
    return Letter.queue == queue, Letter.state == LetterState.UNKNOWN, Letter.due_at <= utc_now()


def _expire_leases(session: Session, queue: str, event_wait: timedelta) -> None:
    """Their worker fell. Only news can take long; the others are settled at once."""
    lapsed = (Letter.queue == queue, Letter.state == LetterState.SENDING, Letter.lease_until < utc_now())
    by_news = Letter.gateway.in_(
        [name for name, way in UNKNOWN_RESOLUTIONS.items() if way is UnknownResolution.DELIVERY_EVENTS]
    )
    unknown = {"state": LetterState.UNKNOWN, "lease_until": None, "in_doubt": True, "why": LEASE_EXPIRED}
    for which, when in ((by_news, utc_now() + event_wait), (~by_news, utc_now())):
        values = unknown | {"due_at": when}
        session.execute(update(Letter).where(*lapsed, which).values(values), execution_options=WITHOUT_SYNC)


def _resolve_by_events(
    session: Session, mine: tuple[ColumnElement[bool], ...], event_wait: timedelta, max_event_wait: timedelta
) -> None:
    _give_up_hidden(session, *mine, Letter.kind.in_(STAFF_HIDDEN_KINDS))
    _retry(session, *mine, _later_email_reported(event_wait), Letter.unknown_retries < MAX_UNKNOWN_RETRIES)
    too_long = Letter.claimed_at < utc_now() - max_event_wait
    _hold_for_person(session, *mine, or_(_later_email_reported(event_wait), too_long))
    look_again = {"due_at": utc_now() + event_wait / CHECKS_PER_WAIT}
    session.execute(update(Letter).where(*mine).values(look_again), execution_options=WITHOUT_SYNC)


def _later_email_reported(event_wait: timedelta) -> ColumnElement[bool]:
    """A letter that left later by the same account was heard of, at a time when this one should have been, too.

    News of it that came and was not read yet counts as well.
    """
    later = aliased(Letter)
    heard = (
        later.gateway == Letter.gateway,
        later.account == Letter.account,
        later.claimed_at > Letter.claimed_at,
        later.first_event_at > Letter.claimed_at + event_wait,
    )
    unread = (
        ReceivedEvent.handled_at.is_(None),
        ReceivedEvent.payload["letter"].astext == cast(Letter.id, Text),
    )
    return and_(
        select(later.id).where(*heard).correlate(Letter).exists(),
        ~select(ReceivedEvent.id).where(*unread).correlate(Letter).exists(),
    )


def _retry(session: Session, *which: ColumnElement[bool]) -> None:
    again = {"state": LetterState.QUEUED, "doubts": Letter.unknown_retries + 1, "due_at": utc_now()}
    session.execute(update(Letter).where(*which).values(again), execution_options=WITHOUT_SYNC)


def _hold_for_person(session: Session, *which: ColumnElement[bool]) -> None:
    _give_up_hidden(session, *which, Letter.kind.in_(STAFF_HIDDEN_KINDS))
    held = {"state": LetterState.HELD, "held_for": HoldReason.DELIVERY_UNKNOWN, "due_at": None}
    session.execute(update(Letter).where(*which).values(held), execution_options=WITHOUT_SYNC)


def _give_up_hidden(session: Session, *which: ColumnElement[bool]) -> None:
    ended = {"state": LetterState.FAILED, "given_up_at": utc_now(), "due_at": None}
    session.execute(update(Letter).where(*which).values(ended), execution_options=WITHOUT_SYNC)
