"""What guests are told after something changed, in a worker: each email has a key, so telling twice writes once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.advocates.models import Advocate
from portal.calendar_file import CalendarMethod
from portal.declarations.email_content import EmailFieldValue
from portal.events import email_keys
from portal.events.guest_models import EventGuest, GuestState, PlaceState, SessionPlace
from portal.events.guests import emails, guest_rows, sending
from portal.events.guests.email_fields import Noted, OffReason
from portal.events.guests.models import GuestsOfCancelledEvent
from portal.events.models import (
    AnswersAskedAgain,
    Event,
    EventCancelled,
    EventMoved,
    EventState,
    GuestsChanged,
    SeatsCalled,
)
from portal.events.seats.offer_times import UNTAKEN_FOR
from portal.id_arrays import is_one_of
from portal.outbox import publish
from portal.outreach.messages.actions import supersede
from portal.outreach.sequences.actions import (
    move_anchors,
    start_run,
    stop_for_subjects,
)
from portal.outreach.sequences.default_sequences import ensure_default_sequence
from portal.outreach.sequences.models import StopReason
from tenants.clock import utc_now

S, G = GuestState, EventGuest
STANDING_BY_STATE = {
    S.ACCEPTED: emails.CONFIRMED,
    S.WAITLISTED: emails.WAITLISTED,
    S.OFFERED: emails.OFFER,
    S.CANCELLED: emails.CANCELLED,
    S.REMOVED: emails.CANCELLED,
}
STANDING = (
    emails.CONFIRMED,
    emails.WAITLISTED,
    emails.OFFER,
    emails.SEAT_CALL,
    emails.CANCELLED,
)
TOLD_OF_CHANGES = (S.ACCEPTED, S.MAYBE, S.WAITLISTED, S.OFFERED)
AT_ONCE = 200  # guests whose rows are in memory together


def after_guests_changed(session: Session, message: GuestsChanged) -> None:
    """They, and who comes along with them. Starting reminders and stopping others are two units of work."""
    mine = G.id == is_one_of(list(message.guest_ids))
    theirs = G.host_id == is_one_of(list(message.guest_ids))
    guests = [guest for guest in _guests(session, mine | theirs) if _is_ahead(guest.event)]
    coming = [guest for guest in guests if guest.state is S.ACCEPTED]
    others = [guest for guest in guests if guest.state is not S.ACCEPTED]
    if others and coming:
        publish(session, GuestsChanged(tuple(guest.id for guest in coming)))
    elif coming:
        _tell_coming(session, coming)
    _tell_others(session, others)


def _is_ahead(event: Event) -> bool:
    """Of an event that is off or has begun nobody hears."""
    return event.state is EventState.OPEN and not guest_rows.has_begun(event)


def _tell_coming(session: Session, guests: Sequence[EventGuest]) -> None:
    """Runs of reminders are locked before emails."""
    for guest in guests:
        start_reminders(session, guest)
    for guest in guests:
        tell(session, guest)


def _tell_others(session: Session, guests: Sequence[EventGuest]) -> None:
    if guests:
        stop_for_subjects(session, G.__tablename__, [guest.id for guest in guests], StopReason.WITHDRAWN)
    for guest in guests:
        tell(session, guest)


def tell(session: Session, guest: EventGuest) -> None:
    """How it stands now, whatever the message was about."""
    _supersede_earlier(session, guest)
    if (teller := TELLERS.get(guest.state)) is not None:
        teller(session, guest)


def _supersede_earlier(session: Session, guest: EventGuest) -> None:
    """What waits to leave must not arrive after what is true now."""
    for kind in STANDING:
        if kind is not STANDING_BY_STATE.get(guest.state):
            begins = sending.off_key(guest) if kind is emails.CANCELLED else ""
            supersede(session, kind, sending.about(guest), begins)


def _accepted(session: Session, guest: EventGuest) -> None:
    more: dict[str, EmailFieldValue] = {"brought_by": _brought_by(session, guest)}
    key, until = email_keys.answer_key(guest), guest.event.starts_at
    sending.send_to_guest(
        session, emails.CONFIRMED, guest, key, more=more, method=CalendarMethod.REQUEST, until=until
    )
    _offer_places(session, guest)


def start_reminders(session: Session, guest: EventGuest) -> None:
    if guest.address:
        start_run(
            session,
            ensure_default_sequence(session, emails.EVENT_REMINDERS),
            sending.recipient(guest),
            about=sending.about(guest),
            anchor_at=guest.event.starts_at,
            fields=sending.guest_fields(session, guest),
            links=sending.guest_links(guest),
            time_zone=str(sending.guest_fields(session, guest)["time_zone"]),
        )


def _brought_by(session: Session, guest: EventGuest) -> str:
    if guest.host_id is None:
        return ""
    return _guests_of(session, [guest.host_id])[0].full_name


def _offer_places(session: Session, guest: EventGuest) -> None:
    P = SessionPlace  # noqa: N806
    offered = select(P).where(P.guest_id == guest.id, P.state == PlaceState.OFFERED)
    for place in session.scalars(offered.options(joinedload(P.session))):
        more: dict[str, EmailFieldValue] = {"session": place.session.title}
        until = min((place.offered_at or utc_now()) + UNTAKEN_FOR, place.session.starts_at)
        key = email_keys.place_offer_key(place)
        sending.send_to_guest(session, emails.PLACE_OFFER, guest, key, more=more, until=until)


def _waitlisted(session: Session, guest: EventGuest) -> None:
    """Whose seat was taken back had said yes before."""
    if guest.accepted_at is not None and guest.waitlisted_at is None:
        _off(session, guest, OffReason.SEAT_TAKEN_BACK)
        return
    more: dict[str, EmailFieldValue] = {"number": guest_rows.waiting_before(session, guest) + 1}
    key, until = email_keys.answer_key(guest), guest.event.starts_at
    sending.send_to_guest(session, emails.WAITLISTED, guest, key, more=more, until=until)


def _offered(session: Session, guest: EventGuest) -> None:
    """One that no provider took by then has passed on."""
    if guest.offered_at is not None:
        until = min(guest.offered_at + UNTAKEN_FOR, guest.event.starts_at)
        sending.send_to_guest(session, emails.OFFER, guest, email_keys.offer_key(guest), until=until)


def _noted(what: Noted) -> Callable[[Session, EventGuest], None]:
    def note(session: Session, guest: EventGuest) -> None:
        key = email_keys.lapsed_key(guest) if what is Noted.LAPSED else email_keys.answer_key(guest)
        sending.send_to_guest(session, emails.NOTED, guest, key, more={"noted": what.value})

    return note


def _cancelled(session: Session, guest: EventGuest) -> None:
    _off(session, guest, OffReason.YOU_CANNOT)


def _removed(session: Session, guest: EventGuest) -> None:
    """Whoever had said yes; nobody else learns of a list."""
    if guest.accepted_at is not None:
        _off(session, guest, OffReason.REMOVED)


def _off(session: Session, guest: EventGuest, reason: OffReason, note: str = "") -> None:
    """Calendars are cleared of those who were in them."""
    had_seat = guest.accepted_at is not None
    more: dict[str, EmailFieldValue] = {"off": reason.value, "reason": note, "clears_calendar": had_seat}
    method = CalendarMethod.CANCEL if had_seat else None
    sending.send_to_guest(
        session, emails.CANCELLED, guest, sending.cancelled_key(guest, reason), more=more, method=method
    )


TELLERS: dict[GuestState, Callable[[Session, EventGuest], None]] = {
    S.ACCEPTED: _accepted,
    S.WAITLISTED: _waitlisted,
    S.OFFERED: _offered,
    S.MAYBE: _noted(Noted.MAYBE),
    S.REQUESTED: _noted(Noted.REQUESTED),
    S.REFUSED: _noted(Noted.REFUSED),
    S.LAPSED: _noted(Noted.LAPSED),
    S.CANCELLED: _cancelled,
    S.REMOVED: _removed,
}


def after_seats_called(session: Session, message: SeatsCalled) -> None:
    """All who wait are told at once, and the first yes wins."""
    for guest in _guests_of_event(session, message.event_id, [S.WAITLISTED]):
        if guest.event.takes_answers:
            key = email_keys.call_key(guest, guest.event.called_at)
            sending.send_to_guest(session, emails.SEAT_CALL, guest, key, until=guest.event.starts_at)


def after_event_moved(session: Session, message: EventMoved) -> None:
    """A typo reaches nobody; another start, end or place everybody who answered."""
    _move_reminders(session, message.event_id)
    for guest in _guests_of_event(session, message.event_id, TOLD_OF_CHANGES):
        method = CalendarMethod.REQUEST if guest.state is S.ACCEPTED else None
        sending.send_to_guest(session, emails.MOVED, guest, sending.moved_key(guest), method=method)


def _move_reminders(session: Session, event_id: UUID) -> None:
    event = session.scalar(select(Event).where(Event.id == event_id))
    if event is not None:
        ids = session.scalars(select(G.id).where(G.event_id == event_id, G.state == S.ACCEPTED)).all()
        fields = sending.event_fields(event, "")
        common = {name: fields[name] for name in ("event", "starts_at", "ends_at", "place", "is_online")}
        move_anchors(session, G.__tablename__, ids, event.starts_at, common)


def after_answers_asked_again(session: Session, message: AnswersAskedAgain) -> None:
    """The answers stay until they are others."""
    for guest in _guests_of_event(session, message.event_id, TOLD_OF_CHANGES):
        key, more = f"{sending.moved_key(guest)}:again", {"asks_again": True}
        sending.send_to_guest(session, emails.MOVED, guest, key, more=more)


def after_event_cancelled(session: Session, message: EventCancelled) -> None:
    """Asks are withdrawn under locks that come before those of emails, so this is a unit of work of its own."""
    publish(session, GuestsOfCancelledEvent(message.event_id))


def after_guests_lost_event(session: Session, message: GuestsOfCancelledEvent) -> None:
    """Whoever said yes or maybe or waits; the silent hear nothing more, and their reminders stop."""
    ids = session.scalars(select(G.id).where(G.event_id == message.event_id)).all()
    stop_for_subjects(session, G.__tablename__, ids, StopReason.WITHDRAWN)
    for guest in _guests_of_event(session, message.event_id, TOLD_OF_CHANGES):
        _off(session, guest, OffReason.EVENT_OFF, guest.event.cancel_note)


def _guests_of(session: Session, ids: Sequence[UUID]) -> list[EventGuest]:
    return list(_guests(session, G.id == is_one_of(list(ids))))


def _guests_of_event(session: Session, event_id: UUID, states: Iterable[GuestState]) -> Iterator[EventGuest]:
    """Batch by batch, in the order of their ids; of thousands a part is in memory."""
    last: UUID | None = None
    while True:
        mine = (G.event_id == event_id) & G.state.in_(tuple(states))
        batch = list(_guests(session, mine if last is None else mine & (G.id > last), AT_ONCE))
        yield from batch
        if len(batch) < AT_ONCE:
            return
        last = batch[-1].id


def _guests(session: Session, which: object, most: int | None = None) -> Sequence[EventGuest]:
    people = joinedload(G.advocate).joinedload(Advocate.account)
    event = joinedload(G.event).joinedload(Event.host)
    rows = select(G).where(which).options(people, event).order_by(G.id).limit(most)  # type: ignore[arg-type]
    return session.scalars(rows, execution_options={"populate_existing": True}).all()
