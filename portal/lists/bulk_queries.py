"""Reading bulk actions: who is in one, who is left out and why, how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from portal.declarations.bulk_acts import BulkAct, RowIds
from portal.declarations.lists import LISTS, ListReader
from portal.errors import NotFound
from portal.lists.models import BulkAction, BulkActionRow, RestLeftOut
from tenants.models import Membership

R = BulkActionRow
IS_TO_DO = (R.left_out == "") & R.done_at.is_(None)
NAMED = 25  # rows that a preview names
NAMED_LEFT_OUT = 5  # of each reason


@dataclass(frozen=True)
class BulkCounts:
    done: int
    to_do: int
    left_out: Mapping[str, int]  # code of the reason -> rows

    @property
    def percent(self) -> int:
        return min(99, 100 * self.done // max(self.done + self.to_do, 1))


def get(session: Session, action_id: UUID, *, member: Membership) -> BulkAction:
    mine = select(BulkAction).where(BulkAction.id == action_id, BulkAction.by_id == member.id)
    return _found(session.scalar(mine), member)


def lock(session: Session, action_id: UUID) -> BulkAction:
    locked = select(BulkAction).where(BulkAction.id == action_id).with_for_update(key_share=True)
    return _found(session.scalar(locked, execution_options={"populate_existing": True}), None)


def act_of(action: BulkAction) -> BulkAct:
    act = LISTS.get(action.list_name).act(action.act_name)
    if act is None:
        raise LookupError(f"The list “{action.list_name}” has no act “{action.act_name}” any more.")
    return act


def counts(session: Session, action: BulkAction) -> BulkCounts:
    to_do, done = func.count().filter(IS_TO_DO), func.count().filter(R.done_at.is_not(None))
    grouped = select(R.left_out, func.count(), to_do, done).where(R.bulk_action_id == action.id)
    rows = session.execute(grouped.group_by(R.left_out)).all()
    reasons = bulk_reasons(action)
    left = {code: number for code, number, _, _ in rows if code}
    ordered = {code: left[code] for code in (*reasons, *RestLeftOut) if code in left}
    return BulkCounts(sum(row[3] for row in rows), sum(row[2] for row in rows), ordered)


def bulk_reasons(action: BulkAction) -> Mapping[str, Any]:
    return act_of(action).reasons


def has_rows(session: Session, action: BulkAction) -> bool:
    return bool(session.scalar(select(select(R.id).where(R.bulk_action_id == action.id).exists())))


def has_rows_to_do(session: Session, action: BulkAction) -> bool:
    left = select(R.id).where(R.bulk_action_id == action.id, IS_TO_DO)
    return bool(session.scalar(select(left.exists())))


def are_more_than(session: Session, ids: RowIds, most: int) -> bool:
    found: Any = ids
    some = found.limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > most


def next_to_look_at(session: Session, action: BulkAction, most: int) -> Sequence[UUID]:
    left = select(R.row_id).where(R.bulk_action_id == action.id)
    if action.gathered_to is not None:
        left = left.where(R.row_id > action.gathered_to)
    return session.scalars(left.order_by(R.row_id).limit(most)).all()


def gathered(session: Session, action: BulkAction) -> tuple[int, int]:
    """How many rows were looked at, and how many there are."""
    looked_at = func.count().filter(R.row_id <= action.gathered_to) if action.gathered_to else literal(0)
    counts = select(looked_at, func.count(R.id)).where(R.bulk_action_id == action.id)
    looked, every = session.execute(counts).one()
    return looked, every


def next_ids(session: Session, action: BulkAction, most: int) -> Sequence[UUID]:
    """In the order in which they are locked."""
    left = select(R.row_id).where(R.bulk_action_id == action.id, IS_TO_DO)
    return session.scalars(left.order_by(R.row_id).limit(most)).all()


def named(session: Session, action: BulkAction, reader: ListReader) -> dict[str, list[Any]]:
    """The first rows of each reason, by its code; those who are not left out stand under ""."""
    declared = LISTS.get(action.list_name)
    place = func.row_number().over(partition_by=R.left_out, order_by=R.row_id).label("place")
    some = select(R.row_id, R.left_out, place).where(R.bulk_action_id == action.id).subquery()
    few = (some.c.place <= NAMED_LEFT_OUT) | ((some.c.left_out == "") & (some.c.place <= NAMED))
    rows = declared.rows(reader).options(*declared.loads).join(some, some.c.row_id == declared.key)
    found: dict[str, list[Any]] = {}
    for row, reason in session.execute(rows.where(few).order_by(some.c.place).add_columns(some.c.left_out)):
        found.setdefault(reason, []).append(row)
    return found


def _found(action: BulkAction | None, member: Membership | None) -> BulkAction:
    declared = LISTS.find(action.list_name) if action else None
    if action is None or declared is None or (member and not member.has_role(*declared.roles)):
        raise NotFound("We couldn’t find this. It may have been too long ago.")
    return action
