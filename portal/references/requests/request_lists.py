"""The desk's lists: quick however many requests there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from portal.asks.models import AskKind
from portal.name_search import is_named
from portal.paging import KeysetPage, paginate
from portal.references.models import ReferenceRequest, RequestState
from portal.references.queries import RUNNING, requests_with_people
from tenants.models import Membership

ROWS_PER_STATE = 10  # rows of one state on the desk before "show more"


@dataclass(frozen=True, kw_only=True)
class RequestFilters:
    """What the reader of the list asked for."""

    q: str = ""
    kind: AskKind | None = None
    product: str = ""
    rep: UUID | None = None
    waiting: bool = False
    due_before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        named = [is_named(ReferenceRequest, self.q)] if self.q else []
        kinds = [ReferenceRequest.kind == self.kind] if self.kind else []
        products = [ReferenceRequest.product == self.product] if self.product else []
        reps = [ReferenceRequest.requester_id == self.rep] if self.rep else []
        waits = [ReferenceRequest.waiting_since.is_not(None)] if self.waiting else []
        return [*named, *kinds, *products, *reps, *waits, *self._late()]

    def _late(self) -> list[ColumnElement[bool]]:
        if self.due_before is None:
            return []
        return [ReferenceRequest.due_at < self.due_before, ReferenceRequest.waiting_since.is_(None)]


@dataclass(frozen=True)
class StateCounts:
    """How many requests of one state there are, wait for the rep, are late, will be by tonight, fit the filters."""

    all: int = 0
    waiting: int = 0
    late: int = 0
    due_today: int = 0
    matching_filters: int = 0


def count_by_state(
    session: Session, filters: RequestFilters, now: datetime, tonight: datetime
) -> dict[RequestState, StateCounts]:
    waiting = ReferenceRequest.waiting_since.is_not(None)
    columns = (
        func.count(),
        func.count().filter(waiting),
        func.count().filter(~waiting, ReferenceRequest.due_at < now),
        func.count().filter(~waiting, ReferenceRequest.due_at < tonight),
        func.count().filter(and_(true(), *filters.conditions())),
    )
    rows = session.execute(select(ReferenceRequest.state, *columns).group_by(ReferenceRequest.state))
    return {state: StateCounts(*numbers) for state, *numbers in rows}


def open_requests(session: Session, filters: RequestFilters) -> Sequence[ReferenceRequest]:
    order = (ReferenceRequest.due_at, ReferenceRequest.id)
    place = func.row_number().over(partition_by=ReferenceRequest.state, order_by=order)
    ranked = select(ReferenceRequest, place.label("place"))
    few = ranked.where(ReferenceRequest.state.in_(RUNNING), *filters.conditions()).subquery()
    shown = aliased(ReferenceRequest, few)
    whole = select(shown).options(joinedload(shown.requester), joinedload(shown.deal))
    return session.scalars(whole.where(few.c.place <= ROWS_PER_STATE).order_by(shown.due_at, shown.id)).all()


def requests_in_states(
    session: Session, states: Sequence[RequestState], filters: RequestFilters, cursor: str | None
) -> KeysetPage[ReferenceRequest]:
    rows = requests_with_people().where(ReferenceRequest.state.in_(states), *filters.conditions())
    if set(states) <= set(RUNNING):
        return paginate(session, rows, key=(ReferenceRequest.due_at, ReferenceRequest.id), cursor=cursor)
    key = (ReferenceRequest.created_at, ReferenceRequest.id)
    return paginate(session, rows, key=key, cursor=cursor, descending=True)


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
