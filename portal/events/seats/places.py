"""Places in sessions: as with seats, never one too many, in order, and offered for a while. The event is locked."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.declarations.answers import AnswerRefused
from portal.events.agenda_models import EventSession
from portal.events.guest_models import (
    EventGuest,
    GuestState,
    PlaceMove,
    PlaceState,
    SessionPlace,
)
from portal.events.models import Event, GuestsChanged
from portal.events.queries import LockedGuest
from portal.events.seats.offer_times import MOST_MISSED_OFFERS
from portal.lifecycle import move
from portal.outbox import publish

Agenda = dict[UUID, EventSession]


def choose(session: Session, here: LockedGuest, picked: Collection[UUID]) -> None:
    """Exactly these: a place where one is free, else a place in its line. Without a seat they are wishes."""
    agenda, mine = _agenda(session, here.event), _places(session, here.guest.id)
    if unknown := set(picked) - agenda.keys():
        raise AnswerRefused("%(count)s of these sessions can’t be picked any more.", count=len(unknown))
    _refuse_overlaps([agenda[one] for one in picked], mine)
    for session_id in mine.keys() - set(picked):
        _give_up(session, here.event, agenda[session_id], mine[session_id])
    for session_id in picked:
        place = mine.get(session_id) or _new_place(session, here.guest, session_id)
        _settle(session, here.guest, agenda[session_id], place)


def follow(session: Session, event: Event, guest: EventGuest) -> None:
    """Wishes become places with the seat; without it every place is free again."""
    mine = _places(session, guest.id)
    agenda = _agenda(session, event) if mine else {}
    for session_id, place in mine.items():
        if guest.state in {GuestState.ACCEPTED, GuestState.WAITLISTED, GuestState.OFFERED}:
            _settle(session, guest, agenda[session_id], place)
        else:
            _give_up(session, event, agenda[session_id], place)


def take(session: Session, here: LockedGuest, session_id: UUID) -> None:
    """What was offered, or is free by now; whatever overlaps it is given up."""
    agenda, place = _agenda(session, here.event), _places(session, here.guest.id).get(session_id)
    taken = agenda.get(session_id)
    if taken is None or place is None or here.guest.state is not GuestState.ACCEPTED:
        raise AnswerRefused("This place isn’t yours to take, so nothing was changed.")
    if place.state is not PlaceState.OFFERED and not _has_room(taken):
        raise AnswerRefused("This session is full, so nothing was changed.")
    _take(session, taken, place)
    for other in _places(session, here.guest.id).values():
        if (
            other.id != place.id
            and other.state is PlaceState.TAKEN
            and _overlap(agenda[other.session_id], taken)
        ):
            _give_up(session, here.event, agenda[other.session_id], other)


def fill(session: Session, event: Event, line: EventSession) -> None:
    """Offer free places to those who wait for this session, in order."""
    session.flush()
    while event.takes_answers and _has_room(line) and (place := _next_in_line(session, line)) is not None:
        line.seats_taken += 1
        move(session, place, PlaceMove.OFFER, columns={"offers": place.offers + 1})
        session.flush()
        publish(session, GuestsChanged((place.guest_id,)))


def leave(session: Session, event: Event, line: EventSession, place: SessionPlace, step: PlaceMove) -> None:
    line.seats_taken -= place.seats_held
    move(session, place, step)
    fill(session, event, line)


def _settle(session: Session, guest: EventGuest, line: EventSession, place: SessionPlace) -> None:
    if guest.state is not GuestState.ACCEPTED:
        if place.state is not PlaceState.WISHED and not place.seats_held:
            move(session, place, PlaceMove.WISH)
    elif place.state in {PlaceState.TAKEN, PlaceState.OFFERED, PlaceState.WAITING}:
        return
    elif _has_room(line):
        _take(session, line, place)
    else:
        line.last_place += 1
        move(session, place, PlaceMove.WAIT, columns={"place": line.last_place})


def _take(session: Session, line: EventSession, place: SessionPlace) -> None:
    line.seats_taken += 1 - place.seats_held
    move(session, place, PlaceMove.TAKE)


def _give_up(session: Session, event: Event, line: EventSession, place: SessionPlace) -> None:
    if place.state is not PlaceState.GIVEN_UP:
        leave(session, event, line, place, PlaceMove.GIVE_UP)


def _has_room(line: EventSession) -> bool:
    return line.seats_free is None or line.seats_free > 0


def _refuse_overlaps(picked: Sequence[EventSession], mine: dict[UUID, SessionPlace]) -> None:
    """One at a time; a full one may be waited for while another is kept."""
    sure = [one for one in picked if _has_room(one) or _is_taken(mine.get(one.id))]
    for place, one in enumerate(sure):
        if any(_overlap(one, other) for other in sure[place + 1 :]):
            raise AnswerRefused("“%(title)s” overlaps another session that you picked.", title=one.title)


def _is_taken(place: SessionPlace | None) -> bool:
    return place is not None and place.state is PlaceState.TAKEN


def _overlap(one: EventSession, other: EventSession) -> bool:
    if one.starts_at == other.starts_at:
        return True
    first, second = sorted((one, other), key=lambda each: each.starts_at)
    return first.ends_at is not None and second.starts_at < first.ends_at


def _agenda(session: Session, event: Event) -> Agenda:
    """Sessions change their places only while their event is locked."""
    mine = select(EventSession).where(EventSession.event_id == event.id, EventSession.is_chosen)
    rows = mine.order_by(EventSession.id).with_for_update(key_share=True)
    found = session.scalars(rows, execution_options={"populate_existing": True})
    return {one.id: one for one in found}


def _places(session: Session, guest_id: UUID) -> dict[UUID, SessionPlace]:
    mine = select(SessionPlace).where(SessionPlace.guest_id == guest_id).order_by(SessionPlace.id)
    found = session.scalars(mine, execution_options={"populate_existing": True})
    return {place.session_id: place for place in found}


def _new_place(session: Session, guest: EventGuest, session_id: UUID) -> SessionPlace:
    place = SessionPlace(session_id=session_id, guest_id=guest.id)
    session.add(place)
    session.flush()
    return place


def _next_in_line(session: Session, line: EventSession) -> SessionPlace | None:
    P = SessionPlace  # noqa: N806
    waits = (P.session_id == line.id, P.state == PlaceState.WAITING, P.missed_offers < MOST_MISSED_OFFERS)
    first = select(P).where(*waits).order_by(P.missed_offers, P.place).limit(1)
    return session.scalar(first.options(joinedload(P.guest)))
