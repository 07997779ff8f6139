"""What a guest does: answer, change the answer, give the seat to a colleague. The event is locked, then the guest."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, ConsentSource
from portal.advocates.record_consents import actions as record_consents
from portal.advocates.record_consents.models import ConsentHolder
from portal.events import queries
from portal.events.guest_models import EventAnswer, EventGuest, GuestNeeds
from portal.events.guests import guest_rows
from portal.events.guests.given import Details, GivenAnswer
from portal.events.guests.labels import Answer
from portal.events.models import GuestsChanged
from portal.events.queries import LockedGuest
from portal.events.seats import answers, leaving
from portal.events.seats.answers import JUST_YES, Yes
from portal.events.seats.leaving import Colleague
from portal.outbox import publish


def answer(session: Session, here: LockedGuest, given: GivenAnswer, network_address: str = "") -> None:
    if given.answer is Answer.NO:
        answers.say_no(session, here)
    elif given.answer is Answer.MAYBE:
        answers.say_maybe(session, here)
    else:
        _say_yes(session, here, given.details, network_address)


def _say_yes(session: Session, here: LockedGuest, details: Details | None, network_address: str) -> None:
    if details is None:
        answers.say_yes(session, here, JUST_YES)
        return
    # whoever has a plan for their sessions is asked for all of them; an event without any asks for none
    answers.say_yes(session, here, Yes(plus_ones=details.plus_ones, sessions=details.sessions))
    _write_details(session, here, details)
    _write_consents(session, here, details, network_address)
    if here.event.plus_ones:
        publish(session, GuestsChanged((here.guest.id,)))  # who comes along is told, too


def _write_details(session: Session, here: LockedGuest, details: Details) -> None:
    guest = here.guest
    guest.note, guest.shows_name = details.note, details.shows_name
    if here.event.asks_needs:
        _write_needs(session, guest, details)
    _write_answers(session, guest.id, details.answers)


def _write_needs(session: Session, guest: EventGuest, details: Details) -> None:
    """Nothing is kept of whoever needs nothing."""
    known = guest_rows.needs_of(session, guest.id)
    if not (details.food or details.needs):
        session.execute(delete(GuestNeeds).where(GuestNeeds.guest_id == guest.id))
        return
    session.add(needs := known or GuestNeeds(guest_id=guest.id))
    needs.food, needs.note = list(details.food), details.needs


def _write_answers(session: Session, guest_id: UUID, given: Mapping[UUID, str]) -> None:
    mine = select(EventAnswer).where(EventAnswer.guest_id == guest_id)
    known = {each.question_id: each for each in session.scalars(mine)} if given else {}
    for question_id, text in given.items():
        if (row := known.get(question_id)) is not None:
            row.answer = text
        elif text:
            session.add(EventAnswer(guest_id=guest_id, question_id=question_id, answer=text))


def _write_consents(session: Session, here: LockedGuest, details: Details, network_address: str) -> None:
    """A tick that was there and is gone takes the consent back."""
    event, guest = here.event, here.guest
    if not (event.photo_text_id or event.recording_text_id):
        return
    holder = _holder(session, guest)
    for text, has in guest_rows.consent_texts(session, event, guest):
        wants = text.id in details.consent_text_ids
        if wants and not has:
            record_consents.give(session, holder, event, text, ConsentSource.OWN_PAGE, network_address)
        elif has and not wants:
            record_consents.withdraw(
                session, holder, event, text.kind, ConsentSource.OWN_PAGE, network_address
            )


def _holder(session: Session, guest: EventGuest) -> ConsentHolder:
    if guest.advocate_id is None:
        return ConsentHolder(guest.email, contact_id=guest.id)
    return ConsentHolder.of(session.scalars(select(Advocate).where(Advocate.id == guest.advocate_id)).one())


def take_place(session: Session, guest_id: UUID, session_id: UUID) -> None:
    """In a session that they waited for."""
    answers.take_place(session, queries.lock_guest(session, guest_id), session_id)


def give_away(session: Session, guest_id: UUID, colleague: Colleague) -> None:
    """Whoever gave it gets a file that clears their calendar; the row is the colleague's from now on."""
    leaving.give_to_colleague(session, queries.lock_guest(session, guest_id), colleague)
