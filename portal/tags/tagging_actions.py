"""Tags are put on accounts and people, on one or on many, and taken away."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from uuid_utils.compat import uuid7

from portal import history
from portal.accounts.models import Account
from portal.accounts.name_normalization import normal_name
from portal.advocates.models import Advocate
from portal.tags import queries
from portal.tags.actions import InvalidTag, create_missing, lapse_stated, lock_tags, remember_origin
from portal.tags.history_actions import TagAction
from portal.tags.models import BY_HAND, UNKNOWN_ORIGINS, Tag
from portal.tags.queries import Tagged, subject_column, tagged_by
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, tenant_of
from tenants.models import Membership

BATCH = 5_000  # rows of one statement


def change_tags(
    session: Session, subject: Account | Advocate, names: Sequence[str], *, by: Membership, may_create: bool
) -> bool:
    """Make these the tags of one row; retired ones that it has stay. Tell whether anything changed."""
    own = {tag.id: tag for tag in queries.tags_of(session, subject)}
    chosen = {tag.id: tag for tag in _tags_named(session, names, own, by=by, may_create=may_create)}
    added = [tag for tag_id, tag in chosen.items() if tag_id not in own]
    removed = [tag for tag_id, tag in own.items() if tag_id not in chosen and not tag.is_retired]
    if not added and not removed:
        return False
    flag_modified(subject, "external_id")  # whoever edits the row at the same time is told
    told = {"added": [tag.name for tag in added], "removed": [tag.name for tag in removed]}
    history.record(session, subject, TagAction.CHANGED, by=by, **told)
    moved = [tag.id for tag in (*added, *removed)]
    remember_origin(session, moved, [BY_HAND])
    _insert(session, tagged_by(subject), [(subject.id, tag.id) for tag in added], by)
    _delete(session, tagged_by(subject), [subject.id], [tag.id for tag in removed])
    lapse_stated(session, moved, by)
    return True


def tag_many(
    session: Session,
    tag: Tag,
    table: Tagged,
    ids: Sequence[UUID],
    *,
    by: Membership | None,
    filled_by: Iterable[str] = (BY_HAND,),
) -> int:
    """Put a tag on many accounts or people; return how many are new to it. `filled_by`: how they were chosen."""
    if tag.is_retired:
        raise _is_retired(tag)
    origins = list(filled_by)
    remember_origin(session, [tag.id], origins)
    found = _insert(session, table, [(each, tag.id) for each in ids], by)
    history.record_many(session, _subject_type(table), found, TagAction.CHANGED, by=by, added=[tag.name])
    if found and not UNKNOWN_ORIGINS.isdisjoint(origins):
        lapse_stated(session, [tag.id], by)
    return len(found)


def untag_many(
    session: Session, tag: Tag, table: Tagged, ids: Collection[UUID], *, by: Membership | None
) -> int:
    """Whoever chose who loses it chose who keeps it."""
    lock_tags(session, [tag.id])
    found = _delete(session, table, ids, [tag.id])
    history.record_many(session, _subject_type(table), found, TagAction.CHANGED, by=by, removed=[tag.name])
    if found:
        remember_origin(session, [tag.id], [BY_HAND])
        lapse_stated(session, [tag.id], by)
    return len(found)


def _tags_named(
    session: Session, names: Sequence[str], own: Collection[UUID], *, by: Membership, may_create: bool
) -> list[Tag]:
    found = queries.tags_named(session, names)
    if retired := next((tag for tag in found if tag.is_retired and tag.id not in own), None):
        raise _is_retired(retired)
    known = {tag.name_norm for tag in found}
    missing = [name for name in names if normal_name(name) not in known]
    if missing and not may_create:
        raise InvalidTag("There’s no tag called “%(name)s”. A program manager can add it.", name=missing[0])
    return [*found, *create_missing(session, missing, by=by)]


def _is_retired(tag: Tag) -> InvalidTag:
    return InvalidTag("“%(name)s” is retired. An admin can bring it back in the settings.", name=tag.name)


def _insert(
    session: Session, table: Tagged, pairs: Sequence[tuple[UUID, UUID]], by: Membership | None
) -> list[UUID]:
    """Return the accounts or people that did not have the tag."""
    column, found = subject_column(table), list[UUID]()
    given = {"tenant_id": tenant_of(session), "created_at": utc_now(), "version": 1}
    given |= {"by_id": by.id if by else None}
    for at in range(0, len(pairs), BATCH):
        some = pairs[at : at + BATCH]
        rows = [{"id": uuid7(), column.key: subject, "tag_id": tag, **given} for subject, tag in some]
        found += session.scalars(insert(table).values(rows).on_conflict_do_nothing().returning(column))
    return found


def _delete(
    session: Session, table: Tagged, subjects: Collection[UUID], tags: Collection[UUID]
) -> list[UUID]:
    column = subject_column(table)
    gone = delete(table).where(column.in_(subjects), table.tag_id.in_(tags)).returning(column)
    return list(session.scalars(gone, execution_options=WITHOUT_SYNC)) if subjects and tags else []


def _subject_type(table: Tagged) -> str:
    return subject_column(table).key.removesuffix("_id") + "s"
