"""The emails about one call: pick a time, offer others, agreed, soon, off. Addresses never cross to the other side."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.outreach.email_content import CalendarFile, FieldValue, PageLink, Recipient, SignedLink
from portal.outreach.email_kinds import EmailKind
from portal.outreach.messages.actions import supersede
from portal.outreach.messages.compose import compose
from portal.outreach.sequences.actions import start_run
from portal.outreach.sequences.default_sequences import MEETING_REMINDERS, ensure_default_sequence
from portal.references import reply_to
from portal.references.emails import EmailFieldValue, introduction, request_fields
from portal.references.link_purposes import CallLinkPurpose
from portal.references.models import Meeting, MeetingAnswer, Side
from portal.safe_text import without_links

AGAIN = "times again"
LINK_PURPOSES = {Side.ADVOCATE: CallLinkPurpose.CALL, Side.PROSPECT: CallLinkPurpose.SLOT}  # of a call


def recipient(session: Session, meeting: Meeting, side: Side) -> Recipient:
    """Whoever replies reaches the rep."""
    rep = reply_to.reply_to_for_call(session, meeting, side)
    if side is Side.PROSPECT:
        return Recipient(meeting.prospect_email, meeting.prospect_name, reply_to=rep)
    advocate = meeting.ask.advocate
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id, reply_to=rep)


def send_new_times_request(
    session: Session,
    meeting: Meeting,
    note: str,
    *,
    by: str = Side.PROSPECT.value,
    moved_from: datetime | None = None,
    calendar: CalendarFile | None = None,
) -> None:
    """To the advocate: none of the times works, or the call has to move. `by`: the side that wants it, if one does."""
    more: dict[str, EmailFieldValue] = {"note": without_links(note), "by": by, "moved_from": moved_from}
    _ask_for_times(session, meeting, "times", more, calendar)


def send_new_times_reminder(session: Session, meeting: Meeting, note: str) -> None:
    """A reminder, once: times were asked for days ago, and there are none yet."""
    _ask_for_times(session, meeting, AGAIN, {"note": note, "again": True})


def no_times_again(session: Session, meeting: Meeting) -> None:
    """The times are there: a reminder that has not left never does."""
    about_it = (meeting.__tablename__, meeting.id)
    supersede(session, EmailKind.NEW_TIMES, about_it, f"meeting:{meeting.id}:{AGAIN}:")


def _ask_for_times(
    session: Session,
    meeting: Meeting,
    occasion: str,
    more: dict[str, EmailFieldValue],
    calendar: CalendarFile | None = None,
) -> None:
    compose(
        session,
        EmailKind.NEW_TIMES,
        recipient(session, meeting, Side.ADVOCATE),
        f"meeting:{meeting.id}:{occasion}:{meeting.link_version}",
        about=(meeting.__tablename__, meeting.id),
        fields=request_fields(meeting.request) | {"minutes": meeting.minutes} | more,
        links={"times": SignedLink(CallLinkPurpose.TIMES, meeting.id, meeting.link_version)},
        calendar=calendar,
    )


def send_times_to_prospect(
    session: Session,
    meeting: Meeting,
    times: list[datetime],
    *,
    again: str = "",
    moved_from: datetime | None = None,
    calendar: CalendarFile | None = None,
) -> None:
    """To the prospect: pick one of these. Name and company of the advocate, never an address."""
    request = meeting.request
    compose(
        session,
        EmailKind.SLOTS_FOR_PROSPECT,
        recipient(session, meeting, Side.PROSPECT),
        f"meeting:{meeting.id}:slots:{meeting.link_version}:{again}",
        about=(meeting.__tablename__, meeting.id),
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


def send_new_link(session: Session, meeting: Meeting, side: Side, hour: str) -> None:
    """To one side of a call: the page where it can be changed."""
    is_prospect = side is Side.PROSPECT
    whom = introduction(meeting.ask.advocate) if is_prospect else meeting.request.prospect
    compose(
        session,
        EmailKind.NEW_LINK,
        recipient(session, meeting, side),
        f"meeting:{meeting.id}:link:{meeting.link_version}:{hour}",
        about=(meeting.__tablename__, meeting.id),
        fields={"what": f"your call with {whom}"},
        links={"page": SignedLink(LINK_PURPOSES[side], meeting.id, meeting.link_version)},
    )


def send_meeting_email(
    session: Session,
    kind: EmailKind,
    meeting: Meeting,
    answer: MeetingAnswer,
    occasion: str,
    fields: dict[str, EmailFieldValue],
    calendar: CalendarFile | None = None,
    valid_until: datetime | None = None,
) -> None:
    """To one side of a call: agreed, soon, off, how was it."""
    compose(
        session,
        kind,
        recipient(session, meeting, answer.side),
        f"meeting:{meeting.id}:{occasion}:{answer.side}",
        about=(Meeting.__tablename__, meeting.id),
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
    """To one side: a word before the call, at the times of the workspace's sequence; for another time anew."""
    if meeting.starts_at is not None:
        start_run(
            session,
            ensure_default_sequence(session, MEETING_REMINDERS),
            recipient(session, meeting, answer.side),
            about=(Meeting.__tablename__, meeting.id),
            anchor_at=meeting.starts_at,
            fields=fields,
            links=_links(meeting, answer),
            time_zone=time_zone,
        )


def _links(meeting: Meeting, answer: MeetingAnswer) -> dict[str, SignedLink | PageLink]:
    """`call`: the page of this side, where the call can be moved or called off."""
    return {
        "call": SignedLink(LINK_PURPOSES[answer.side], meeting.id, meeting.link_version),
        "after_call": SignedLink(CallLinkPurpose.AFTER_CALL, answer.id, answer.link_version),
        "calendar": SignedLink(CallLinkPurpose.CALENDAR, answer.id, answer.link_version),
    }
