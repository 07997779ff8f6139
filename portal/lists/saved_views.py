"""Views of a list under a name: one's own, and those that colleagues share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.errors import Conflict, NotFound
from portal.lists.models import SavedView
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership

MOST = 50  # of one person and list
MAX_SHOWN = 100
VIEWS = "#views"  # the name of no tab


@dataclass(frozen=True)
class ListView:
    """A saved view as its list shows it."""

    id: UUID
    name: str
    arguments: Mapping[str, str]
    is_shared: bool
    is_own: bool


def views_column(list_name: str, member: Membership) -> ColumnElement[Any]:
    """One's own and those that are shared, as one value to be asked beside the rows of the list."""
    seen, is_own = or_(SavedView.by_id == member.id, SavedView.is_shared), SavedView.by_id == member.id
    columns = (SavedView.id, SavedView.name, SavedView.arguments, SavedView.is_shared, is_own.label("is_own"))
    views = select(*columns).where(SavedView.list_name == list_name, seen)
    some = views.order_by(func.lower(SavedView.name), SavedView.id).limit(MAX_SHOWN).subquery("views")
    whole = func.coalesce(func.jsonb_agg(func.to_jsonb(some.table_valued())), literal([], JSONB))
    return func.jsonb_build_object(VIEWS, select(whole).scalar_subquery(), type_=JSONB)


def views_of(found: Mapping[str, Any]) -> list[ListView]:
    return [ListView(**{**each, "id": UUID(each["id"])}) for each in found.get(VIEWS, ())]


def save(
    session: Session,
    list_name: str,
    name: str,
    arguments: Mapping[str, str],
    *,
    is_shared: bool,
    by: Membership,
) -> None:
    """Keep it under this name, in the place of one's own view of that name."""
    others = select(func.count()).where(
        SavedView.list_name == list_name, SavedView.by_id == by.id, SavedView.name != name
    )
    if (session.scalar(others) or 0) >= MOST:
        raise Conflict("You have %(count)s views of this list. Remove one first.", count=MOST)
    kept = {"arguments": dict(arguments), "is_shared": is_shared}
    key = {"tenant_id": tenant_of(session), "list_name": list_name, "by_id": by.id, "name": name}
    saved = insert(SavedView).values(id=uuid7(), created_at=utc_now(), **key, **kept)
    session.execute(saved.on_conflict_do_update(index_elements=[*key], set_=kept))


def remove(session: Session, view_id: UUID, *, by: Membership) -> SavedView:
    mine = select(SavedView).where(SavedView.id == view_id, SavedView.by_id == by.id)
    view = session.scalar(mine.with_for_update())
    if view is None:
        raise NotFound("We couldn’t find this view. Only whoever saved a view can remove it.")
    session.delete(view)
    return view
