"""Calendar files (RFC 5545, 5546): one UID for a meeting's whole life, one file per recipient.

A file names the workspace as organizer and its own recipient as the only attendee, so neither side learns the
other's address.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from tenants.email_addresses import InvalidDomain, ascii_email

PRODUCT = "-//Goodword//Goodword//EN"
YEAR = timedelta(days=366)


class CalendarMethod(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class CalendarParty:
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class CalendarInvitation:
    uid: str
    sequence: int
    method: CalendarMethod
    starts_at: datetime
    minutes: int
    time_zone: str  # the recipient's
    title: str
    text: str
    place: str
    organizer: CalendarParty
    attendee: CalendarParty
    stamped_at: datetime


def render_calendar_file(invitation: CalendarInvitation) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method.value)
    calendar.add_component(_event(invitation))
    day = invitation.starts_at.date()
    calendar.add_missing_timezones(first_date=day - YEAR, last_date=day + YEAR)
    return bytes(calendar.to_ical())


def _event(invitation: CalendarInvitation) -> Event:
    starts = invitation.starts_at.astimezone(ZoneInfo(invitation.time_zone))
    ends = (invitation.starts_at + timedelta(minutes=invitation.minutes)).astimezone(starts.tzinfo)
    event = Event.new(
        uid=invitation.uid,
        sequence=invitation.sequence,
        start=starts,
        end=ends,
        stamp=invitation.stamped_at.astimezone(UTC),
        summary=invitation.title,
        description=invitation.text or None,
        location=invitation.place or None,
        organizer=vCalAddress.new(_mailbox(invitation.organizer), cn=invitation.organizer.name or None),
        attendees=[_attendee(invitation)],
    )
    # both sides have agreed already, so the time is confirmed, or it is off
    event.add("status", "CANCELLED" if invitation.method is CalendarMethod.CANCEL else "CONFIRMED")
    return event


def _attendee(invitation: CalendarInvitation) -> vCalAddress:
    party = invitation.attendee
    return vCalAddress.new(
        _mailbox(party), cn=party.name or None, role="REQ-PARTICIPANT", partstat="ACCEPTED", rsvp=False
    )


def _mailbox(party: CalendarParty) -> str:
    """With its domain as mail servers write it: calendars answer to what stands here."""
    try:
        return ascii_email(party.email)
    except InvalidDomain:
        return party.email
