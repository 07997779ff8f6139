from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.address_change_models import AddressChange
from portal.advocates.models import Advocate
from portal.errors import NotFound


def get(session: Session, change_id: UUID) -> AddressChange:
    change = session.scalar(select(AddressChange).where(AddressChange.id == change_id))
    if change is None:
        raise NotFound("We couldn’t find this change of address.")
    return change


def open_change(session: Session, advocate: Advocate) -> AddressChange | None:
    waiting = AddressChange.confirmed_at.is_(None), AddressChange.withdrawn_at.is_(None)
    return session.scalar(select(AddressChange).where(AddressChange.advocate_id == advocate.id, *waiting))


def changes_of(session: Session, advocate: Advocate) -> Sequence[AddressChange]:
    changes = select(AddressChange).where(AddressChange.advocate_id == advocate.id)
    return session.scalars(changes.order_by(AddressChange.id)).all()


def is_of_former_address(session: Session, advocate_id: UUID, version: int) -> bool:
    """Tell whether a link of this version was sent to an address that is not theirs any more."""
    later = select(AddressChange.id).where(
        AddressChange.advocate_id == advocate_id, AddressChange.first_link_version > version
    )
    return session.scalar(later.limit(1)) is not None
