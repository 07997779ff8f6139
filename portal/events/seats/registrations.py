"""Guests who come by themselves: they count from the POST behind their emailed link. The event is locked."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.events import queries
from portal.events.guest_models import EventGuest, GuestMove, GuestSource, GuestState
from portal.events.history_actions import GuestAction
from portal.events.models import Event, GuestsChanged, RegistrationMode
from portal.events.queries import LockedGuest
from portal.events.seats import answers
from portal.events.seats.answers import JUST_YES, Yes
from portal.lifecycle import move
from portal.outbox import publish
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tenants.models import Membership


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What a stranger typed; nothing of it is proved before they open the link in their email."""

    name: str
    email: str
    company: str = ""
    title: str = ""
    note: str = ""
    time_zone: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""


def register(
    session: Session, event: Event, contact: Contact, source: GuestSource = GuestSource.REGISTERED
) -> EventGuest:
    """Write down, once for an address. Whoever is a guest already stays as they are: a stranger may have typed it."""
    known = queries.guest_by_address(session, event.id, contact.email)
    if known is not None:
        return known
    guest = EventGuest(event_id=event.id, source=source, email_norm=normalize_email(contact.email))
    for name in Contact.__dataclass_fields__:
        setattr(guest, name, getattr(contact, name))
    session.add(guest)
    session.flush()
    move(session, guest, GuestMove.REGISTER)
    session.flush()
    return guest


def confirm(
    session: Session, here: LockedGuest, *, account_id: UUID | None, yes: Yes = JUST_YES
) -> GuestState:
    """The address is theirs. A customer is in at once; of others a manager decides, where the event says so."""
    guest, now = here.guest, utc_now()
    guest.confirmed_at = guest.confirmed_at or now
    guest.reached_at = guest.reached_at or now
    guest.account_id = guest.account_id or account_id
    if guest.state is not GuestState.UNCONFIRMED:
        return guest.state
    if account_id is None and here.event.registration is not RegistrationMode.EVERYBODY:
        move(session, guest, GuestMove.REQUEST)
        publish(session, GuestsChanged((guest.id,)))
        return guest.state
    return answers.admit(session, here, yes)


def approve(session: Session, here: LockedGuest, *, by: Membership) -> GuestState:
    """Into a seat, or the line."""
    if here.guest.state is not GuestState.REQUESTED:
        raise Conflict("This was decided already. Nothing was changed.")
    history.record(session, here.guest, GuestAction.APPROVED, by=by)
    return answers.admit(session, here, JUST_YES)


def refuse(session: Session, here: LockedGuest, *, by: Membership) -> None:
    move(session, here.guest, GuestMove.REFUSE, by=by)
    publish(session, GuestsChanged((here.guest.id,)))
