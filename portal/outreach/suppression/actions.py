"""An address gets no letter any more, for a reason; or gets them again, for another."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.history import HistoryEntry
from portal.outreach import freeing
from portal.outreach.suppression.hashing import address_hash
from portal.outreach.suppression.models import SAID, Reason, Suppression
from portal.signin import members
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import STAFF, Membership

ENTERED, LIFTED, AGREED_AGAIN = "entered by hand", "lifted", "agreed again"
UNIQUE = ("tenant_id", "address_hash", "purpose", "reason")


def suppress(
    session: Session,
    address: str,
    reason: Reason,
    *,
    purpose: str = "",
    letter_id: UUID | None = None,
    note: str = "",
    by: Membership | None = None,
) -> Suppression | None:
    """From now on. None: it holds already, or somebody at the same moment was quicker; that row stays as it is."""
    hashed = address_hash(session, address)
    row = insert(Suppression).values(
        tenant_id=tenant_of(session),
        address_hash=hashed,
        purpose=purpose,
        reason=reason,
        address=None if reason is Reason.ERASED or _is_erased(session, hashed) else address.strip(),
        note=note,
        letter_id=letter_id,
        by_id=by.id if by else None,
    )
    once = row.on_conflict_do_nothing(index_elements=UNIQUE, index_where=Suppression.lifted_at.is_(None))
    return session.scalar(once.returning(Suppression))


def suppress_by_hand(session: Session, address: str, note: str, *, by: Membership) -> Suppression | None:
    """A manager was told so. A colleague could not sign in any more, so that is not the way to part from one."""
    known = members.by_address(session, address)
    if known is not None and known.ended_at is None and known.may(*STAFF):
        raise Conflict(
            "%(name)s works here and could not sign in any more. An admin can end the membership instead.",
            name=known.name or known.email,
        )
    made = suppress(session, address, Reason.BY_HAND, note=note, by=by)
    if made is not None:
        history.record(session, made, ENTERED, by=by, note=note)
    return made


def lift(session: Session, suppression: Suppression, *, by: Membership, note: str) -> int:
    """Letters may leave again. How many of those it held are tried now; the others stay until somebody tries them."""
    if suppression.lifted_at is not None:
        raise Conflict("Somebody else has lifted this already. Nothing of yours was saved.")
    if not suppression.may_be_lifted:
        raise Conflict("Only the person behind the address can take this back, by agreeing again.")
    suppression.lifted_at = utc_now()
    history.record(session, suppression, LIFTED, by=by, note=note)
    return freeing.after_lifting(session, suppression.address) if suppression.address else 0


def lift_unsubscribed(session: Session, address: str, purposes: Mapping[str, datetime]) -> None:
    """The person agreed again: each purpose with when. What was ended after that stays ended."""
    if not purposes:
        return
    before = [
        and_(Suppression.purpose == purpose, Suppression.created_at < at) for purpose, at in purposes.items()
    ]
    mine = Suppression.address_hash == address_hash(session, address)
    ended = update(Suppression).where(
        mine, Suppression.reason.in_(SAID), Suppression.lifted_at.is_(None), or_(*before)
    )
    for row in session.scalars(ended.values(lifted_at=utc_now()).returning(Suppression)).all():
        history.record(session, row, AGREED_AGAIN)


def forget_address(session: Session, address: str) -> None:
    """Erasure: nothing readable stays, and still nobody ever writes there again."""
    mine = Suppression.address_hash == address_hash(session, address)
    told = HistoryEntry.subject_id.in_(select(Suppression.id).where(mine))
    notes = update(HistoryEntry).where(HistoryEntry.subject_kind == Suppression.__tablename__, told)
    session.execute(notes.values(detail={}))
    session.execute(
        update(Suppression).where(mine).values(address=None, note="", letter_id=None, import_id=None)
    )
    suppress(session, address, Reason.ERASED)


def _is_erased(session: Session, hashed: str) -> bool:
    erased = select(Suppression.id).where(
        Suppression.address_hash == hashed, Suppression.reason == Reason.ERASED
    )
    return session.scalar(erased.limit(1)) is not None
