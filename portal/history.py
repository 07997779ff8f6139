"""What happened to a row, who did it, when and why: append-only, written with the change."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Insert, Uuid, bindparam, func, insert, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from portal.id_arrays import joined, named_array
from tenants.base import TenantOwned, same_tenant
from tenants.database import tenant_of
from tenants.models import Membership


class HistoryAction(StrEnum):
    """What was done to a row of a feature: each feature names its own, and its `labels.py` puts them into words.

    The values stand in lines that are never changed, so a value that was written once keeps its meaning.
    """


class HistoryEntry(TenantOwned):
    __tablename__ = "history"
    rules = (
        same_tenant("by_id", "memberships"),
        Index("ix_history_subject", "tenant_id", "subject_type", "subject_id", "id"),
        Index("ix_history_action", "tenant_id", "action", "id"),
    )
    subject_type: Mapped[str]  # the table's name
    subject_id: Mapped[UUID]
    action: Mapped[str]  # of a `HistoryAction`, a verb in the past: "asked", "budget_overridden"
    by_id: Mapped[UUID | None]  # nobody: the software itself, or a person without an account
    by_name: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


HISTORY = HistoryEntry.metadata.tables[HistoryEntry.__tablename__]


def record(
    session: Session,
    subject: TenantOwned,
    action: HistoryAction,
    *,
    by: Membership | None = None,
    **detail: Any,
) -> None:
    """Append one line about `subject`. `detail` holds plain JSON values."""
    session.flush()  # the subject needs its key
    session.add(
        HistoryEntry(
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            action=action,
            by_id=by.id if by else None,
            by_name=by.name if by else "",
            detail=detail,
        )
    )


def record_many(
    session: Session,
    subject_type: str,
    subject_ids: Sequence[UUID],
    action: HistoryAction,
    *,
    by: Membership | None = None,
    **detail: Any,
) -> None:
    """One line each, all with the same detail, in one statement."""
    if not subject_ids:
        return
    alike = {
        "tenant_id": tenant_of(session),
        "subject_type": subject_type,
        "action": action.value,
        "by_id": by.id if by else None,
        "by_name": by.name if by else "",
        "detail": detail,
    }
    each = {"ids": joined(uuid7() for _ in subject_ids), "subjects": joined(subject_ids)}
    session.execute(_new_lines(tuple(alike)), alike | each)


@cache
def _new_lines(alike: tuple[str, ...]) -> Insert:
    given = func.unnest(named_array("ids"), named_array("subjects"))
    each = given.table_valued("id", "subject_id").render_derived()
    columns = (bindparam(name, type_=HISTORY.columns[name].type) for name in alike)
    lines = select(each.c.id, each.c.subject_id, *columns)
    return insert(HISTORY).from_select(["id", "subject_id", *alike], lines)


def erase_details(session: Session, ids: Sequence[UUID]) -> None:
    """What was noted about erased rows goes, by the wall's own function; that something happened stays."""
    session.execute(select(func.wall.erase_history(func.unnest(literal(ids, ARRAY(Uuid))))))


def entries_about(session: Session, subject: TenantOwned, *, limit: int = 100) -> Sequence[HistoryEntry]:
    """The newest lines about a row, newest first."""
    about = (HistoryEntry.subject_type == subject.__tablename__, HistoryEntry.subject_id == subject.id)
    return session.scalars(
        select(HistoryEntry).where(*about).order_by(HistoryEntry.id.desc()).limit(limit)
    ).all()
