"""Registration by people we may not know: one email, and nothing counts before the POST behind its link.

What the page and the email say is the same for every address, known or not. A stranger who types somebody else's
address causes one email there, however often.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.email_domains import account_of_address
from portal.advocates.models import Advocate
from portal.events import queries
from portal.events.guest_models import EventGuest, GuestSource, GuestState
from portal.events.guests import sending
from portal.events.models import Event
from portal.events.seats import registrations
from portal.events.seats.registrations import Contact
from portal.signin import stranger_email_limits
from portal.time_zones import TIME_ZONES

LONGEST = 1000  # letters; the form has its own limits for what people type


def register(session: Session, event: Event, form: Any, network_address: str) -> None:
    _register(session, event, _contact(form), GuestSource.REGISTERED, network_address)


def register_forwarded(session: Session, event: Event, form: Any, network_address: str) -> None:
    """By the link of somebody else, who stays as they are."""
    _register(session, event, _contact(form), GuestSource.FORWARDED, network_address)


def _register(
    session: Session, event: Event, contact: Contact, source: GuestSource, network_address: str
) -> None:
    stranger_email_limits.require_source_allowance(session, network_address)
    locked = queries.lock_event(session, event.id)
    guest = registrations.register(session, locked, contact, source)
    if sending.was_asked_to_confirm(session, guest):
        return  # whoever typed it again, or somebody else: the email is there
    if stranger_email_limits.count_to_stranger(session, contact.email):
        sending.send_registration(session, locked, guest, contact)


def _contact(form: Any) -> Contact:
    """What a hidden field says may be anything."""
    fields = {name: str(field.data or "")[:LONGEST] for name, field in form._fields.items()}
    if fields.get("time_zone") not in TIME_ZONES:
        fields["time_zone"] = ""
    return Contact(**{name: fields[name] for name in Contact.__dataclass_fields__ if name in fields})


def confirm(session: Session, guest_id: UUID) -> EventGuest:
    """The address is theirs. A second press changes nothing."""
    here = queries.lock_guest(session, guest_id)
    guest = here.guest
    if guest.state is not GuestState.UNCONFIRMED:
        return guest
    if (advocate := _advocate_of(session, guest)) is not None:
        _become(guest, advocate)
    account_id = guest.account_id or account_of_address(session, guest.email)
    guest.is_prospect = account_id is None
    registrations.confirm(session, here, account_id=account_id)
    return guest


def _advocate_of(session: Session, guest: EventGuest) -> Advocate | None:
    """Whoever is in the program comes as themselves, with their own clock and page."""
    mine = select(Advocate).where(Advocate.email_norm == guest.email_norm)
    found = session.scalar(mine) if guest.advocate_id is None else None
    return found if found is not None and found.is_in_program else None


def _become(guest: EventGuest, advocate: Advocate) -> None:
    guest.advocate_id, guest.account_id = advocate.id, advocate.account_id
    guest.email, guest.email_norm = "", None
