"""Tags are made, renamed, retired, and vouched for."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import all_, func, literal, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal import history
from portal.accounts.name_normalization import normal_name
from portal.declarations.attributes import forget_attributes
from portal.declarations.origin_statement import (
    lapse_statements,
    lock_for_statement,
    lock_statements,
    write_statement,
)
from portal.errors import Conflict, DomainError
from portal.tags import queries
from portal.tags.history_actions import TagAction
from portal.tags.models import Tag
from portal.unique_names import refuse_taken_name
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, tenant_of
from tenants.models import Membership


class InvalidTag(DomainError):
    """It can't be made, or not be put on somebody."""


def create(session: Session, name: str, *, by: Membership) -> Tag:
    _insist_on_new_name(session, name)
    return create_missing(session, [name], by=by)[0]


def create_missing(session: Session, names: Sequence[str], *, by: Membership) -> list[Tag]:
    """Whoever makes the same tag at the same moment makes one with us."""
    if not names:
        return []
    given = {"tenant_id": tenant_of(session), "created_at": utc_now(), "version": 1}
    given |= {"filled_by": [], "statement": ""}
    rows = [{"id": uuid7(), "name": name, "name_norm": normal_name(name), **given} for name in names]
    made = session.scalars(insert(Tag).values(rows).on_conflict_do_nothing().returning(Tag.id)).all()
    tags = queries.tags_named(session, names)
    for tag in (tag for tag in tags if tag.id in made):
        history.record(session, tag, TagAction.CREATED, by=by, name=tag.name)
    return tags


def rename(session: Session, tag: Tag, name: str, *, by: Membership, seen_version: str) -> None:
    _check_version(tag, seen_version)
    if name == tag.name:
        return
    if normal_name(name) != tag.name_norm:
        _insist_on_new_name(session, name)
    before = tag.name
    with refuse_taken_name(session, _name_taken(name)):
        tag.name, tag.name_norm = name, normal_name(name)
    history.record(session, tag, TagAction.RENAMED, by=by, before=before, after=name)


def retire(session: Session, tag: Tag, *, by: Membership) -> None:
    """It stays on everybody who has it, and is no longer offered."""
    if not tag.is_retired:
        tag.retired_at = utc_now()
        history.record(session, tag, TagAction.RETIRED, by=by)


def restore(session: Session, tag: Tag, *, by: Membership) -> None:
    if tag.is_retired:
        tag.retired_at = None
        history.record(session, tag, TagAction.RESTORED, by=by)


def state_origin(session: Session, tag: Tag, text: str, *, by: Membership, seen_version: str) -> None:
    """Write down, or take back, that nothing of the tag comes from satisfaction."""
    lock_for_statement(session, tag)
    _check_version(tag, seen_version)
    if write_statement(tag, text, by=by):
        action = TagAction.STATED if tag.has_statement else TagAction.STATEMENT_WITHDRAWN
        history.record(session, tag, action, by=by, text=tag.statement)


def lock_tags(session: Session, tag_ids: Collection[UUID]) -> None:
    """After the people and before what says that they have the tags."""
    lock_statements(session, Tag, tag_ids)


def remember_origin(session: Session, tag_ids: Collection[UUID], filled_by: Iterable[str]) -> None:
    """Note how these tags came to those who have them."""
    lock_tags(session, tag_ids)
    for origin in filled_by:
        is_new = (Tag.id.in_(tag_ids), literal(origin) != all_(Tag.filled_by))
        longer = func.array_append(Tag.filled_by, origin)
        session.execute(update(Tag).where(*is_new).values(filled_by=longer), execution_options=WITHOUT_SYNC)


def lapse_stated(session: Session, tag_ids: Collection[UUID], by: Membership | None = None) -> None:
    """Somebody or some file decided anew who has these tags: what was stated was said of others."""
    for tag in lapse_statements(session, Tag, tag_ids):
        history.record(session, tag, TagAction.STATEMENT_LAPSED, by=by)
        forget_attributes(session)


def _insist_on_new_name(session: Session, name: str) -> None:
    if queries.tags_named(session, [name]):
        raise _name_taken(name)


def _name_taken(name: str) -> InvalidTag:
    return InvalidTag("There’s already a tag called “%(name)s”.", name=name)


def _check_version(tag: Tag, seen_version: str) -> None:
    if str(tag.version) != seen_version:
        raise Conflict(
            "Someone else changed “%(name)s” while you had this page open. Your change wasn’t saved.",
            name=tag.name,
        )
