"""Addresses that turned out to be one mailbox: who stands there twice, and what a person has decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from portal import history
from portal.advocates.models import Advocate
from portal.errors import Conflict, NotFound
from portal.workspace.models import AddressCollision, Addressee
from tenants.addresses import normal_email
from tenants.clock import utc_now
from tenants.models import Membership

RESOLVED = "address collision resolved"
MOST = 100
TABLES = {Addressee.ADVOCATES: Advocate, Addressee.MEMBERSHIPS: Membership}


@dataclass(frozen=True)
class Pair:
    """`person` kept the old key, so the address now leads to `other`; none: to an account outside this workspace."""

    collision: AddressCollision
    person: Advocate | Membership
    other: Advocate | Membership | None

    @property
    def is_of_members(self) -> bool:
        return self.collision.subject_type is Addressee.MEMBERSHIPS


def unresolved(session: Session) -> Sequence[Pair]:
    return [pair for kind in Addressee for pair in _pairs(session, kind)]


def resolve(session: Session, collision_id: UUID, *, by: Membership) -> None:
    """A person has decided. Who kept the old key gets the new one where nobody else has it any longer."""
    found = session.scalar(
        select(AddressCollision).where(AddressCollision.id == collision_id).with_for_update()
    )
    if found is None:
        raise NotFound("There is no such pair of addresses.")
    if found.settled_at is not None:
        raise Conflict("A colleague has already resolved this. Nothing was changed.")
    found.settled_at, found.settled_by_id = utc_now(), by.id
    if found.subject_type is Addressee.ADVOCATES:
        _take_the_key(session, found.subject_id)
    history.record(session, found, RESOLVED, by=by)


def _pairs(session: Session, kind: Addressee) -> Sequence[Pair]:
    table: Any = TABLES[kind]
    person, other = aliased(table), aliased(table)
    rows = (
        select(AddressCollision, person, other)
        .join(person, person.id == AddressCollision.subject_id)
        .outerjoin(other, other.id == AddressCollision.other_id)
        .where(AddressCollision.subject_type == kind, AddressCollision.settled_at.is_(None))
        .order_by(AddressCollision.id)
        .limit(MOST)
    )
    return [Pair(*row) for row in session.execute(rows)]


def _take_the_key(session: Session, advocate_id: UUID) -> None:
    person = session.scalar(select(Advocate).where(Advocate.id == advocate_id).with_for_update())
    if person is None or "@" not in person.email:
        return
    key = normal_email(person.email)
    if not session.scalar(select(exists().where(Advocate.email_norm == key))):
        person.email_norm = key
