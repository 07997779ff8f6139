"""Who uses a segment, in one question to all features."""

from uuid import UUID

from sqlalchemy import String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from portal.declarations.segment_uses import SEGMENT_USERS, SegmentUse


def uses_of(session: Session, segment_id: UUID) -> list[SegmentUse]:
    if not len(SEGMENT_USERS):
        return []
    parts = []
    for user in SEGMENT_USERS:
        rows = user.rows(segment_id).subquery()
        ids, titles = rows.c
        parts.append(
            select(cast(literal(user.name), String).label("name"), ids.label("id"), titles.label("title"))
        )
    found = union_all(*parts).subquery("uses")
    rows_of_all = session.execute(select(found).order_by(found.c.name, found.c.title, found.c.id))
    return [SegmentUse(SEGMENT_USERS.get(name), row_id, title) for name, row_id, title in rows_of_all]
