"""Emails whose delivery is unknown. None is sent again blindly: each gateway says how it is resolved.

* A gateway that takes an email once by its id gets it again: a second copy is impossible.
* One that reports events settles it by them. When a later email had an event, and this one had none for long enough,
  it was not taken: one more try. When there are no events at all, a person decides.
* For any other a person decides.

Emails that staff never see, such as links to sign in, end where a person would decide: their links are stale by then,
and whoever waits has asked for another.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.declarations.email_kinds import EMAIL_KINDS
from portal.gateways.mail import UNKNOWN_RESOLUTIONS, UnknownResolution
from portal.inbox import ReceivedEvent
from portal.lifecycle import move_many
from portal.outreach.messages.send_results import RETRY_DELAYS
from portal.outreach.models import Email, EmailMove, EmailState
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC

MAX_UNKNOWN_RETRIES = 1  # tries without knowing
CHECKS_PER_WAIT = 20  # between two looks: a share of the time an email waits for news


def resolve_unknown(
    session: Session, queue: str, *, event_wait: timedelta, max_event_wait: timedelta
) -> None:
    """Settle emails whose delivery is unknown.

    `event_wait`: how long events may take; `max_event_wait`: how long to wait for events of any email.
    """
    if not session.scalar(select(_due_for_check(queue).exists())):
        return
    _expire_leases(session, queue, event_wait)
    for name, resolution in UNKNOWN_RESOLUTIONS.items():
        of_gateway = (*_unknown(queue), Email.gateway == name)
        if resolution is UnknownResolution.RETRY:
            _retry(session, *of_gateway, Email.tries <= len(RETRY_DELAYS))
        elif resolution is UnknownResolution.DELIVERY_EVENTS:
            _resolve_by_events(session, of_gateway, event_wait, max_event_wait)
    others = [
        name
        for name, resolution in UNKNOWN_RESOLUTIONS.items()
        if resolution is UnknownResolution.DELIVERY_EVENTS
    ]
    _hold_for_person(session, *_unknown(queue), Email.gateway.not_in(others))


def _due_for_check(queue: str) -> Any:
    waits = (Email.state.in_((EmailState.SENDING, EmailState.UNKNOWN)), Email.due_at <= utc_now())
    return select(Email.id).where(Email.queue == queue, *waits)


def _unknown(queue: str) -> tuple[ColumnElement[bool], ...]:
    return Email.queue == queue, Email.state == EmailState.UNKNOWN, Email.due_at <= utc_now()


def _expire_leases(session: Session, queue: str, event_wait: timedelta) -> None:
    """Release emails of a worker that died. Only an event can take long; the others are settled at once."""
    lapsed = (Email.queue == queue, Email.lease_until < utc_now())
    by_news = Email.gateway.in_(
        [
            name
            for name, resolution in UNKNOWN_RESOLUTIONS.items()
            if resolution is UnknownResolution.DELIVERY_EVENTS
        ]
    )
    for which, when in ((by_news, utc_now() + event_wait), (~by_news, utc_now())):
        move_many(session, Email, EmailMove.EXPIRE_LEASE, *lapsed, which, columns={"due_at": when})


def _resolve_by_events(
    session: Session, mine: tuple[ColumnElement[bool], ...], event_wait: timedelta, max_event_wait: timedelta
) -> None:
    _give_up_hidden(session, *mine, Email.kind.in_(EMAIL_KINDS.hidden_from_staff))
    _retry(session, *mine, _later_email_reported(event_wait), Email.unknown_retries < MAX_UNKNOWN_RETRIES)
    too_long = Email.claimed_at < utc_now() - max_event_wait
    _hold_for_person(session, *mine, or_(_later_email_reported(event_wait), too_long))
    look_again = {"due_at": utc_now() + event_wait / CHECKS_PER_WAIT}
    session.execute(update(Email).where(*mine).values(look_again), execution_options=WITHOUT_SYNC)


def _later_email_reported(event_wait: timedelta) -> ColumnElement[bool]:
    """Match when a later email by the same account had an event, long enough after this one was sent.

    Events of this one that came and were not read yet count as well.
    """
    later = aliased(Email)
    heard = (
        later.gateway == Email.gateway,
        later.account == Email.account,
        later.claimed_at > Email.claimed_at,
        later.first_event_at > Email.claimed_at + event_wait,
    )
    unread = (
        ReceivedEvent.handled_at.is_(None),
        ReceivedEvent.payload["email_id"].astext == cast(Email.id, Text),
    )
    return and_(
        select(later.id).where(*heard).correlate(Email).exists(),
        ~select(ReceivedEvent.id).where(*unread).correlate(Email).exists(),
    )


def _retry(session: Session, *which: ColumnElement[bool]) -> None:
    again = {"unknown_retries": Email.unknown_retries + 1}
    move_many(session, Email, EmailMove.RETRY_UNKNOWN, *which, columns=again)


def _hold_for_person(session: Session, *which: ColumnElement[bool]) -> None:
    _give_up_hidden(session, *which, Email.kind.in_(EMAIL_KINDS.hidden_from_staff))
    move_many(session, Email, EmailMove.HOLD_UNKNOWN, *which)


def _give_up_hidden(session: Session, *which: ColumnElement[bool]) -> None:
    move_many(session, Email, EmailMove.DROP_UNKNOWN, *which)
