"""What a long list says about all of its rows: the numbers of its tabs, the choices of its filters.

A job counts them, not each look at a page. A short list is counted at each look all the same: then it is exact, and
costs nothing. How long a list is, the job says; so a workspace that no job has seen yet has short ones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert
from sqlalchemy.orm import Mapped, Session

from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import tenant_of

SHORT = 5_000  # rows that are counted in a few milliseconds
MOST_CHOICES = 500  # of a filter: the ones used most
EVERY = timedelta(minutes=1)  # at most so often, and at most a hundredth of the time
LONGEST_CHANGE = timedelta(minutes=2)  # lines of history may be seen so much later than they say
BEFORE_ALL = UUID(int=0)
COUNTED_AT = "#counted_at"  # beside the numbers of a list; no tab is called so


@dataclass(frozen=True)
class ListFigures:
    """`choices`: of each filter the values in use, the most used first."""

    rows: int
    counts: Mapping[str, int]
    choices: Mapping[str, Sequence[str]]


class ListSummary(TenantOwned):
    __tablename__ = "list_summaries"
    rules = (UniqueConstraint("tenant_id", "list_name"),)
    list_name: Mapped[str]  # the table's name
    rows: Mapped[int]
    counts: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]
    counted_through: Mapped[UUID]  # what happened later, by the ids of history, may not be in it
    due_at: Mapped[datetime]  # the soonest that it is counted again, if anything happened


def kept_or_counted(model: type[TenantOwned], counted: Select[*tuple[int, ...]]) -> ColumnElement[Any]:
    """Numbers of a list as JSON, for a statement: everybody is counted only where nothing is kept."""
    kept = ListSummary.counts.op("||")(func.jsonb_build_object(COUNTED_AT, ListSummary.counted_at))
    row = counted.subquery("counted")
    live = select(func.to_jsonb(row.table_valued(), type_=JSONB)).scalar_subquery()
    return func.coalesce(_kept(model, kept), live, type_=JSONB)


def choices(
    session: Session, model: type[TenantOwned] | None, used: CompoundSelect[str, str]
) -> Mapping[str, list[str]]:
    """What filters offer, in one statement. `used`: (kind, value) of all rows, read where nothing is kept.

    `model`: the list; None where its reader does not see all of it.
    """
    each = used.subquery("used")
    by_kind = (
        select(each.c.kind, func.jsonb_agg(each.c.value).label("found"))
        .group_by(each.c.kind)
        .subquery("by_kind")
    )
    live = select(func.jsonb_object_agg(by_kind.c.kind, by_kind.c.found, type_=JSONB)).scalar_subquery()
    kept = [_kept(model, ListSummary.choices)] if model else []
    found: Mapping[str, list[str]] | None = session.scalar(select(func.coalesce(*kept, live, type_=JSONB)))
    return found or {}


def _kept(model: type[TenantOwned], what: Any) -> ScalarSelect[Any]:
    """Null where the list is short, or new."""
    of_list = select(what).where(ListSummary.list_name == model.__tablename__, ListSummary.rows > SHORT)
    return of_list.scalar_subquery()


def count_again(session: Session, model: type[TenantOwned], count: Callable[[Session], ListFigures]) -> None:
    """Count a list if it is time to; whoever else is at it does it."""
    summary, began = _lock(session, model.__tablename__), utc_now()
    if summary is None or summary.due_at > began:
        return
    figures = count(session)
    summary.rows, summary.counts = figures.rows, dict(figures.counts)
    summary.choices = {name: list(values[:MOST_CHOICES]) for name, values in figures.choices.items()}
    summary.counted_at, summary.counted_through = began, _first_id_of(began - LONGEST_CHANGE)
    summary.due_at = began + max(EVERY, 100 * (utc_now() - began))


def expect_changes(session: Session) -> None:
    """Have the lists counted again although history tells nothing: much was written at once."""
    session.execute(update(ListSummary).values(counted_through=BEFORE_ALL))


def _lock(session: Session, list_name: str) -> ListSummary | None:
    own = select(ListSummary).where(ListSummary.list_name == list_name)
    if session.scalar(own.with_only_columns(ListSummary.id)) is None:
        session.execute(_new(list_name, tenant_of(session)).on_conflict_do_nothing())
    return session.scalar(own.with_for_update(skip_locked=True))


def _new(list_name: str, tenant_id: UUID) -> Insert:
    moments = dict.fromkeys(("counted_at", "due_at"), utc_now())
    empty: dict[str, Any] = {"rows": 0, "counts": {}, "choices": {}, "counted_through": BEFORE_ALL}
    return insert(ListSummary).values(tenant_id=tenant_id, list_name=list_name, **empty, **moments)


def _first_id_of(moment: datetime) -> UUID:
    """The smallest id, a UUIDv7, that could have been made at that moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
