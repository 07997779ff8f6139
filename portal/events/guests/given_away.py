"""The last email to whoever gives the seat to a colleague: it clears their calendar of an entry that isn't theirs."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.calendar_file import CalendarMethod
from portal.declarations.email_content import About, CalendarFile, EmailFieldValue, Recipient
from portal.declarations.sending import send
from portal.events.guest_models import EventGuest
from portal.events.guests import emails, sending
from portal.events.guests.calendar_entries import GuestAddresses, calendar_file
from portal.events.guests.email_fields import OffReason
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason


@dataclass(frozen=True)
class LastEmail:
    """To somebody whose row will be another's: what clears their calendar is made while it is theirs."""

    to: Recipient
    about: About
    key: str
    fields: dict[str, EmailFieldValue]
    calendar: CalendarFile


def last_email_to(session: Session, guest: EventGuest) -> LastEmail:
    content = calendar_file(session, guest, CalendarMethod.CANCEL, GuestAddresses("", ""))
    calendar = CalendarFile(CalendarMethod.CANCEL.value, content.decode())
    to, fields = sending.recipient(guest), sending.guest_fields(session, guest)
    return LastEmail(to, sending.about(guest), sending.given_away_key(guest), fields, calendar)


def send_given_away(session: Session, last: LastEmail, colleague: str) -> None:
    said: dict[str, EmailFieldValue] = {"off": OffReason.GIVEN_AWAY.value, "clears_calendar": True}
    fields = last.fields | said | {"colleague": colleague}
    key = last.key
    stop_for_subject(session, last.about, StopReason.WITHDRAWN)
    send(session, emails.CANCELLED, last.to, key, about=last.about, fields=fields, calendar=last.calendar)
