"""What the lists of requests count and offer, and the requests of one rep."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.paging import KeysetPage, paginate
from portal.references.models import ReferenceRequest, RequestState
from portal.references.queries import RUNNING, requests_with_people
from tenants.models import Membership


def counted_requests(now: datetime, tonight: datetime) -> Select[*tuple[int, ...]]:
    """One row. Of the open ones: all, those late by tonight, those that wait for the rep, those late already."""
    waits, due = ReferenceRequest.waiting_since.is_not(None), ReferenceRequest.due_at
    counted = select(
        func.count().label("open"),
        func.count().filter(~waits, due < tonight).label("late"),
        func.count().filter(waits).label("waiting"),
        func.count().filter(~waits, due < now).label("overdue"),
    )
    return counted.where(ReferenceRequest.state.in_(RUNNING))


def requests_of_rep(
    session: Session,
    rep: Membership,
    states: Sequence[RequestState],
    cursor: str | None = None,
    size: int = 25,
) -> KeysetPage[ReferenceRequest]:
    rows = requests_with_people().where(
        ReferenceRequest.requester_id == rep.id, ReferenceRequest.state.in_(states)
    )
    key = (ReferenceRequest.created_at, ReferenceRequest.id)
    return paginate(session, rows, key=key, cursor=cursor, size=size, descending=True)


def filter_choices(session: Session) -> tuple[list[str], dict[UUID, str]]:
    running = select(ReferenceRequest.product, Membership.id, Membership.name)
    joined = running.join(Membership, Membership.id == ReferenceRequest.requester_id)
    rows = session.execute(joined.where(ReferenceRequest.state.in_(RUNNING)).distinct().limit(500)).all()
    return sorted({product for product, *_ in rows}), {member: name for _, member, name in rows}
