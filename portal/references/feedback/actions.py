"""After the call: each side is asked one question, and their answers decide what the call was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks.models import AskState
from portal.errors import Conflict, DomainError
from portal.lifecycle import move
from portal.references import emails, queries, request_status
from portal.references.history_actions import RequestAction
from portal.references.meetings import notification_emails, rescheduling_actions
from portal.references.models import Meeting, MeetingAnswer, MeetingMove, MeetingState, ReferenceRequest, Side
from portal.references.request_updates import RequestUpdate
from portal.references.service_levels import service_levels
from tenants.clock import utc_now
from tenants.models import Membership

DAY = timedelta(days=1)
QUESTION_DELAY = timedelta(hours=2)  # after the end of the call
CALL_OUTCOMES = (MeetingState.HELD, MeetingState.MOVED, MeetingState.NOT_HELD)


def record_answer(
    session: Session, answer_id: UUID, outcome: MeetingState, rating: int | None, text: str
) -> MeetingAnswer:
    """Record what one side says. It decides with the other's, or alone when the other stays silent."""
    answer = queries.answer(session, answer_id)
    meeting = queries.lock_meeting(session, answer.meeting_id)
    session.refresh(answer)
    if meeting.starts_at is None or meeting.starts_at > utc_now():
        raise Conflict("This call hasn’t started yet. Please answer afterward.")
    if answer.answered_at is not None:
        raise Conflict("You’ve already answered. Thank you, nothing more is needed.")
    if meeting.state is not MeetingState.SCHEDULED:
        raise Conflict("The result of this call is already recorded, so nothing more is needed. Thank you.")
    answer.outcome, answer.rating, answer.text, answer.answered_at = outcome, rating, text, utc_now()
    session.flush()
    history.record(
        session,
        meeting.request,
        RequestAction.FEEDBACK_GIVEN,
        side=answer.side.value,
        said=outcome.value,
        rating=rating,
    )
    answers = queries.answers(session, meeting.id)
    if verdict := agreed_outcome(answers):
        apply_call_outcome(session, meeting, verdict)
    elif has_contradiction(answers):
        emails.send_undecided(session, meeting, RequestUpdate.CONTRADICTED)
    return answer


def agreed_outcome(answers: Sequence[MeetingAnswer]) -> MeetingState | None:
    """Return what both say; None while one is silent or they contradict each other."""
    outcomes = {answer.outcome for answer in answers}
    if len(answers) < 2 or None in outcomes:
        return None
    if len(outcomes) == 1:
        return outcomes.pop()
    return MeetingState.MOVED if outcomes == {MeetingState.MOVED, MeetingState.NOT_HELD} else None


def has_contradiction(answers: Sequence[MeetingAnswer]) -> bool:
    outcomes = {answer.outcome for answer in answers}
    return len(answers) > 1 and None not in outcomes and agreed_outcome(answers) is None


def record_call_outcome(
    session: Session, meeting_id: UUID, outcome: MeetingState, note: str, *, by: Membership
) -> None:
    meeting = queries.lock_meeting(session, meeting_id)
    if meeting.state is not MeetingState.SCHEDULED:
        raise Conflict("The result of this call is already recorded. Reload the page to see it.")
    if meeting.starts_at and meeting.starts_at > utc_now() and outcome is MeetingState.HELD:
        raise DomainError("This call hasn’t started yet, so it can’t have taken place.")
    history.record(
        session, meeting.request, RequestAction.CALL_OUTCOME_RECORDED, by=by, said=outcome.value, note=note
    )
    apply_call_outcome(session, meeting, outcome)


def apply_call_outcome(session: Session, meeting: Meeting, outcome: MeetingState) -> None:
    if outcome is MeetingState.MOVED:
        rescheduling_actions.reopen_for_new_times(session, meeting)
    elif outcome is MeetingState.HELD:
        _mark_held(session, meeting)
    else:
        _mark_not_held(session, meeting)


def _mark_held(session: Session, meeting: Meeting) -> None:
    move(session, meeting, MeetingMove.MARK_HELD)
    if meeting.ask.state is AskState.ACCEPTED:
        asks.complete(session, meeting.ask)
    deliver_reference(session, meeting.request, str(meeting.id))


def deliver_reference(session: Session, request: ReferenceRequest, occasion: str) -> None:
    session.flush()
    if request_status.is_first_delivery(request):
        request_status.mark_delivered(session, request)
        emails.send_request_update(session, request, request.requester, RequestUpdate.DELIVERED, occasion)


def _mark_not_held(session: Session, meeting: Meeting) -> None:
    move(session, meeting, MeetingMove.MARK_NOT_HELD)
    notification_emails.stop_reminders(session, meeting)
    if meeting.ask.state is AskState.ACCEPTED:
        asks.mark_not_held(session, meeting.ask)
    session.flush()
    request = meeting.request
    request_status.sync_status(session, request)
    history.record(session, request, RequestAction.NOT_HELD)
    emails.send_request_update(session, request, request.requester, RequestUpdate.NOT_HELD, str(meeting.id))


def workspaces_to_follow_up(session: Session) -> Sequence[UUID]:
    return queries.workspaces_with_calls_before(session, utc_now())


def meetings_to_follow_up(session: Session) -> Sequence[UUID]:
    return queries.scheduled_before(session, utc_now())


def follow_up(session: Session, meeting_id: UUID) -> None:
    meeting, now = queries.lock_meeting(session, meeting_id), utc_now()
    starts = meeting.starts_at
    if starts is None or meeting.state is not MeetingState.SCHEDULED:
        return
    if starts + timedelta(minutes=meeting.minutes) + QUESTION_DELAY <= now:
        _ask_or_apply_single_answer(session, meeting, now)


def _ask_or_apply_single_answer(session: Session, meeting: Meeting, now: datetime) -> None:
    if meeting.feedback_asked_at is None:
        meeting.feedback_asked_at = now
        notification_emails.send_feedback_questions(session, meeting)
        return
    answers = queries.answers(session, meeting.id)
    outcomes = [answer.outcome for answer in answers if answer.outcome is not None]
    if len(outcomes) < len(Side) and _has_waited_long_enough(session, meeting.feedback_asked_at, now):
        _apply_single_answer(session, meeting, outcomes)


def _apply_single_answer(session: Session, meeting: Meeting, outcomes: Sequence[MeetingState]) -> None:
    """One answer decides; where nobody said anything the desk does, and is told so."""
    if not outcomes:
        emails.send_undecided(session, meeting, RequestUpdate.SILENT)
        return
    history.record(session, meeting.request, RequestAction.SINGLE_ANSWER_APPLIED, said=outcomes[0].value)
    apply_call_outcome(session, meeting, outcomes[0])


def _has_waited_long_enough(session: Session, since: datetime, now: datetime) -> bool:
    promised = service_levels(session)
    return promised.calendar.working_time_between(since, now) >= promised.feedback_wait_days * DAY
