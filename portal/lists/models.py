"""Views of lists that people saved, and what was done with many rows at once: each of those rows is kept by its id."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.lifecycle import Lifecycle
from portal.lists.lifecycles import LIFECYCLE, BulkActionMove, BulkActionState
from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant

__all__ = [
    "LIFECYCLE",
    "BulkAction",
    "BulkActionContinued",
    "BulkActionGathered",
    "BulkActionMove",
    "BulkActionRow",
    "BulkActionState",
    "RestLeftOut",
    "SavedView",
]


class SavedView(TenantOwned):
    """The arguments of a list's address under a name."""

    __tablename__ = "saved_views"
    rules = (
        same_tenant("by_id", "memberships"),
        UniqueConstraint("tenant_id", "list_name", "by_id", "name"),
        CheckConstraint("name <> ''", name="has_a_name"),
    )
    list_name: Mapped[str]
    name: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    by_id: Mapped[UUID]
    is_shared: Mapped[bool] = mapped_column(default=False)


class BulkAction(TenantOwned):
    """An act on the rows that somebody chose: exactly those, whatever the filter finds by the time it is done."""

    __tablename__ = "bulk_actions"
    lifecycle: ClassVar[Lifecycle[BulkActionState, BulkActionMove]] = LIFECYCLE
    rules = (
        same_tenant("by_id", "memberships"),
        Index("ix_bulk_actions_by", "tenant_id", "by_id", "created_at"),
        CheckConstraint(
            "(state IN ('gathering', 'prepared')) = (started_at IS NULL)", name="started_unless_prepared"
        ),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="finished_once_done"),
    )
    list_name: Mapped[str]
    act_name: Mapped[str]
    arguments: Mapped[dict[str, Any]]  # of the list's address, for the way back
    choice: Mapped[str] = mapped_column(default="")
    origin: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # of the rows, as declarations/origins.py writes it
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID]
    state: Mapped[BulkActionState] = mapped_column(default=LIFECYCLE.initial)
    gathered_to: Mapped[UUID | None]  # of its rows, in order: up to here we know who is left out
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class RestLeftOut(StrEnum):
    """Why those who were left were left out all at once, whatever the act."""

    STOPPED = "stopped"
    CHOICE_GONE = "choice_gone"  # the tag was retired, or the list is gone or private
    MEMBER_GONE = "member_gone"  # whoever began it has left, or may not do it any more


class BulkActionRow(TenantOwned):
    """A row that was chosen: left out with a reason, done, or still to do."""

    __tablename__ = "bulk_action_rows"
    rules = (
        same_tenant("bulk_action_id", "bulk_actions", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "bulk_action_id", "row_id"),
        CheckConstraint("left_out = '' OR done_at IS NULL", name="done_or_left_out"),
        Index(
            "ix_bulk_action_rows_to_do",
            "tenant_id",
            "bulk_action_id",
            "row_id",
            postgresql_where="left_out = '' AND done_at IS NULL",
        ),
    )
    bulk_action_id: Mapped[UUID]
    row_id: Mapped[UUID]  # of the list's table
    left_out: Mapped[str] = mapped_column(default="")  # code of the reason; each act has its own
    done_at: Mapped[datetime | None]


@dataclass(frozen=True)
class BulkActionGathered(Message):
    """Rows are left to look at before its preview can be shown."""

    bulk_action_id: UUID


@dataclass(frozen=True)
class BulkActionContinued(Message):
    """Rows are left to do."""

    bulk_action_id: UUID
