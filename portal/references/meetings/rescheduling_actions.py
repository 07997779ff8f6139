"""A call is moved or called off: by one of its two sides, by the desk, or because a request ended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks.models import AskState
from portal.errors import Conflict
from portal.lifecycle import move
from portal.references import emails as references_emails
from portal.references import queries, request_status
from portal.references.history_actions import RequestAction
from portal.references.meetings import actions, notification_emails, time_emails
from portal.references.meetings.email_fields import CancellationReason
from portal.references.models import (
    Meeting,
    MeetingMove,
    MeetingSlot,
    MeetingState,
    RequestState,
    Side,
    WaitingFor,
)
from portal.references.request_updates import RequestUpdate
from portal.safe_text import without_links
from tenants.clock import utc_now

OVER = actions.ENDED_STATES
ANOTHER_TIME = {  # by whom: the line of the history, and what the rep hears
    Side.ADVOCATE: (RequestAction.ADVOCATE_REQUESTED_ANOTHER_TIME, RequestUpdate.ADVOCATE_MOVES),
    Side.PROSPECT: (RequestAction.PROSPECT_REQUESTED_ANOTHER_TIME, RequestUpdate.PROSPECT_MOVES),
}
CANNOT_COME = {
    Side.ADVOCATE: (RequestAction.ADVOCATE_CANCELLED, RequestUpdate.ADVOCATE_CANNOT_COME),
    Side.PROSPECT: (RequestAction.PROSPECT_CANCELLED, RequestUpdate.PROSPECT_CANNOT_COME),
}


def is_ahead(meeting: Meeting) -> bool:
    is_set = meeting.state is MeetingState.SCHEDULED and meeting.starts_at is not None
    return is_set and meeting.starts_at is not None and meeting.starts_at > utc_now()


def request_other_times(session: Session, meeting_id: UUID, note: str = "") -> None:
    """Ask the advocate for other times, with the prospect's new link in the email.

    Repeated before they have come, it changes nothing and sends nothing.
    """
    meeting = queries.lock_meeting(session, meeting_id)
    if _is_awaiting_times(session, meeting):
        return
    if meeting.state is not MeetingState.OFFERED:
        raise Conflict(
            "A time was already picked, or the call was canceled. Reload the page to see the current status."
        )
    _discard_times(session, meeting)
    time_emails.send_new_times_request(session, meeting, note)
    history.record(session, meeting.request, RequestAction.OTHER_TIMES_REQUESTED, note=note)
    actions.send_rep_update(
        session, meeting, RequestUpdate.NO_TIME_FITS, meeting.link_version, note=without_links(note)
    )


def _is_awaiting_times(session: Session, meeting: Meeting) -> bool:
    """The advocate was asked for some already."""
    is_without = meeting.state is MeetingState.OFFERED and not queries.slots(session, meeting)
    return is_without or meeting.state is MeetingState.MOVED


def request_another_time(
    session: Session, meeting_id: UUID, side: Side, note: str = "", times: Sequence[datetime] = ()
) -> None:
    """Move a call for a side that has agreed.

    Repeated it changes nothing. The prospect's words are for the advocate, who offers the times; the
    advocate's are for the rep alone.
    """
    meeting = queries.lock_meeting(session, meeting_id)
    if meeting.state is not MeetingState.SCHEDULED:
        return
    _ensure_ahead(meeting)
    checked = actions.validated_times(session, meeting, times) if times else []
    action, change = ANOTHER_TIME[side]
    _record(session, meeting, action, note)
    _remove_from_calendars(session, meeting, _move_notices(side, has_times=bool(checked)))
    if checked:
        _offer_instead(session, meeting, checked)
    else:
        _request_new_times(session, meeting, note if side is Side.PROSPECT else "", side.value)
    request_status.sync_status(session, meeting.request)
    actions.send_rep_update(session, meeting, change, meeting.link_version, note=without_links(note))


def _move_notices(side: Side, *, has_times: bool) -> dict[Side, CancellationReason]:
    """Who gets an email about the old time alone: whoever gets no other one."""
    if side is Side.PROSPECT:
        return {Side.PROSPECT: CancellationReason.YOU_MOVED}
    return (
        {Side.ADVOCATE: CancellationReason.TIMES_SENT}
        if has_times
        else {Side.PROSPECT: CancellationReason.MOVING}
    )


def _record(session: Session, meeting: Meeting, action: RequestAction, note: str) -> None:
    history.record(session, meeting.request, action, advocate=str(meeting.advocate_id), note=note)


def _ensure_ahead(meeting: Meeting) -> None:
    if not is_ahead(meeting):
        raise Conflict(
            "This call has already started, so it can’t be changed here. We’ll ask you how it went."
        )


def _remove_from_calendars(
    session: Session, meeting: Meeting, reasons: dict[Side, CancellationReason]
) -> None:
    meeting.sequence += 1
    notification_emails.stop_reminders(session, meeting)
    notification_emails.send_cancellations(session, meeting, reasons)


def _offer_instead(session: Session, meeting: Meeting, times: list[datetime]) -> None:
    """The advocate brings the new times along: the prospect picks again."""
    moved_from, cancelled = (
        meeting.starts_at,
        notification_emails.cancellation_file(session, meeting, Side.PROSPECT),
    )
    move(session, meeting, MeetingMove.OFFER_TIMES)
    meeting.starts_at = None
    _discard_times(session, meeting)
    actions.replace_slots(session, meeting, times)
    time_emails.send_times_to_prospect(session, meeting, times, moved_from=moved_from, calendar=cancelled)


def reopen_for_new_times(session: Session, meeting: Meeting, note: str = "") -> None:
    if is_ahead(meeting):
        _remove_from_calendars(session, meeting, {Side.PROSPECT: CancellationReason.MOVING})
    _request_new_times(session, meeting, note)
    request_status.sync_status(session, meeting.request)
    history.record(session, meeting.request, RequestAction.CALL_MOVED, note=note)
    who = request_status.name_for_rep(session, meeting.ask)
    actions.send_rep_update(session, meeting, RequestUpdate.MOVED, meeting.link_version, who=who)


def _request_new_times(session: Session, meeting: Meeting, note: str, by: str = "") -> None:
    """From the advocate; where the old time still lay ahead, the same email takes it out of the calendar."""
    ahead = is_ahead(meeting)
    moved_from = meeting.starts_at
    cancelled = notification_emails.cancellation_file(session, meeting, Side.ADVOCATE) if ahead else None
    notification_emails.stop_reminders(session, meeting)
    move(session, meeting, MeetingMove.REOPEN)
    _discard_times(session, meeting)
    time_emails.send_new_times_request(
        session, meeting, note, by=by, moved_from=moved_from, calendar=cancelled
    )


def _discard_times(session: Session, meeting: Meeting) -> None:
    """Links to the times so far open nothing any more, and emails about them that have not left never do."""
    session.execute(delete(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id))
    meeting.link_version += 1
    notification_emails.supersede_time_emails(session, meeting)


def cancel_by_side(session: Session, meeting_id: UUID, side: Side, note: str = "") -> None:
    """Cancel for a side that can't at any time, and let the request look for somebody else.

    Safe to repeat. When the prospect can't, the clock waits until the rep says whether they still want a
    call.
    """
    meeting = queries.lock_meeting(session, meeting_id)
    if meeting.state in OVER:
        return
    if meeting.state is MeetingState.SCHEDULED:
        _ensure_ahead(meeting)
    request = meeting.request
    if meeting.ask.state is AskState.ACCEPTED:
        asks.mark_not_held(session, meeting.ask)
    _cancel(session, meeting, _cancellation_notices(side))
    request_status.sync_status(session, request)
    if side is Side.PROSPECT and request.state is RequestState.MATCHING:
        request_status.pause_clock(request, WaitingFor.PROSPECT_UNDECIDED)
    action, change = CANNOT_COME[side]
    _record(session, meeting, action, note)
    references_emails.send_request_update(
        session, request, request.requester, change, str(meeting.id), note=without_links(note)
    )


def _cancellation_notices(side: Side) -> dict[Side, CancellationReason]:
    other = Side.PROSPECT if side is Side.ADVOCATE else Side.ADVOCATE
    return {side: CancellationReason.YOU_CANNOT, other: CancellationReason.THEY_CANNOT}


def cancel(session: Session, meeting: Meeting) -> None:
    if meeting.state not in OVER:
        _cancel(session, meeting, dict.fromkeys(Side, CancellationReason.BY_US))


def _cancel(session: Session, meeting: Meeting, reasons: dict[Side, CancellationReason]) -> None:
    was = meeting.state
    move(session, meeting, MeetingMove.CANCEL)
    if was is MeetingState.SCHEDULED:
        _remove_from_calendars(session, meeting, reasons)
    else:
        meeting.starts_at = None  # where a call moved, that time is off already
        notification_emails.supersede_time_emails(session, meeting)
        notification_emails.send_unscheduled_cancellations(session, meeting, reasons)
    session.flush()
