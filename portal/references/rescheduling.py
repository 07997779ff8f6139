"""A call is moved or called off: by one of its two sides, by the desk, or because a request ended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks.models import State as AskState
from portal.errors import Conflict
from portal.references import call_emails, invitations, letters, meetings, queries, standing
from portal.references.invitations import Off
from portal.references.models import Meeting, MeetingSlot, MeetingState, Side, State
from portal.safe_text import without_links
from tenants.clock import utc_now

OVER = meetings.OVER


def is_ahead(meeting: Meeting) -> bool:
    """It is set, and has not begun."""
    is_set = meeting.state is MeetingState.SCHEDULED and meeting.starts_at is not None
    return is_set and meeting.starts_at is not None and meeting.starts_at > utc_now()


def none_fits(session: Session, meeting_id: UUID, note: str = "") -> None:
    """Back to the advocate for other times; the email with them has the prospect's new link.

    Pressed again before they have come it changes nothing, and nobody gets another email.
    """
    meeting = queries.locked_meeting(session, meeting_id)
    if _waits_for_times(session, meeting):
        return
    if meeting.state is not MeetingState.OFFERED:
        raise Conflict(
            "A time was picked already, or the call is off. Reload the page to see where it stands."
        )
    _void_times(session, meeting)
    call_emails.new_times(session, meeting, note)
    history.record(session, meeting.request, "no time fits", note=note)
    meetings.tell_rep(session, meeting, "no_time_fits", meeting.link_version, note=without_links(note))


def _waits_for_times(session: Session, meeting: Meeting) -> bool:
    """The advocate was asked for some already."""
    is_without = meeting.state is MeetingState.OFFERED and not queries.slots(session, meeting)
    return is_without or meeting.state is MeetingState.MOVED


def ask_for_another_time(
    session: Session, meeting_id: UUID, side: Side, note: str = "", times: Sequence[datetime] = ()
) -> None:
    """A side that has agreed needs another time. Pressed again it changes nothing.

    The prospect's words are for the advocate, who offers the times; the advocate's are for the rep alone.
    """
    meeting = queries.locked_meeting(session, meeting_id)
    if meeting.state is not MeetingState.SCHEDULED:
        return
    _insist_that_it_lies_ahead(meeting)
    checked = meetings.checked(session, meeting, times) if times else []
    _record(session, meeting, f"{side} needs another time", note)
    _take_off_calendars(session, meeting, _why_moved(side, has_times=bool(checked)))
    if checked:
        _offer_instead(session, meeting, checked)
    else:
        _want_new_times(session, meeting, note if side is Side.PROSPECT else "", side.value)
    standing.settle(session, meeting.request)
    meetings.tell_rep(session, meeting, f"{side}_moves", meeting.link_version, note=without_links(note))


def _why_moved(side: Side, *, has_times: bool) -> dict[Side, Off]:
    """Who gets an email about the old time alone: whoever gets no other one."""
    if side is Side.PROSPECT:
        return {Side.PROSPECT: Off.YOU_MOVED}
    return {Side.ADVOCATE: Off.TIMES_SENT} if has_times else {Side.PROSPECT: Off.MOVING}


def _record(session: Session, meeting: Meeting, what: str, note: str) -> None:
    history.record(session, meeting.request, what, advocate=str(meeting.advocate_id), note=note)


def _insist_that_it_lies_ahead(meeting: Meeting) -> None:
    if not is_ahead(meeting):
        raise Conflict("This call has begun already, so it can't be changed here. We ask you how it went.")


def _take_off_calendars(session: Session, meeting: Meeting, told: dict[Side, Off]) -> None:
    meeting.sequence += 1
    invitations.call_off(session, meeting, told)
    invitations.no_reminder(session, meeting)


def _offer_instead(session: Session, meeting: Meeting, times: list[datetime]) -> None:
    """The advocate brings the new times along: the prospect picks again."""
    moved_from, cancelled = meeting.starts_at, invitations.cancellation(session, meeting, Side.PROSPECT)
    meeting.state, meeting.starts_at = MeetingState.OFFERED, None
    _void_times(session, meeting)
    meetings.replace_slots(session, meeting, times)
    call_emails.slots_for_prospect(session, meeting, times, moved_from=moved_from, calendar=cancelled)


def move(session: Session, meeting: Meeting, note: str = "") -> None:
    """Both want to talk, at another time: the calendar entry goes, new times are asked for."""
    if is_ahead(meeting):
        _take_off_calendars(session, meeting, {Side.PROSPECT: Off.MOVING})
    _want_new_times(session, meeting, note)
    standing.settle(session, meeting.request)
    history.record(session, meeting.request, "call moved", note=note)
    who = standing.name_for_rep(session, meeting.ask)
    meetings.tell_rep(session, meeting, "moved", meeting.link_version, who=who)


def _want_new_times(session: Session, meeting: Meeting, note: str, by: str = "") -> None:
    """From the advocate; where the old time still lay ahead, the same email takes it out of the calendar."""
    ahead = is_ahead(meeting)
    moved_from = meeting.starts_at
    cancelled = invitations.cancellation(session, meeting, Side.ADVOCATE) if ahead else None
    invitations.no_reminder(session, meeting)
    meeting.state = MeetingState.MOVED
    _void_times(session, meeting)
    call_emails.new_times(session, meeting, note, by=by, moved_from=moved_from, calendar=cancelled)


def _void_times(session: Session, meeting: Meeting) -> None:
    """Links to the times so far open nothing any more, and emails about them that have not left never do."""
    session.execute(delete(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id))
    meeting.link_version += 1
    invitations.overtake_times(session, meeting)


def cannot_come(session: Session, meeting_id: UUID, side: Side, note: str = "") -> None:
    """A side can't, at no time: the call is off, and the request looks for somebody else. Again: nothing changes.

    When the prospect can't, the rep must say whether they still want one, and the clock waits for that.
    """
    meeting = queries.locked_meeting(session, meeting_id)
    if meeting.state in OVER:
        return
    if meeting.state is MeetingState.SCHEDULED:
        _insist_that_it_lies_ahead(meeting)
    wanted = meeting.request
    _cancel(session, meeting, _why_off(side))
    if meeting.ask.state is AskState.ACCEPTED:
        asks.miss(session, meeting.ask)
    session.flush()
    standing.settle(session, wanted)
    if side is Side.PROSPECT and wanted.state is State.MATCHING:
        standing.stop_clock(wanted, meetings.STILL_WANTED)
    _record(session, meeting, f"{side} cannot come", note)
    letters.update(
        session, wanted, wanted.requester, f"{side}_cannot_come", str(meeting.id), note=without_links(note)
    )


def _why_off(side: Side) -> dict[Side, Off]:
    other = Side.PROSPECT if side is Side.ADVOCATE else Side.ADVOCATE
    return {side: Off.YOU_CANNOT, other: Off.THEY_CANNOT}


def cancel(session: Session, meeting: Meeting) -> None:
    """The desk or the end of a request calls it off: calendars are cleared, and whoever waits for times hears it."""
    if meeting.state not in OVER:
        _cancel(session, meeting, dict.fromkeys(Side, Off.BY_US))


def _cancel(session: Session, meeting: Meeting, told: dict[Side, Off]) -> None:
    was, meeting.state = meeting.state, MeetingState.CANCELLED
    if was is MeetingState.SCHEDULED:
        _take_off_calendars(session, meeting, told)
    else:
        meeting.starts_at = None  # where a call moved, that time is off already
        invitations.overtake_times(session, meeting)
        invitations.take_back(session, meeting, told)
    session.flush()
