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

from portal.gateways.mail import WAYS, Settling
from portal.inbox import ReceivedEvent
from portal.outreach.claims import LATER, SILENTLY
from portal.outreach.kinds import HIDDEN
from portal.outreach.models import Hold, Letter, LetterState
from tenants.clock import utc_now

ONCE_MORE = 1  # tries without knowing
LAPSED = (
    "The worker that was sending it stopped before the mail server's answer was kept. It may have arrived."
)
UNHEARD = "No news of it came from the mail server, though it may have arrived."
LOOKS = 20  # between two looks: a share of the time a letter waits for news


def settle(session: Session, queue: str, *, doubt: timedelta, silence: timedelta) -> None:
    """`doubt`: how long news may take; `silence`: how long to wait for news of any letter at all."""
    if not session.scalar(select(_in_doubt(queue).exists())):
        return
    _lapse(session, queue, doubt)
    for name, way in WAYS.items():
        mine = (*_unknown(queue), Letter.gateway == name)
        if way is Settling.AGAIN:
            _once_more(session, *mine, Letter.tries <= len(LATER))
        elif way is Settling.EVENTS:
            _by_news(session, mine, doubt, silence)
    others = [name for name, way in WAYS.items() if way is Settling.EVENTS]
    _to_a_person(session, *_unknown(queue), Letter.gateway.not_in(others))


def _in_doubt(queue: str) -> Any:
    waits = (Letter.state.in_((LetterState.SENDING, LetterState.UNKNOWN)), Letter.due_at <= utc_now())
    return select(Letter.id).where(Letter.queue == queue, *waits)


def _unknown(queue: str) -> tuple[ColumnElement[bool], ...]:
    return Letter.queue == queue, Letter.state == LetterState.UNKNOWN, Letter.due_at <= utc_now()


def _lapse(session: Session, queue: str, doubt: timedelta) -> None:
    """Their worker fell. Only news can take long; the others are settled at once."""
    lapsed = (Letter.queue == queue, Letter.state == LetterState.SENDING, Letter.lease_until < utc_now())
    by_news = Letter.gateway.in_([name for name, way in WAYS.items() if way is Settling.EVENTS])
    unknown = {"state": LetterState.UNKNOWN, "lease_until": None, "in_doubt": True, "why": LAPSED}
    for which, when in ((by_news, utc_now() + doubt), (~by_news, utc_now())):
        values = unknown | {"due_at": when}
        session.execute(update(Letter).where(*lapsed, which).values(values), execution_options=SILENTLY)


def _by_news(
    session: Session, mine: tuple[ColumnElement[bool], ...], doubt: timedelta, silence: timedelta
) -> None:
    _end(session, *mine, Letter.kind.in_(HIDDEN))
    _once_more(session, *mine, _passed_over(doubt), Letter.doubts < ONCE_MORE)
    too_long = Letter.claimed_at < utc_now() - silence
    _to_a_person(session, *mine, or_(_passed_over(doubt), too_long))
    look_again = {"due_at": utc_now() + doubt / LOOKS}
    session.execute(update(Letter).where(*mine).values(look_again), execution_options=SILENTLY)


def _passed_over(doubt: timedelta) -> ColumnElement[bool]:
    """A letter that left later by the same account was heard of, at a time when this one should have been, too.

    News of it that came and was not read yet counts as well.
    """
    later = aliased(Letter)
    heard = (
        later.gateway == Letter.gateway,
        later.account == Letter.account,
        later.claimed_at > Letter.claimed_at,
        later.heard_at > Letter.claimed_at + doubt,
    )
    unread = (
        ReceivedEvent.handled_at.is_(None),
        ReceivedEvent.payload["letter"].astext == cast(Letter.id, Text),
    )
    return and_(
        select(later.id).where(*heard).correlate(Letter).exists(),
        ~select(ReceivedEvent.id).where(*unread).correlate(Letter).exists(),
    )


def _once_more(session: Session, *which: ColumnElement[bool]) -> None:
    again = {"state": LetterState.QUEUED, "doubts": Letter.doubts + 1, "due_at": utc_now()}
    session.execute(update(Letter).where(*which).values(again), execution_options=SILENTLY)


def _to_a_person(session: Session, *which: ColumnElement[bool]) -> None:
    _end(session, *which, Letter.kind.in_(HIDDEN))
    held = {"state": LetterState.HELD, "held_for": Hold.DOUBT, "due_at": None}
    session.execute(update(Letter).where(*which).values(held), execution_options=SILENTLY)


def _end(session: Session, *which: ColumnElement[bool]) -> None:
    ended = {"state": LetterState.FAILED, "given_up_at": utc_now(), "due_at": None}
    session.execute(update(Letter).where(*which).values(ended), execution_options=SILENTLY)
