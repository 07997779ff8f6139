"""Calendar files (RFC 5545, 5546): one UID for the whole life of a call or an event, one file per recipient.

A file names the workspace as organizer and its own recipient as the only attendee, so nobody learns the address of
another. A feed is for whoever subscribes to it, so it names nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from tenants.email_addresses import InvalidDomain, ascii_email

PRODUCT = "-//Goodword//Goodword//EN"
YEAR = timedelta(days=366)
MOST_BYTES = 75  # of a row


class CalendarMethod(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"  # a feed: nobody is invited


@dataclass(frozen=True, kw_only=True)
class CalendarParty:
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """`sequence` is raised when start, end or place change, and by a cancellation: calendars take only a higher one."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str  # the reader's
    title: str
    text: str
    place: str
    stamped_at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class CalendarInvitation(CalendarEntry):
    method: CalendarMethod
    organizer: CalendarParty
    attendee: CalendarParty


def render_calendar_file(invitation: CalendarInvitation) -> bytes:
    event = _event(invitation, is_off=invitation.method is CalendarMethod.CANCEL)
    organizer = invitation.organizer
    event.organizer = vCalAddress.new(_mailbox(organizer), cn=organizer.name or None)
    event.attendees = [_attendee(invitation)]
    return _render(invitation.method, [event], [invitation])


def render_calendar_feed(name: str, entries: Sequence[CalendarEntry]) -> bytes:
    events = [_event(entry, is_off=entry.is_cancelled) for entry in entries]
    return _render(CalendarMethod.PUBLISH, events, entries, name)


def _render(
    method: CalendarMethod, events: Sequence[Event], entries: Sequence[CalendarEntry], name: str = ""
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    days = [entry.starts_at.date() for entry in entries]
    if days:
        calendar.add_missing_timezones(first_date=min(days) - YEAR, last_date=max(days) + YEAR)
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, *, is_off: bool) -> Event:
    zone = ZoneInfo(entry.time_zone)
    event = Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        start=entry.starts_at.astimezone(zone),
        end=entry.ends_at.astimezone(zone),
        stamp=entry.stamped_at.astimezone(UTC),
        summary=entry.title,
        description=entry.text or None,
        location=entry.place or None,
    )
    # whoever reads it has agreed already, so the time is confirmed, or it is off
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
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


def blank(name: str) -> str:
    """What stands in a file for a signed link, until the email that carries it is sent."""
    return f"{{{{{name}_link}}}}"


def fill_blanks(content: str, addresses: Mapping[str, str]) -> str:
    """Lines are folded anew: an address is longer than its blank."""
    if "{{" not in content.replace("\r\n ", ""):
        return content
    whole = content.replace("\r\n ", "")
    for name, address in addresses.items():
        whole = whole.replace(blank(name), address)
    return "\r\n".join(_folded(line) for line in whole.split("\r\n"))


def _folded(line: str) -> str:
    """At most 75 bytes in a row, and no letter cut in two (RFC 5545, 3.1)."""
    rows, row = [], ""
    for letter in line:
        if len((row + letter).encode()) > MOST_BYTES:
            rows.append(row)
            row = " "
        row += letter
    return "\r\n".join([*rows, row])
