"""What a guest's page reads, in few questions however large the event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from portal.advocates.models import Advocate
from portal.advocates.record_consents.models import ConsentHolder, RecordConsent, RecordConsentText
from portal.errors import NotFound
from portal.events.agenda_models import EventMaterial, EventSession, EventSpeaker, MaterialMoment
from portal.events.guest_models import (
    EventAnswer,
    EventGuest,
    GuestNeeds,
    GuestState,
    PlaceState,
    SessionPlace,
)
from portal.events.models import Event, EventQuestion
from tenants.clock import utc_now

G = EventGuest
LIMIT = 500  # rows of an agenda, of speakers: no event has more


@dataclass(frozen=True)
class AgendaLine:
    """A session as one guest sees it; `ahead`: how many stand before them, where they wait."""

    session: EventSession
    place: SessionPlace | None
    speakers: Sequence[str] = ()

    @property
    def is_full(self) -> bool:
        return self.session.seats_free is not None and self.session.seats_free < 1 and not self.is_taken

    @property
    def is_taken(self) -> bool:
        return self.state in {PlaceState.TAKEN, PlaceState.OFFERED}

    @property
    def is_picked(self) -> bool:
        return self.state in {PlaceState.TAKEN, PlaceState.OFFERED, PlaceState.WAITING, PlaceState.WISHED}

    @property
    def state(self) -> PlaceState | None:
        return self.place.state if self.place else None


@dataclass(frozen=True)
class AskedQuestion:
    question: EventQuestion
    answer: str


def guest_with_event(session: Session, guest_id: UUID) -> EventGuest:
    people = joinedload(G.advocate).joinedload(Advocate.account)
    host = joinedload(G.event).joinedload(Event.host)
    found = session.scalar(select(G).where(G.id == guest_id).options(people, host))
    if found is None:
        raise NotFound("We couldn’t find this invitation.")
    return found


def agenda(session: Session, event_id: UUID, guest_id: UUID | None = None) -> list[AgendaLine]:
    P, S = SessionPlace, EventSession  # noqa: N806
    mine = and_(P.session_id == S.id, P.guest_id == guest_id)
    rows = select(S, P).outerjoin(P, mine).where(S.event_id == event_id)
    return [
        AgendaLine(line, place)
        for line, place in session.execute(rows.order_by(S.starts_at, S.id).limit(LIMIT))
    ]


def speakers(session: Session, event_id: UUID) -> Sequence[EventSpeaker]:
    rows = select(EventSpeaker).where(EventSpeaker.event_id == event_id)
    whole = rows.options(joinedload(EventSpeaker.advocate).joinedload(Advocate.account))
    return session.scalars(whole.order_by(EventSpeaker.position, EventSpeaker.id).limit(LIMIT)).all()


def questions(session: Session, event_id: UUID, guest_id: UUID | None = None) -> list[AskedQuestion]:
    Q, A = EventQuestion, EventAnswer  # noqa: N806
    mine = and_(A.question_id == Q.id, A.guest_id == guest_id)
    rows = select(Q, A.answer).outerjoin(A, mine).where(Q.event_id == event_id)
    return [
        AskedQuestion(question, answer or "")
        for question, answer in session.execute(rows.order_by(Q.position, Q.id).limit(LIMIT))
    ]


def needs_of(session: Session, guest_id: UUID) -> GuestNeeds | None:
    return session.scalar(select(GuestNeeds).where(GuestNeeds.guest_id == guest_id))


def materials(session: Session, event_id: UUID, moments: Sequence[MaterialMoment]) -> Sequence[EventMaterial]:
    rows = select(EventMaterial).where(EventMaterial.event_id == event_id, EventMaterial.moment.in_(moments))
    return session.scalars(rows.order_by(EventMaterial.position, EventMaterial.id).limit(LIMIT)).all()


def holder_of(guest: EventGuest) -> ConsentHolder:
    if guest.advocate is not None:
        return ConsentHolder.of(guest.advocate)
    return ConsentHolder(guest.email, contact_id=guest.id)


def consent_texts(session: Session, event: Event, guest: EventGuest) -> list[tuple[RecordConsentText, bool]]:
    """The words that this event asks for, and whether this guest agrees to exactly these now."""
    ids = [each for each in (event.photo_text_id, event.recording_text_id) if each is not None]
    if not ids:
        return []
    C, T = RecordConsent, RecordConsentText  # noqa: N806
    mine = (C.advocate_id == guest.advocate_id) if guest.advocate_id else (C.contact_id == guest.id)
    last = select(C.granted).where(C.text_id == T.id, C.subject_id == event.id, mine)
    granted = last.order_by(C.number.desc()).limit(1).correlate(T).scalar_subquery()
    rows = select(T, granted).where(T.id.in_(ids)).order_by(T.kind)
    return [(text, bool(has)) for text, has in session.execute(rows)]


def waiting_before(session: Session, guest: EventGuest) -> int:
    """How many stand before them in line; offers that are open stand before everybody."""
    if guest.place is None:
        return 0
    before = (G.is_priority.desc(), G.place)  # as seats are offered
    line = select(G.id, func.row_number().over(order_by=(G.missed_offers, *before)).label("at")).where(
        G.event_id == guest.event_id, G.state == GuestState.WAITLISTED
    )
    ranked = line.subquery()
    return (session.scalar(select(ranked.c.at).where(ranked.c.id == guest.id)) or 1) - 1


def waiting_before_in_session(session: Session, place: SessionPlace) -> int:
    P = SessionPlace  # noqa: N806
    before = select(func.count()).where(
        P.session_id == place.session_id, P.state == PlaceState.WAITING, P.place < place.place
    )
    return session.scalar(before) or 0


def guests_who_show_their_name(session: Session, event_id: UUID, except_id: UUID) -> list[EventGuest]:
    """Those who come and agreed to be seen by other guests."""
    rows = select(G).where(
        G.event_id == event_id, G.shows_name, G.state == GuestState.ACCEPTED, G.id != except_id
    )
    people = rows.options(joinedload(G.advocate).joinedload(Advocate.account))
    return list(session.scalars(people.order_by(G.accepted_at, G.id).limit(200)))


def has_begun(event: Event, now: datetime | None = None) -> bool:
    return event.starts_at <= (now or utc_now())
