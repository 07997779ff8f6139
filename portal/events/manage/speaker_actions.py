"""Speakers: an advocate is asked through the ledger as for any favor, anybody else is written down by name."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import IN_PROGRAM, Advocate
from portal.asks import actions as asks
from portal.asks import calendar_days
from portal.asks import queries as ask_queries
from portal.asks.models import Ask, AskKind, AskState
from portal.errors import Conflict, DomainError
from portal.events.agenda_models import EventSession, EventSpeaker
from portal.events.labels import TAKEN_OFF_THE_LIST
from portal.events.models import Event
from portal.id_arrays import is_one_of
from tenants.email_addresses import normalize_email
from tenants.models import Membership

DAYS_TO_ANSWER = timedelta(days=7)
OPEN = frozenset({AskState.PROPOSED, AskState.SENT, AskState.ACCEPTED})


def advocate_of(session: Session, email: str) -> Advocate:
    mine = select(Advocate).where(
        Advocate.email_norm == normalize_email(email), Advocate.state.in_(IN_PROGRAM)
    )
    found = session.scalar(mine)
    if found is None:
        raise DomainError("Nobody in the program has this address. Enter a name instead.")
    return found


def add(session: Session, event: Event, columns: dict[str, str], session_id: UUID | None) -> EventSpeaker:
    """Of a locked event: somebody whom the hosts asked themselves."""
    speaker = EventSpeaker(event_id=event.id, position=_next_position(session, event), **columns)
    speaker.session_id = _known_session(session, event, session_id)
    session.add(speaker)
    session.flush()
    return speaker


def ask_to_speak(
    session: Session,
    event: Event,
    advocate: Advocate,
    topic: str,
    session_id: UUID | None,
    *,
    by: Membership,
    override_reason: str = "",
) -> EventSpeaker:
    """Of a locked event. Windows and rests hold as for a call; one open ask about an event per person."""
    twice = (EventSpeaker.event_id == event.id, EventSpeaker.advocate_id == advocate.id)
    if session.scalar(select(EventSpeaker.id).where(*twice)) is not None:
        raise Conflict("%(name)s was asked to speak already.", name=advocate.name)
    today = calendar_days.today_of(session, advocate)
    due_on = min(today + DAYS_TO_ANSWER, event.starts_at.date())
    ask = asks.propose(session, AskKind.SPEAKING, advocate, event, due_on, why=topic)
    asks.send(session, ask, by, override_reason)
    speaker = EventSpeaker(
        event_id=event.id,
        advocate_id=advocate.id,
        ask_id=ask.id,
        topic=topic,
        position=_next_position(session, event),
    )
    speaker.session_id = _known_session(session, event, session_id)
    session.add(speaker)
    session.flush()
    return speaker


def remove(session: Session, speaker: EventSpeaker, *, by: Membership) -> None:
    """Whoever was asked is told; a confirmed speaker stays a guest."""
    ask = ask_queries.get(session, speaker.ask_id) if speaker.ask_id else None
    speaker.ask_id = None
    session.flush()
    session.delete(speaker)
    if ask is not None and ask.state in OPEN:
        asks.withdraw(session, ask, TAKEN_OFF_THE_LIST, by=by)


def sessions_of(session: Session, event: Event) -> list[tuple[str, str]]:
    rows = select(EventSession.id, EventSession.title).where(EventSession.event_id == event.id)
    return [(str(one), title) for one, title in session.execute(rows.order_by(EventSession.starts_at))]


def asks_of(session: Session, ids: list[UUID]) -> dict[UUID, Ask]:
    return {ask.id: ask for ask in session.scalars(select(Ask).where(Ask.id == is_one_of(ids)))}


def _known_session(session: Session, event: Event, session_id: UUID | None) -> UUID | None:
    if session_id is None:
        return None
    mine = (EventSession.id == session_id, EventSession.event_id == event.id)
    return session.scalar(select(EventSession.id).where(*mine))


def _next_position(session: Session, event: Event) -> int:
    last = session.scalar(select(func.max(EventSpeaker.position)).where(EventSpeaker.event_id == event.id))
    return 0 if last is None else last + 1
