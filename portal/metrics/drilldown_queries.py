"""What each number counted: the requests, the references and the people."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.metrics.membership_periods import was_enrolled_at
from portal.metrics.queries import DELIVERED, LEFT_OUT, OPEN, REFERENCE
from portal.references.models import ReferenceRequest, RequestState


class DrilldownFilter(StrEnum):
    """Parts of what was counted; the first of a metric is all of it."""

    COUNTED = "counted"
    DELIVERED = "delivered"
    OPEN = "open"
    OTHER = "other"
    LEFT_OUT = "left-out"
    EVERYONE = "everyone"
    ACTIVE = "active"
    QUIET = "quiet"


REQUEST_CONDITIONS = {
    DrilldownFilter.COUNTED: ReferenceRequest.state.not_in(LEFT_OUT),
    DrilldownFilter.DELIVERED: ReferenceRequest.state.in_(DELIVERED),
    DrilldownFilter.OPEN: ReferenceRequest.state.in_(OPEN),
    DrilldownFilter.OTHER: ReferenceRequest.state.in_(
        (RequestState.CONTENT_ACCEPTED, RequestState.UNFULFILLED)
    ),
    DrilldownFilter.LEFT_OUT: ReferenceRequest.state.in_(LEFT_OUT),
}


def requests(start: datetime, end: datetime, chosen: DrilldownFilter) -> Select[ReferenceRequest]:
    """Sent within the period."""
    sent = ReferenceRequest.submitted_at
    return select(ReferenceRequest).where(sent >= start, sent < end, REQUEST_CONDITIONS[chosen])


def references(start: datetime, end: datetime) -> Select[Ask]:
    """Delivered within the period."""
    done = Ask.completed_at
    return select(Ask).where(Ask.subject_type == REFERENCE, done >= start, done < end)


def people(at: datetime, active_days: int, chosen: DrilldownFilter) -> Select[Advocate]:
    """Enrolled at that moment; active ones had completed an act in the days before it."""
    acted = (
        select(Ask.id)
        .where(Ask.advocate_id == Advocate.id)
        .where(Ask.completed_at < at, Ask.completed_at >= at - timedelta(days=active_days))
        .exists()
    )
    parts: dict[DrilldownFilter, list[ColumnElement[bool]]] = {
        DrilldownFilter.ACTIVE: [acted],
        DrilldownFilter.QUIET: [~acted],
    }
    return select(Advocate).where(was_enrolled_at(at), *parts.get(chosen, []))


def last_acts(session: Session, at: datetime, advocate_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """The newest completed act up to that moment, for those who have one."""
    done = select(Ask.advocate_id, func.max(Ask.completed_at)).where(
        Ask.advocate_id.in_(advocate_ids), Ask.completed_at < at
    )
    return {who: at for who, at in session.execute(done.group_by(Ask.advocate_id)) if at}
