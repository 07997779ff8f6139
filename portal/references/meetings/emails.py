"""The emails about an agreed call: its time, a word before it, it is off, how was it. No address crosses over."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.declarations.email_content import (
    About,
    CalendarFile,
    EmailFieldValue,
    Recipient,
    SignedLink,
)
from portal.declarations.email_kinds import EmailGroup, EmailKind
from portal.declarations.link_phrases import LinkPhrase
from portal.declarations.merge_fields import MergeContext, MergeField
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sample_emails import TUESDAY, SampleEmail, sample_link
from portal.declarations.sending import send
from portal.i18n import mark
from portal.outreach.emails import NEW_LINK
from portal.outreach.sequences.actions import start_run
from portal.outreach.sequences.default_sequences import ensure_default_sequence
from portal.outreach.sequences.timing import DAY, HOUR, TimeAhead
from portal.references import reply_to, sample_emails
from portal.references.emails import introduction
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import email_fields
from portal.references.models import Meeting, MeetingAnswer, Side
from tenants.clock import utc_now

LINK_PURPOSES = {Side.ADVOCATE: CallLinkPurpose.CALL, Side.PROSPECT: CallLinkPurpose.SLOT}  # of a call
CALLS = EmailGroup(mark("Calls"), 40)
SAMPLE_CALL: dict[str, Any] = {
    "with_whom": "Tom Baker, Initech",
    "starts_at": TUESDAY,
    "minutes": 20,
    "dial_in": "https://meet.example/abc",
    "questions": sample_emails.QUESTIONS,
    "rep": "Sam Reed",
}
SAMPLE_LINKS = sample_link("calendar", CallLinkPurpose.CALENDAR) | sample_link("call", CallLinkPurpose.CALL)
TIME_SET = mark("Confirmed: %(moment)s with %(who)s")
TIME_MOVED = mark("New time: %(moment)s with %(who)s")
REMINDER_SUBJECTS = {
    TimeAhead.HOUR: mark("In an hour: your call with %(who)s"),
    TimeAhead.TODAY: mark("Today, %(clock)s: your call with %(who)s"),
    TimeAhead.DAY: mark("Tomorrow, %(clock)s: your call with %(who)s"),
    TimeAhead.LATER: mark("%(moment)s: your call with %(who)s"),
}
OFF_AT, OFF = mark("Canceled: %(moment)s with %(who)s"), mark("Canceled: your call with %(who)s")


def confirmation_subject(context: MergeContext) -> str:
    return email_fields.meeting_sentence(context, TIME_MOVED if context.get("moved") else TIME_SET)


def reminder_subject(context: MergeContext) -> str:
    return email_fields.meeting_sentence(context, REMINDER_SUBJECTS[email_fields.ahead(context)])


def cancellation_subject(context: MergeContext) -> str:
    return email_fields.meeting_sentence(context, OFF_AT if context["starts_at"] else OFF)


MEETING_CONFIRMED = EmailKind(
    name="meeting_confirmed",
    label=mark("Calendar invitation"),
    sent_when=mark("Sent to both sides when a time is set, with a calendar file."),
    subject="{{headline}}",
    group=CALLS,
    fields=(
        MergeField(
            "headline", mark("Confirmed: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"), confirmation_subject
        ),
        *email_fields.AGREED,
    ),
    sample=SampleEmail(SAMPLE_CALL, SAMPLE_LINKS),
    is_time_sensitive=True,
)
MEETING_REMINDERS = ReminderSequence(
    program="meetings",
    label=mark("Call reminders"),
    description=mark("Both sides get reminders before a call. Moving or canceling the call stops them."),
    delay_text=mark("%(time)s before the call"),
    minutes=(-DAY, -HOUR),
    max_emails=3,
    min_distance=15,
    max_distance=14 * DAY,
)
MEETING_REMINDER = EmailKind(
    name="meeting_reminder",
    label=mark("Reminder"),
    sent_when=mark("Sent to both sides a day and an hour before a call."),
    subject="{{headline}}",
    group=CALLS,
    fields=(
        MergeField(
            "headline", mark("Tomorrow, 15:00 CET: your call with Tom Baker, Initech"), reminder_subject
        ),
        *email_fields.REMINDER,
    ),
    sample=SampleEmail({**SAMPLE_CALL, "ahead": "day"}, SAMPLE_LINKS),
    is_time_sensitive=True,
    reminders=MEETING_REMINDERS,
)
MEETING_CANCELLED = EmailKind(
    name="meeting_cancelled",
    label=mark("Cancellation"),
    sent_when=mark("Sent to both sides when a call is canceled or moved."),
    subject="{{headline}}",
    group=CALLS,
    fields=(
        MergeField(
            "headline", mark("Canceled: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"), cancellation_subject
        ),
        *email_fields.CANCELLED,
    ),
    sample=SampleEmail({**SAMPLE_CALL, "reason": "Initech has decided."}, {}),
    is_time_sensitive=True,
)
AFTER_CALL_QUESTION = EmailKind(
    name="after_call_question",
    label=mark("Feedback after the call"),
    sent_when=mark("Sent to both sides after a call, to ask how it went."),
    subject=mark("How was your call with {{with_whom}}?"),
    group=CALLS,
    fields=email_fields.AFTER_CALL,
    required_links=("after_call_link",),
    sample=SampleEmail(SAMPLE_CALL, sample_link("after_call", CallLinkPurpose.AFTER_CALL)),
    is_time_sensitive=True,
)
CALL = LinkPhrase("call", mark("your call with %(whom)s"))
KINDS = (MEETING_CONFIRMED, MEETING_REMINDER, MEETING_CANCELLED, AFTER_CALL_QUESTION)


def confirmed_key(meeting: Meeting, side: Side) -> str:
    return f"meeting:{meeting.id}:confirmed:{meeting.sequence}:{side}"


def cancelled_key(meeting: Meeting, side: Side) -> str:
    return f"meeting:{meeting.id}:off:{meeting.sequence}:{meeting.link_version}:{side}"


def after_call_key(meeting: Meeting, side: Side) -> str:
    return f"meeting:{meeting.id}:after:{meeting.sequence}:{side}"


def new_link_key(meeting: Meeting) -> str:
    return f"meeting:{meeting.id}:link:{meeting.link_version}:{utc_now():%Y%m%d%H}"


def recipient(session: Session, meeting: Meeting, side: Side) -> Recipient:
    rep = reply_to.reply_to_for_call(session, meeting, side)
    if side is Side.PROSPECT:
        return Recipient(meeting.prospect_email, meeting.prospect_name, reply_to=rep)
    advocate = meeting.ask.advocate
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id, reply_to=rep)


def about(meeting: Meeting) -> About:
    return Meeting.__tablename__, meeting.id


def send_new_link(session: Session, meeting: Meeting, side: Side) -> None:
    is_prospect = side is Side.PROSPECT
    whom = introduction(meeting.ask.advocate) if is_prospect else meeting.request.prospect
    send(
        session,
        NEW_LINK,
        recipient(session, meeting, side),
        new_link_key(meeting),
        about=about(meeting),
        fields={"phrase": CALL.name, "whom": whom},
        links={"page": SignedLink(LINK_PURPOSES[side], meeting.id, meeting.link_version)},
    )


def send_meeting_email(
    session: Session,
    kind: EmailKind,
    meeting: Meeting,
    answer: MeetingAnswer,
    key: str,
    fields: dict[str, EmailFieldValue],
    calendar: CalendarFile | None = None,
    valid_until: datetime | None = None,
) -> None:
    send(
        session,
        kind,
        recipient(session, meeting, answer.side),
        key,
        about=about(meeting),
        fields=fields,
        links=_links(meeting, answer),
        calendar=calendar,
        valid_until=valid_until,
    )


def start_reminders(
    session: Session,
    meeting: Meeting,
    answer: MeetingAnswer,
    fields: dict[str, EmailFieldValue],
    time_zone: str,
) -> None:
    if meeting.starts_at is not None:
        start_run(
            session,
            ensure_default_sequence(session, MEETING_REMINDERS),
            recipient(session, meeting, answer.side),
            about=about(meeting),
            anchor_at=meeting.starts_at,
            fields=fields,
            links=_links(meeting, answer),
            time_zone=time_zone,
        )


def _links(meeting: Meeting, answer: MeetingAnswer) -> dict[str, SignedLink]:
    """`call`: the page of this side, where the call can be moved or called off."""
    return {
        "call": SignedLink(LINK_PURPOSES[answer.side], meeting.id, meeting.link_version),
        "after_call": SignedLink(CallLinkPurpose.AFTER_CALL, answer.id, answer.link_version),
        "calendar": SignedLink(CallLinkPurpose.CALENDAR, answer.id, answer.link_version),
    }
