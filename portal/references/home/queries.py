"""What the home pages read of the desk: a few rows each, whatever the size of the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.asks.models import Ask, AskState
from portal.references.models import (
    Meeting,
    MeetingAnswer,
    MeetingState,
    ReferenceRequest,
    RequestState,
    Side,
)
from portal.references.queries import RUNNING

ROWS_SHOWN = 5  # rows of one kind; the list they come from has them all
FAILED_STATES = (AskState.DECLINED, AskState.EXPIRED, AskState.WITHDRAWN, AskState.NOT_HELD)
SHOWN_MEETING_STATES = (MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.NOT_HELD, MeetingState.MOVED)


@dataclass(frozen=True)
class UrgentRequests:
    """The first few requests that cannot wait, how many there are, and how many of them are late."""

    requests: Sequence[ReferenceRequest]
    total: int = 0
    late: int = 0
    failed_asks: Mapping[UUID, int] = field(default_factory=dict)  # by request: asks that came to nothing


def urgent_requests(session: Session, now: datetime, before: datetime) -> UrgentRequests:
    late = func.count().filter(ReferenceRequest.due_at < now).over()
    over = select(func.count()).where(
        Ask.subject_type == ReferenceRequest.__tablename__,
        Ask.subject_id == ReferenceRequest.id,
        Ask.state.in_(FAILED_STATES),
    )
    again = and_(ReferenceRequest.state == RequestState.MATCHING, over.scalar_subquery() > 0)
    due = or_(ReferenceRequest.due_at < before, ReferenceRequest.state == RequestState.SUBMITTED, again)
    rows = session.execute(
        select(ReferenceRequest, func.count().over(), late, over.scalar_subquery())
        .options(joinedload(ReferenceRequest.requester))
        .where(ReferenceRequest.state.in_(RUNNING), ReferenceRequest.waiting_since.is_(None), due)
        .order_by(ReferenceRequest.due_at, ReferenceRequest.id)
        .limit(ROWS_SHOWN)
    ).all()
    if not rows:
        return UrgentRequests([])
    _first, total, late_ones, _over = rows[0]
    return UrgentRequests([row[0] for row in rows], total, late_ones, {row[0].id: row[3] for row in rows})


def meetings_from(
    session: Session, moment: datetime, silent_since: datetime, most: int = 12
) -> list[tuple[Meeting, bool]]:
    """Return agreed meetings from then on and, with True, earlier ones that a manager must settle.

    Of those both sides have spoken, or neither has since `silent_since`.
    """
    spoke = select(func.count()).where(
        MeetingAnswer.meeting_id == Meeting.id, MeetingAnswer.answered_at.is_not(None)
    )
    undecided = and_(
        Meeting.state == MeetingState.SCHEDULED,
        Meeting.feedback_asked_at.is_not(None),
        or_(Meeting.feedback_asked_at < silent_since, spoke.scalar_subquery() == len(Side)),
    )
    who = joinedload(Meeting.ask)
    rows = session.execute(
        select(Meeting, undecided)
        .options(who.joinedload(Ask.advocate), who.joinedload(Ask.account), joinedload(Meeting.request))
        .where(or_(and_(Meeting.starts_at >= moment, Meeting.state.in_(SHOWN_MEETING_STATES)), undecided))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most + ROWS_SHOWN)
    )
    return [(meeting, bool(is_open)) for meeting, is_open in rows]
