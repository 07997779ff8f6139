"""A guest is taken off the list, or gives the seat to a colleague. The event and the guest are locked."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import history
from portal.advocates.models import Advocate
from portal.declarations.answers import AnswerRefused
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.events import queries
from portal.events.guest_models import EventAnswer, EventGuest, GuestMove, GuestNeeds, GuestState
from portal.events.history_actions import GuestAction
from portal.events.models import GuestsChanged
from portal.events.queries import LockedGuest
from portal.events.seats import ask_answers, parties, places, seating
from portal.outbox import publish
from tenants.email_addresses import normalize_email
from tenants.models import Membership


@dataclass(frozen=True)
class Colleague:
    name: str
    email: str


def remove(
    session: Session, here: LockedGuest, reason: WithdrawalReason, *, by: Membership | None = None
) -> None:
    """What they held is free for others; done twice it changes nothing."""
    event, guest = here.event, here.guest
    if guest.state is GuestState.REMOVED:
        return
    seating.leave_seats(session, event, guest, GuestMove.REMOVE, by=by)
    parties.follow(session, event, guest)
    places.follow(session, event, guest)
    seating.fill(session, event)
    ask_answers.withdraw(session, guest, reason, by=by)
    publish(session, GuestsChanged((guest.id,)))  # whoever had said yes is told, and calendars are cleared


def give_to_colleague(session: Session, here: LockedGuest, colleague: Colleague) -> None:
    """The row moves with its seats: the colleague's from now on, with a page of their own. Nobody else can open it."""
    event, guest = here.event, here.guest
    if not event.takes_answers or not event.allows_delegates or guest.state is not GuestState.ACCEPTED:
        raise AnswerRefused("This seat can’t be given to somebody else. Nothing was changed.")
    if queries.guest_by_address(session, event.id, colleague.email) is not None:
        raise AnswerRefused("%(name)s has an invitation already. Nothing was changed.", name=colleague.name)
    _end_answer(session, guest)
    _become(session, guest, colleague)
    history.record(session, guest, GuestAction.TRANSFERRED)
    publish(session, GuestsChanged((guest.id,)))


def _end_answer(session: Session, guest: EventGuest) -> None:
    """Who gives the seat away doesn't come; what they said of themselves goes."""
    ask_answers.say_no(session, guest)
    for kind in (GuestNeeds, EventAnswer):
        session.execute(delete(kind).where(kind.guest_id == guest.id))


def _become(session: Session, guest: EventGuest, colleague: Colleague) -> None:
    giver = (
        session.scalar(select(Advocate).where(Advocate.id == guest.advocate_id))
        if guest.advocate_id
        else None
    )
    if giver is not None:
        guest.instead_of_id, guest.account_id, guest.company = giver.id, giver.account_id, giver.company
    guest.advocate_id = guest.ask_id = guest.confirmed_at = None
    guest.name, guest.email = colleague.name, colleague.email.strip()
    guest.email_norm = normalize_email(colleague.email)
    guest.title = guest.note = guest.time_zone = ""
    guest.shows_name = False
    guest.link_version += 1
    session.flush()
