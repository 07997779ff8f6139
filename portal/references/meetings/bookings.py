"""When one person is taken: by calls that are set, and by times offered that nobody has picked yet.

A time is taken from its start to the end of the call and of the pause that the workspace leaves after it. What is
agreed or offered once is offered to nobody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import policies
from portal.declarations.answers import AnswerRefused
from portal.lifecycle import move
from portal.references.models import Meeting, MeetingMove, MeetingSlot, MeetingState, ReferenceRequest
from portal.references.policies import PAUSE_MINUTES
from tenants.clock import utc_now


class TimeTaken(AnswerRefused):
    """Somebody else has this time of the person, or it was offered to somebody else."""


MAX_CALL = timedelta(days=1)  # a call that began earlier is in nobody's way any more


@dataclass(frozen=True)
class Booking:
    """One stretch of a person's time, and the company it is for."""

    starts_at: datetime
    busy_until: datetime
    prospect: str
    is_confirmed: bool  # agreed; else offered

    def overlaps(self, starts_at: datetime, busy_until: datetime) -> bool:
        return self.starts_at < busy_until and starts_at < self.busy_until


def pause(session: Session) -> timedelta:
    return timedelta(minutes=policies.value(session, PAUSE_MINUTES))


def busy_until(session: Session, starts_at: datetime, minutes: int) -> datetime:
    return starts_at + timedelta(minutes=minutes) + pause(session)


def bookings_of_advocate(
    session: Session, advocate_id: UUID, *, except_meeting_id: UUID | None = None
) -> list[Booking]:
    """Return what lies ahead, except a call whose times are replaced or picked."""
    return sorted(
        [
            *calls_of_advocate(session, advocate_id, except_meeting_id=except_meeting_id),
            *_offers(session, advocate_id, except_meeting_id),
        ],
        key=lambda one: one.starts_at,
    )


def calls_of_advocate(
    session: Session, advocate_id: UUID, *, except_meeting_id: UUID | None = None
) -> list[Booking]:
    calls = select(Meeting, ReferenceRequest.prospect)
    with_requests = calls.join(ReferenceRequest, ReferenceRequest.id == Meeting.request_id)
    recent = utc_now() - MAX_CALL
    ahead = (Meeting.state == MeetingState.SCHEDULED, Meeting.starts_at > recent)
    rows = session.execute(
        with_requests.where(Meeting.advocate_id == advocate_id, Meeting.id != except_meeting_id, *ahead)
    )
    return [
        Booking(call.starts_at, call.busy_until, prospect, True)
        for call, prospect in rows
        if call.starts_at and call.busy_until
    ]


def _offers(session: Session, advocate_id: UUID, except_meeting_id: UUID | None) -> list[Booking]:
    slots = select(MeetingSlot.starts_at, Meeting.minutes, ReferenceRequest.prospect)
    with_requests = slots.join(Meeting, Meeting.id == MeetingSlot.meeting_id)
    with_requests = with_requests.join(ReferenceRequest, ReferenceRequest.id == Meeting.request_id)
    ahead = (Meeting.state == MeetingState.OFFERED, MeetingSlot.starts_at > utc_now())
    rows = session.execute(
        with_requests.where(Meeting.advocate_id == advocate_id, Meeting.id != except_meeting_id, *ahead)
    )
    return [
        Booking(start, busy_until(session, start, minutes), prospect, False)
        for start, minutes, prospect in rows
    ]


def clash(bookings: Iterable[Booking], starts_at: datetime, until: datetime) -> Booking | None:
    return next((one for one in bookings if one.overlaps(starts_at, until)), None)


def clashes(
    session: Session, bookings: Sequence[Booking], times: Iterable[datetime], minutes: int
) -> dict[datetime, Booking]:
    by_time = ((at, clash(bookings, at, busy_until(session, at, minutes))) for at in times)
    return {at: booking for at, booking in by_time if booking is not None}


def ensure_free(
    session: Session,
    advocate_id: UUID,
    times: Iterable[datetime],
    minutes: int,
    *,
    except_meeting_id: UUID | None = None,
) -> None:
    """Refuse times that clash; the caller has locked the person."""
    taken = clashes(
        session,
        bookings_of_advocate(session, advocate_id, except_meeting_id=except_meeting_id),
        times,
        minutes,
    )
    if taken:
        raise TimeTaken(
            "One of these times is too close to a call with %(prospect)s, or to a time you offered them. Nothing was "
            "changed; please pick others.",
            prospect=next(iter(taken.values())).prospect,
        )


def book(session: Session, meeting: Meeting, starts_at: datetime) -> None:
    """Set the call's time. The caller has locked the person; the database insists on it, whoever calls."""
    pause_minutes = policies.value(session, PAUSE_MINUTES)
    until = busy_until(session, starts_at, meeting.minutes)
    if clash(calls_of_advocate(session, meeting.advocate_id, except_meeting_id=meeting.id), starts_at, until):
        raise _too_late()
    try:
        with session.begin_nested():
            move(session, meeting, MeetingMove.SCHEDULE)
            meeting.starts_at = starts_at
            meeting.pause_minutes, meeting.double_booked = pause_minutes, False
    except IntegrityError as problem:
        if isinstance(problem.orig, ExclusionViolation):
            raise _too_late() from problem
        raise


def _too_late() -> TimeTaken:
    return TimeTaken("That time was taken a moment ago. Nothing was changed; please pick another one.")
