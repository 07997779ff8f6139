"""The emails about times for a call: pick one, offer others. No address crosses to the other side."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.declarations.email_content import CalendarFile, EmailFieldValue, FieldValue, SignedLink
from portal.declarations.email_kinds import EmailKind
from portal.declarations.sample_emails import THURSDAY, TUESDAY, SampleEmail, sample_link
from portal.declarations.sending import send
from portal.i18n import mark
from portal.outreach.messages.actions import supersede
from portal.references import sample_emails
from portal.references.emails import introduction, request_fields
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import time_email_fields
from portal.references.meetings.emails import CALLS, about, recipient
from portal.references.models import Meeting, Side
from portal.safe_text import without_links
from tenants.clock import utc_now

SLOTS_FOR_PROSPECT = EmailKind(
    name="slots_for_prospect",
    label=mark("Times to choose from"),
    sent_when=mark("Sent to the prospect when an advocate offers times."),
    subject=mark("Pick a time to talk to a customer of {{workspace}}"),
    group=CALLS,
    fields=time_email_fields.SLOTS,
    required_links=("slot_link",),
    sample=SampleEmail(
        {
            "prospect": "Initech",
            "minutes": 20,
            "slots": [TUESDAY, THURSDAY],
            "rep": "Sam Reed",
            "who": "Ada Lindqvist, VP IT, Nordbank",
        },
        sample_link("slot", CallLinkPurpose.SLOT),
    ),
    signature_field="rep",
    is_time_sensitive=True,
)
NEW_TIMES = EmailKind(
    name="new_times",
    label=mark("Request for other times"),
    sent_when=mark("Sent to the advocate when none of the offered times works for the prospect."),
    subject=mark("Could you offer {{prospect}} other times?"),
    group=CALLS,
    fields=time_email_fields.NEW_TIMES,
    required_links=("times_link",),
    sample=SampleEmail(
        {**sample_emails.ASK, "note": "Sorry, our CFO is away."}, sample_link("times", CallLinkPurpose.TIMES)
    ),
    is_time_sensitive=True,
)
KINDS = (SLOTS_FOR_PROSPECT, NEW_TIMES)


def slots_key(meeting: Meeting, *, is_again: bool = False) -> str:
    hour = f"{utc_now():%Y%m%d%H}" if is_again else ""
    return f"meeting:{meeting.id}:slots:{meeting.link_version}:{hour}"


def new_times_prefix(meeting: Meeting) -> str:
    return f"meeting:{meeting.id}:times:"


def new_times_key(meeting: Meeting) -> str:
    return f"{new_times_prefix(meeting)}{meeting.link_version}"


def times_reminder_prefix(meeting: Meeting) -> str:
    return f"meeting:{meeting.id}:times again:"


def times_reminder_key(meeting: Meeting) -> str:
    return f"{times_reminder_prefix(meeting)}{meeting.link_version}"


def send_new_times_request(
    session: Session,
    meeting: Meeting,
    note: str,
    *,
    by: str = Side.PROSPECT.value,
    moved_from: datetime | None = None,
    calendar: CalendarFile | None = None,
) -> None:
    more: dict[str, EmailFieldValue] = {"note": without_links(note), "by": by, "moved_from": moved_from}
    _ask_for_times(session, meeting, new_times_key(meeting), more, calendar)


def send_new_times_reminder(session: Session, meeting: Meeting, note: str) -> None:
    _ask_for_times(session, meeting, times_reminder_key(meeting), {"note": note, "again": True})


def no_times_again(session: Session, meeting: Meeting) -> None:
    supersede(session, NEW_TIMES, about(meeting), times_reminder_prefix(meeting))


def _ask_for_times(
    session: Session,
    meeting: Meeting,
    key: str,
    more: dict[str, EmailFieldValue],
    calendar: CalendarFile | None = None,
) -> None:
    send(
        session,
        NEW_TIMES,
        recipient(session, meeting, Side.ADVOCATE),
        key,
        about=about(meeting),
        fields=request_fields(meeting.request) | {"minutes": meeting.minutes} | more,
        links={"times": SignedLink(CallLinkPurpose.TIMES, meeting.id, meeting.link_version)},
        calendar=calendar,
    )


def send_times_to_prospect(
    session: Session,
    meeting: Meeting,
    times: list[datetime],
    *,
    is_again: bool = False,
    moved_from: datetime | None = None,
    calendar: CalendarFile | None = None,
) -> None:
    """Send times with name and company of the advocate, never an address."""
    request = meeting.request
    send(
        session,
        SLOTS_FOR_PROSPECT,
        recipient(session, meeting, Side.PROSPECT),
        slots_key(meeting, is_again=is_again),
        about=about(meeting),
        fields=request_fields(request)
        | {
            "minutes": meeting.minutes,
            "rep": request.requester.name,
            "who": introduction(meeting.ask.advocate),
            "slots": list[FieldValue](times),
            "moved_from": moved_from,
            "are_others": meeting.link_version > 1,
        }
        | _zone(meeting),
        links={"slot": SignedLink(CallLinkPurpose.SLOT, meeting.id, meeting.link_version)},
        calendar=calendar,
    )


def _zone(meeting: Meeting) -> dict[str, EmailFieldValue]:
    return {"time_zone": meeting.prospect_time_zone} if meeting.prospect_time_zone else {}
