"""Acts on many rows: prepared with the rows as they are found now, then done in batches, each under lock.

Killed at any moment, the next delivery of the message goes on with the rows that are left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from portal.declarations import origins
from portal.declarations.bulk_acts import NEW, BulkAct, BulkOptions, Refusals, RowIds
from portal.declarations.lists import LISTS, DeclaredList, ListReader
from portal.errors import Conflict
from portal.lifecycle import move
from portal.lists import bulk_queries, queries
from portal.lists.list_choice import ListChoice
from portal.lists.models import (
    BulkAction,
    BulkActionContinued,
    BulkActionGathered,
    BulkActionMove,
    BulkActionRow,
    BulkActionState,
    RestLeftOut,
)
from portal.lists.origins import origin_of
from portal.outbox import publish
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import MANAGER_ROLES, Membership

R = BulkActionRow
BATCH = 100  # rows of one transaction of a worker
MAX_IN_REQUEST = 200  # rows; a worker does more
MAX_IN_PREVIEW = 2000  # rows that are found and looked at in a request
KEPT_PREPARED, KEPT_DONE = timedelta(days=1), timedelta(days=30)


class NobodyChosen(Conflict):
    """Nothing was picked, or none of it is there any more."""


@dataclass(frozen=True, kw_only=True)
class ChosenRows:
    """`picked`: these of the list; None: all that it finds."""

    choice: ListChoice
    picked: Sequence[UUID] | None

    def ids(self, reader: ListReader) -> RowIds:
        declared = self.choice.declared
        if self.picked is None:
            return queries.acted_ids(self.choice, reader)
        seen = queries.rows_of(declared, reader, self.picked)
        return seen.with_only_columns(declared.key, maintain_column_froms=True)


def prepare(
    session: Session, act: BulkAct, chosen: ChosenRows, option: str, reader: ListReader
) -> BulkAction:
    """Keep the rows that are found now, and which of them are left out; very many are gathered by a worker."""
    _forget_old(session, reader.member)
    if act.choices and not act.offers(option, reader):
        raise Conflict("Please choose in the list what to do. Nothing was changed.")
    action = BulkAction(
        list_name=chosen.choice.declared.name,
        act_name=act.name,
        arguments=chosen.choice.arguments,
        choice=option,
        origin=origins.to_json(origin_of(chosen.choice, reader, is_picked=chosen.picked is not None)),
        by_id=reader.member.id,
    )
    session.add(action)
    session.flush()
    ids = chosen.ids(reader)
    if chosen.picked is None and bulk_queries.are_more_than(session, ids, MAX_IN_PREVIEW):
        move(session, action, BulkActionMove.GATHER)
        publish(session, BulkActionGathered(action.id))
        return action
    add_rows(session, action, ids)
    if not bulk_queries.has_rows(session, action):
        raise NobodyChosen("Nothing is selected. Select rows in the list first.")
    every = select(R.row_id).where(R.bulk_action_id == action.id)
    leave_out(session, action, act.refusals(session, every, options_of(action, reader.member)))
    return action


def start(
    session: Session,
    action_id: UUID,
    *,
    by: Membership,
    until: date | None = None,
    reason: str = "",
    name: str = "",
) -> BulkAction:
    """Begin, and do all of it where that is quick. Of two clicks the second finds it begun.

    `name`: of what is made for it, where that was chosen.
    """
    action = bulk_queries.lock(session, action_id)
    if not bulk_queries.has_rows_to_do(session, action):
        raise Conflict("There’s no one left to do this for. Nothing was changed.")
    move(session, action, BulkActionMove.START, columns={"until": until, "reason": reason})
    _make_choice(session, action, name, by)
    session.flush()
    if bulk_queries.counts(session, action).to_do > MAX_IN_REQUEST:
        publish(session, BulkActionContinued(action.id))
    else:
        _do_batch(session, action, by, MAX_IN_REQUEST)
    return action


def _make_choice(session: Session, action: BulkAction, name: str, by: Membership) -> None:
    new = bulk_queries.act_of(action).new_choice
    if new is not None and action.choice == NEW:
        action.choice = new.make(session, name, by)


def go_on(session: Session, message: BulkActionContinued) -> None:
    """Do one batch; the message comes again while rows are left."""
    action = bulk_queries.lock(session, message.bulk_action_id)
    if action.state is not BulkActionState.RUNNING:
        return
    by = session.get_one(Membership, (tenant_of(session), action.by_id))
    _do_batch(session, action, by, BATCH)
    if action.state is BulkActionState.RUNNING:
        publish(session, message)


def stop(session: Session, action_id: UUID) -> BulkAction:
    """What is done stays done; whoever is left is left out. It may have just ended by itself."""
    action = bulk_queries.lock(session, action_id)
    if action.state is not BulkActionState.DONE:
        leave_rest_out(session, action, RestLeftOut.STOPPED)
    return action


def _do_batch(session: Session, action: BulkAction, by: Membership, most: int) -> None:
    if reason := impossible(session, action, by):
        leave_rest_out(session, action, reason)
        return
    declared, act = LISTS.get(action.list_name), bulk_queries.act_of(action)
    ids = bulk_queries.next_ids(session, action, most)
    options = options_of(action, by)
    if act.lock_first is not None:
        act.lock_first(session, options)
    _lock_rows(session, declared, ids)
    refused = dict(act.refusals(session, ids, options))
    doing = [row_id for row_id in ids if row_id not in refused]
    refused |= (act.apply(session, doing, options) or {}) if doing else {}
    leave_out(session, action, {row_id: refused[row_id] for row_id in ids if row_id in refused})
    _mark_done(session, action, [row_id for row_id in ids if row_id not in refused])
    if not bulk_queries.has_rows_to_do(session, action):
        move(session, action, BulkActionMove.FINISH)


def impossible(session: Session, action: BulkAction, by: Membership) -> RestLeftOut | None:
    """It was begun some time ago."""
    if not (by.is_active and by.has_role(*MANAGER_ROLES)):
        return RestLeftOut.MEMBER_GONE
    act, reader = bulk_queries.act_of(action), ListReader(session, by, utc_now())
    is_gone = act.choices is not None and not act.offers(action.choice, reader)
    return RestLeftOut.CHOICE_GONE if is_gone else None


def leave_rest_out(session: Session, action: BulkAction, reason: RestLeftOut) -> None:
    left = update(R).where(R.bulk_action_id == action.id, bulk_queries.IS_TO_DO)
    is_gathered = action.state is not BulkActionState.GATHERING
    move(session, action, BulkActionMove.STOP if is_gathered else BulkActionMove.GIVE_UP)
    session.execute(left.values(left_out=reason.value))


def options_of(action: BulkAction, by: Membership) -> BulkOptions:
    return BulkOptions(
        by=by,
        choice=action.choice,
        until=action.until,
        reason=action.reason,
        origin=origins.of_json(action.origin),
    )


def _lock_rows(session: Session, declared: DeclaredList, ids: Sequence[UUID]) -> None:
    if declared.lock is not None and ids:
        declared.lock(session, ids)


def add_rows(session: Session, action: BulkAction, ids: RowIds) -> None:
    found: Any = ids
    chosen = found.subquery()
    columns = [literal(tenant_of(session), Uuid), func.gen_random_uuid(), literal(action.id, Uuid), *chosen.c]
    rows = select(*columns, literal(""), literal(utc_now()))
    names = ["tenant_id", "id", "bulk_action_id", "row_id", "left_out", "created_at"]
    session.execute(insert(R).from_select(names, rows, include_defaults=False))


def leave_out(session: Session, action: BulkAction, refused: Refusals) -> None:
    by_reason: dict[str, list[UUID]] = {}
    for row_id, reason in refused.items():
        by_reason.setdefault(reason, []).append(row_id)
    for reason, ids in by_reason.items():
        _set(session, action, ids, {"left_out": reason})


def _mark_done(session: Session, action: BulkAction, ids: Sequence[UUID]) -> None:
    if ids:
        _set(session, action, ids, {"done_at": utc_now()})


def _set(session: Session, action: BulkAction, ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
    those = R.row_id == any_(literal([*ids], ARRAY(Uuid)))
    session.execute(update(R).where(R.bulk_action_id == action.id, those).values(values))


def _forget_old(session: Session, member: Membership) -> None:
    """What a person prepared and left, and what was done long ago."""
    own, now = BulkAction.by_id == member.id, utc_now()
    waiting = BulkAction.state.in_((BulkActionState.GATHERING, BulkActionState.PREPARED))
    left = waiting & (BulkAction.created_at < now - KEPT_PREPARED)
    over = (BulkAction.state == BulkActionState.DONE) & (BulkAction.created_at < now - KEPT_DONE)
    session.execute(delete(BulkAction).where(own, left | over))
