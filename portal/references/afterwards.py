"""After the call: each side is asked one question, and their answers decide what the call was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks.models import State as AskState
from portal.errors import Conflict, DomainError
from portal.references import invitations, letters, queries, rescheduling, standing
from portal.references.clock import promises
from portal.references.models import Meeting, MeetingAnswer, MeetingState, ReferenceRequest, Side
from tenants.clock import utc_now
from tenants.models import Membership

DAY = timedelta(days=1)
ASK_AFTER = timedelta(hours=2)  # after the end of the call
SAID = (MeetingState.HELD, MeetingState.MOVED, MeetingState.NOT_HELD)


def answer(
    session: Session, answer_id: UUID, said: MeetingState, rating: int | None, text: str
) -> MeetingAnswer:
    """What one side says. It decides together with the other's, or alone when the other stays silent."""
    given = queries.answer(session, answer_id)
    meeting = queries.locked_meeting(session, given.meeting_id)
    session.refresh(given)
    if meeting.starts_at is None or meeting.starts_at > utc_now():
        raise Conflict("This call has not begun yet. Please answer when it is over.")
    if given.answered_at is not None:
        raise Conflict("You have answered already. Thank you, nothing more is needed.")
    if meeting.state is not MeetingState.SCHEDULED:
        raise Conflict("This call is settled already, so nothing more is needed. Thank you.")
    given.said, given.rating, given.text, given.answered_at = said, rating, text, utc_now()
    session.flush()
    history.record(
        session, meeting.request, "call rated", side=given.side.value, said=said.value, rating=rating
    )
    answers = queries.answers(session, meeting.id)
    if verdict := agreed(answers):
        decide(session, meeting, verdict)
    elif contradict(answers):
        letters.undecided(session, meeting, "contradicted")
    return given


def agreed(answers: Sequence[MeetingAnswer]) -> MeetingState | None:
    """What both sides say; None while one is silent or they contradict each other, which a manager settles."""
    said = {answer.said for answer in answers}
    if len(answers) < 2 or None in said:
        return None
    if len(said) == 1:
        return said.pop()
    return MeetingState.MOVED if said == {MeetingState.MOVED, MeetingState.NOT_HELD} else None


def contradict(answers: Sequence[MeetingAnswer]) -> bool:
    said = {answer.said for answer in answers}
    return len(answers) > 1 and None not in said and agreed(answers) is None


def record(session: Session, meeting_id: UUID, said: MeetingState, note: str, *, by: Membership) -> None:
    """A manager knows how it went, and says so for both."""
    meeting = queries.locked_meeting(session, meeting_id)
    if meeting.state is not MeetingState.SCHEDULED:
        raise Conflict("This call is settled already. Reload the page to see how it stands.")
    if meeting.starts_at and meeting.starts_at > utc_now() and said is MeetingState.HELD:
        raise DomainError("This call has not begun yet, so it cannot have been held.")
    history.record(session, meeting.request, "call recorded", by=by, said=said.value, note=note)
    decide(session, meeting, said)


def decide(session: Session, meeting: Meeting, said: MeetingState) -> None:
    if said is MeetingState.MOVED:
        rescheduling.move(session, meeting)
    elif said is MeetingState.HELD:
        _held(session, meeting)
    else:
        _not_held(session, meeting)


def _held(session: Session, meeting: Meeting) -> None:
    meeting.state = MeetingState.HELD
    if meeting.ask.state is AskState.ACCEPTED:
        asks.complete(session, meeting.ask)
    deliver(session, meeting.request, str(meeting.id))


def deliver(session: Session, wanted: ReferenceRequest, occasion: str) -> None:
    """A reference has arrived; the first one delivers the request."""
    session.flush()
    if standing.delivered(wanted):
        history.record(session, wanted, "delivered")
        letters.update(session, wanted, wanted.requester, "delivered", occasion)


def _not_held(session: Session, meeting: Meeting) -> None:
    meeting.state = MeetingState.NOT_HELD
    invitations.no_reminder(session, meeting)
    if meeting.ask.state is AskState.ACCEPTED:
        asks.miss(session, meeting.ask)
    session.flush()
    wanted = meeting.request
    standing.settle(session, wanted)
    history.record(session, wanted, "not held")
    letters.update(session, wanted, wanted.requester, "not_held", str(meeting.id))


def over(session: Session) -> Sequence[UUID]:
    """Calls about which a question or a silent side may be due now."""
    return queries.scheduled_before(session, utc_now())


def look_at(session: Session, meeting_id: UUID) -> None:
    """For the ticker: the question or a silent side's answer, whichever is due for this call."""
    meeting, now = queries.locked_meeting(session, meeting_id), utc_now()
    starts = meeting.starts_at
    if starts is None or meeting.state is not MeetingState.SCHEDULED:
        return
    if starts + timedelta(minutes=meeting.minutes) + ASK_AFTER <= now:
        _after(session, meeting, now)


def _after(session: Session, meeting: Meeting, now: datetime) -> None:
    if meeting.asked_after_at is None:
        meeting.asked_after_at = now
        invitations.ask_after(session, meeting)
        return
    answers = queries.answers(session, meeting.id)
    given = [answer.said for answer in answers if answer.said is not None]
    if len(given) < len(Side) and _waited_enough(session, meeting.asked_after_at, now):
        _without_the_silent(session, meeting, given)


def _without_the_silent(session: Session, meeting: Meeting, given: Sequence[MeetingState]) -> None:
    """One answer decides; where nobody said anything the desk does, and is told so."""
    if not given:
        letters.undecided(session, meeting, "silent")
        return
    history.record(session, meeting.request, "one side stayed silent", said=given[0].value)
    decide(session, meeting, given[0])


def _waited_enough(session: Session, since: datetime, now: datetime) -> bool:
    promised = promises(session)
    return promised.calendar.between(since, now) >= promised.silent_days * DAY
