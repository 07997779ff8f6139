"""What an admin states in writing about answers that people gave when they joined: kept by workspace and attribute.

Until then such an attribute (`needs_statement`) keeps an audience out of reviews.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal import history
from portal.declarations.attributes import ATTRIBUTES, Attribute, AttributeSource, forget_attributes
from portal.declarations.origin_statement import write_statement
from portal.errors import Conflict, NotFound
from portal.segments.history_actions import SegmentAction
from portal.segments.models import AttributeStatement
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership
from tenants.rows_at_once import JsonRows


def needing_statement() -> list[Attribute]:
    return [one for one in ATTRIBUTES if one.needs_statement]


def statements(session: Session) -> Mapping[str, AttributeStatement]:
    return {each.attribute: each for each in session.scalars(select(AttributeStatement))}


def state_attribute(
    session: Session, name: str, text: str, *, by: Membership, seen_version: str
) -> AttributeStatement:
    """Write down, or take back, that nothing of it comes from satisfaction. Of two admins the second is told."""
    if name not in {one.name for one in needing_statement()}:
        raise NotFound("We couldn’t find this.")
    row = _locked(session, name)
    if str(row.version) != (seen_version or "0"):
        raise Conflict(
            "Someone else changed this statement while you had this page open. Yours wasn’t saved."
        )
    if write_statement(row, text, by=by):
        action = SegmentAction.ATTRIBUTE_STATED if row.statement else SegmentAction.ATTRIBUTE_WITHDRAWN
        history.record(session, row, action, by=by, text=row.statement)
        forget_attributes(session)
    return row


def _locked(session: Session, name: str) -> AttributeStatement:
    key = {"tenant_id": tenant_of(session), "attribute": name}
    new = insert(AttributeStatement).values(id=uuid7(), created_at=utc_now(), statement="", version=0, **key)
    session.execute(new.on_conflict_do_nothing(index_elements=[*key]))
    mine = select(AttributeStatement).where(AttributeStatement.attribute == name)
    return session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()


def _stated_rows() -> Select[*tuple[Any, ...]]:
    return select(AttributeStatement.attribute).where(AttributeStatement.stated_at.is_not(None))


def _stated_attributes(rows: JsonRows) -> Sequence[Attribute]:
    """As they are declared, and allowed: they take the place of those that every workspace has."""
    found = (ATTRIBUTES.find(row["attribute"]) for row in rows)
    stated = [one for one in found if one is not None and one.needs_statement]
    return [replace(one, needs_statement=False, allowed_for_reviews=True) for one in stated]


SOURCE = AttributeSource("statements about attributes", _stated_rows, _stated_attributes)
