"""Addresses that turned out to be one mailbox: who is there twice, and what a person has decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal import history
from portal.advocates.models import Advocate
from portal.errors import Conflict, NotFound
from portal.i18n import mark
from portal.workspace.models import AddressCollision, CollisionTable, WorkspaceAction
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tenants.models import Membership

ALREADY_RESOLVED = mark("A colleague has already resolved this. Nothing was changed.")
PERSON_GONE = mark("One of these two people is gone, so there’s nothing left to decide. Nothing was changed.")
MAX_PAIRS = 100
TABLES = {CollisionTable.ADVOCATES: Advocate, CollisionTable.MEMBERSHIPS: Membership}


@dataclass(frozen=True)
class CollisionPair:
    """`person` kept the old key, so the address now leads to `other`; none: to an account outside this workspace."""

    collision: AddressCollision
    person: Advocate | Membership
    other: Advocate | Membership | None

    @property
    def is_of_members(self) -> bool:
        return self.collision.subject_type is CollisionTable.MEMBERSHIPS


def unresolved(session: Session) -> Sequence[CollisionPair]:
    return [pair for kind in CollisionTable for pair in _pairs(session, kind)]


def resolve(session: Session, collision_id: UUID, *, keeps_subject: bool = False, by: Membership) -> None:
    """Settle it. With `keeps_subject` the address leads to who kept the old key."""
    found = session.scalar(
        select(AddressCollision).where(AddressCollision.id == collision_id).with_for_update()
    )
    if found is None:
        raise NotFound("This pair of addresses doesn’t exist.")
    if found.resolved_at is not None:
        raise Conflict(ALREADY_RESOLVED if found.resolved_by_id else PERSON_GONE)
    found.resolved_at, found.resolved_by_id = utc_now(), by.id
    if keeps_subject and found.subject_type is CollisionTable.ADVOCATES:
        _give_address_to(session, found)
    history.record(
        session,
        found,
        WorkspaceAction.COLLISION_RESOLVED,
        by=by,
        keeps=str(found.subject_id if keeps_subject else found.other_id),
    )


def _pairs(session: Session, kind: CollisionTable) -> Sequence[CollisionPair]:
    table: Any = TABLES[kind]
    person, other = aliased(table), aliased(table)
    rows = (
        select(AddressCollision, person, other)
        .join(person, person.id == AddressCollision.subject_id)
        .outerjoin(other, other.id == AddressCollision.other_id)
        .where(AddressCollision.subject_type == kind, AddressCollision.resolved_at.is_(None))
        .order_by(AddressCollision.id)
        .limit(MAX_PAIRS)
    )
    return [CollisionPair(*row) for row in session.execute(rows)]


def _give_address_to(session: Session, collision: AddressCollision) -> None:
    """Both rows stay; they swap keys, unless the key has left this pair or the address is gone."""
    ids = [collision.subject_id, collision.other_id]
    rows = session.scalars(
        select(Advocate).where(Advocate.id.in_(ids)).order_by(Advocate.id).with_for_update()
    )
    people = {person.id: person for person in rows}
    kept, other = people.get(collision.subject_id), people.get(collision.other_id or collision.subject_id)
    if kept is None:
        raise Conflict(PERSON_GONE)
    key = normalize_email(kept.email)
    holder = session.scalar(select(Advocate.id).where(Advocate.email_norm == key))
    if "@" not in key or holder not in {None, collision.other_id}:
        raise Conflict(
            "Someone else uses this address now, so it can’t be linked to %(name)s.", name=kept.name
        )
    if other is not None and holder == other.id:
        old, other.email_norm = kept.email_norm, f"{other.id}"  # on the way: no two may have the same
        session.flush()
        kept.email_norm = key
        session.flush()
        other.email_norm = old
    kept.email_norm = key
