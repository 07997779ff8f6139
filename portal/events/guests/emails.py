"""The kinds of email that guests get: a receipt for each answer, offers, changes, reminders and a word after the event.

All are transactional: they go to whoever said yes or maybe or waits. Invitations, and reminders to the silent, are
program emails and stand in `portal/events/emails.py`.
"""

from datetime import UTC, datetime
from typing import Any

from portal.declarations.email_kinds import EmailGroup, EmailKind
from portal.declarations.link_phrases import LinkPhrase
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sample_emails import SampleEmail, sample_link
from portal.events.guests import email_fields as fields
from portal.events.link_purposes import EventLinkPurpose
from portal.i18n import mark
from portal.outreach.sequences.timing import DAY, HOUR

GUESTS = EmailGroup(mark("Event guests"), 46)
STARTS, ENDS = datetime(2027, 1, 21, 12, tzinfo=UTC), datetime(2027, 1, 21, 19, 30, tzinfo=UTC)
SAMPLE: dict[str, Any] = {
    "event": "Our user day in Stockholm",
    "starts_at": STARTS,
    "ends_at": ENDS,
    "place": "Kvarnhallen, Hammarbykajen 4, Stockholm",
    "time_zone": "Europe/Stockholm",
    "own_zone": "Europe/Stockholm",
    "is_online": False,
    "from_name": "Dana Okafor",
}
LINKS = {
    "page": EventLinkPurpose.GUEST,
    "calendar": EventLinkPurpose.CALENDAR,
    "join": EventLinkPurpose.JOIN,
    "ticket": EventLinkPurpose.TICKET,
    "feedback": EventLinkPurpose.FEEDBACK,
    "registration": EventLinkPurpose.REGISTRATION,
}


def _sample(**more: Any) -> SampleEmail:
    links = {name: link for name, purpose in LINKS.items() for link in sample_link(name, purpose).values()}
    return SampleEmail(SAMPLE | more, links)


REGISTRATION = EmailKind(
    name="event_registration",
    subject=mark("Please confirm: {{event}}"),
    label=mark("Event: confirm a registration"),
    sent_when=mark("Sent once to an address that was typed on an event’s public page."),
    group=GUESTS,
    fields=fields.REGISTRATION,
    required_links=("registration_link",),
    sample=_sample(),
    is_time_sensitive=True,
)
CONFIRMED = EmailKind(
    name="event_confirmed",
    subject=mark("You’re coming: {{event}}"),
    label=mark("Event: you’re coming"),
    sent_when=mark("Sent to a guest who has a seat, with a calendar file."),
    group=GUESTS,
    fields=fields.CONFIRMED,
    required_links=("page_link",),
    sample=_sample(brought_by="Ada Lindqvist"),
    is_time_sensitive=True,
)
WAITLISTED = EmailKind(
    name="event_waitlisted",
    subject=mark("You’re on the wait list: {{event}}"),
    label=mark("Event: on the wait list"),
    sent_when=mark("Sent to a guest who said yes when all seats were taken."),
    group=GUESTS,
    fields=fields.WAITLISTED,
    required_links=("page_link",),
    sample=_sample(number=4),
    is_time_sensitive=True,
)
OFFER = EmailKind(
    name="event_offer",
    subject=mark("A seat is kept for you: {{event}}"),
    label=mark("Event: a seat is kept for you"),
    sent_when=mark("Sent to the next on the wait list when a seat is free."),
    group=GUESTS,
    fields=fields.OFFER,
    required_links=("page_link",),
    sample=_sample(),
    is_time_sensitive=True,
)
SEAT_CALL = EmailKind(
    name="event_seat_call",
    subject=mark("A seat is free now: {{event}}"),
    label=mark("Event: a seat is free on the last day"),
    sent_when=mark("Sent to everybody on the wait list when a seat is free within a day of the start."),
    group=GUESTS,
    fields=fields.COMMON,
    required_links=("page_link",),
    sample=_sample(),
    is_time_sensitive=True,
)
PLACE_OFFER = EmailKind(
    name="event_place_offer",
    subject=mark("A place is free: {{session}}"),
    label=mark("Event: a place in a session"),
    sent_when=mark("Sent to a guest who waits for a session when a place in it is free."),
    group=GUESTS,
    fields=fields.PLACE_OFFER,
    required_links=("page_link",),
    sample=_sample(session="Moving off Brightbook"),
    is_time_sensitive=True,
)
NOTED = EmailKind(
    name="event_noted",
    subject="{{headline}}",
    label=mark("Event: answer noted"),
    sent_when=mark(
        "Sent after a maybe, after a registration that waits or is refused, and when an offer ran out."
    ),
    group=GUESTS,
    fields=fields.NOTED,
    required_links=("page_link",),
    sample=_sample(noted="maybe"),
    is_time_sensitive=True,
)
CANCELLED = EmailKind(
    name="event_cancelled",
    subject="{{headline}}",
    label=mark("Event: canceled"),
    sent_when=mark(
        "Sent when a guest who had a seat doesn’t come, or the event is off; it clears the calendar."
    ),
    group=GUESTS,
    fields=fields.CANCELLED,
    sample=_sample(off="event_off", clears_calendar=True, reason="Our speaker is ill."),
    is_time_sensitive=True,
)
MOVED = EmailKind(
    name="event_moved",
    subject="{{headline}}",
    label=mark("Event: another time or place"),
    sent_when=mark("Sent to guests when start, end or place change, with a calendar file."),
    group=GUESTS,
    fields=fields.MOVED_FIELDS,
    required_links=("page_link",),
    sample=_sample(asks_again=False),
    is_time_sensitive=True,
)
EVENT_REMINDERS = ReminderSequence(
    program="event_guests",
    label=mark("Event reminders"),
    description=mark(
        "Guests who come get reminders before the event. Whoever can’t come after all gets none."
    ),
    delay_text=mark("%(time)s before the event"),
    minutes=(-7 * DAY, -DAY, -2 * HOUR),
    max_emails=3,
    min_distance=15,
    max_distance=30 * DAY,
)
REMINDER = EmailKind(
    name="event_reminder",
    subject="{{headline}}",
    label=mark("Event: reminder"),
    sent_when=mark("Sent to guests who come a week, a day and two hours before the event."),
    group=GUESTS,
    fields=fields.REMINDER,
    required_links=("page_link",),
    sample=_sample(ahead="day"),
    is_time_sensitive=True,
    reminders=EVENT_REMINDERS,
)
THANKS = EmailKind(
    name="event_thanks",
    subject=mark("How was it? {{event}}"),
    label=mark("Event: how was it?"),
    sent_when=mark("Sent once after the event to everybody who was there."),
    group=GUESTS,
    fields=fields.AFTER,
    required_links=("feedback_link",),
    sample=_sample(),
    is_time_sensitive=True,
)
MISSED = EmailKind(
    name="event_missed",
    subject=mark("We missed you: {{event}}"),
    label=mark("Event: we missed you"),
    sent_when=mark("Sent once after the event to everybody who said yes and wasn’t there."),
    group=GUESTS,
    fields=fields.AFTER,
    required_links=("page_link",),
    sample=_sample(),
    is_time_sensitive=True,
)
KINDS = (
    REGISTRATION,
    CONFIRMED,
    WAITLISTED,
    OFFER,
    SEAT_CALL,
    PLACE_OFFER,
    NOTED,
    CANCELLED,
    MOVED,
    REMINDER,
    THANKS,
    MISSED,
)
YOUR_PAGE = LinkPhrase("event_guest", mark("your page of %(whom)s"))
