"""Who uses a segment, in one question to all features."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.declarations.segment_uses import SEGMENT_USERS, SegmentUse
from tenants.rows_at_once import JsonRows, rows_at_once


def uses_of(session: Session, segment_id: UUID) -> list[SegmentUse]:
    return read_uses(rows_at_once(session, *use_rows(segment_id)))


def use_rows(segment_id: UUID) -> list[Select[*tuple[Any, ...]]]:
    return [_named(user.rows(segment_id)) for user in SEGMENT_USERS]


def read_uses(found: Sequence[JsonRows]) -> list[SegmentUse]:
    users = zip(SEGMENT_USERS, found, strict=True)
    return [SegmentUse(user, UUID(row["id"]), row["title"]) for user, rows in users for row in rows]


def _named(rows: Select[UUID, str]) -> Select[*tuple[Any, ...]]:
    found = rows.subquery()
    ids, titles = found.c
    return select(ids.label("id"), titles.label("title")).order_by(titles, ids)
