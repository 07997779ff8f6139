"""Suppresses an address for a reason, or lifts that again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.outreach.suppressions.address_hashes import address_hashes
from portal.outreach.suppressions.history_actions import SuppressionAction
from portal.outreach.suppressions.models import OPT_OUT_REASONS, Suppression, SuppressionReason
from portal.outreach.suppressions.recheck_actions import recheck_after_lift
from portal.signin import memberships
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import STAFF, Membership

UNIQUE_COLUMNS = ("tenant_id", "address_hash", "purpose", "reason")


def suppress(
    session: Session,
    address: str,
    reason: SuppressionReason,
    *,
    purpose: str = "",
    email_id: UUID | None = None,
    note: str = "",
    by: Membership | None = None,
) -> Suppression | None:
    """Suppress from now on. None: it holds already, or somebody at the same moment was quicker."""
    hashes = address_hashes(session, address)
    if _is_suppressed(session, hashes[1:], reason, purpose):
        return None
    row = insert(Suppression).values(
        tenant_id=tenant_of(session),
        address_hash=hashes[0],
        purpose=purpose,
        reason=reason,
        address=None
        if reason is SuppressionReason.ERASED or _is_erased(session, hashes)
        else address.strip(),
        note=note,
        email_id=email_id,
        by_id=by.id if by else None,
    )
    once = row.on_conflict_do_nothing(
        index_elements=UNIQUE_COLUMNS, index_where=Suppression.lifted_at.is_(None)
    )
    return session.scalar(once.returning(Suppression))


def suppress_by_hand(session: Session, address: str, note: str, *, by: Membership) -> Suppression | None:
    """Suppress an address, but not a colleague's, who could not sign in any more."""
    known = memberships.by_email(session, address)
    if known is not None and known.ended_at is None and known.has_role(*STAFF):
        raise Conflict(
            "%(name)s works here and would no longer be able to sign in. An admin can end the membership instead.",
            name=known.name or known.email,
        )
    made = suppress(session, address, SuppressionReason.BY_HAND, note=note, by=by)
    if made is not None:
        history.record(session, made, SuppressionAction.ENTERED, by=by, note=note)
    return made


def lift(session: Session, suppression: Suppression, *, by: Membership, note: str) -> int:
    """Lift it and return how many emails are tried now; the others wait until somebody tries them."""
    if suppression.lifted_at is not None:
        raise Conflict("Someone else has already removed this. Nothing was saved.")
    if not suppression.is_liftable:
        raise Conflict("Only the person with this address can undo this, by consenting again.")
    for row in (suppression, *_same_under_older_hashes(session, suppression)):
        row.lifted_at = utc_now()
        history.record(session, row, SuppressionAction.LIFTED, by=by, note=note)
    return recheck_after_lift(session, suppression.address) if suppression.address else 0


def lift_opt_outs(session: Session, address: str, purposes: Mapping[str, datetime]) -> None:
    """Lift what each purpose was ended by before the moment it was agreed to again."""
    if not purposes:
        return
    before = [
        and_(Suppression.purpose == purpose, Suppression.created_at < at) for purpose, at in purposes.items()
    ]
    mine = Suppression.address_hash.in_(address_hashes(session, address))
    ended = update(Suppression).where(
        mine, Suppression.reason.in_(OPT_OUT_REASONS), Suppression.lifted_at.is_(None), or_(*before)
    )
    for row in session.scalars(ended.values(lifted_at=utc_now()).returning(Suppression)).all():
        history.record(session, row, SuppressionAction.AGREED_AGAIN)


def erase_address(session: Session, address: str) -> None:
    """Erase what is readable; nobody ever writes there again, all the same."""
    mine = Suppression.address_hash.in_(address_hashes(session, address))
    gone = update(Suppression).where(mine).values(address=None, note="", email_id=None, import_id=None)
    history.erase_details(session, session.scalars(gone.returning(Suppression.id)).all())
    suppress(session, address, SuppressionReason.ERASED)


def _is_suppressed(session: Session, hashes: Sequence[str], reason: SuppressionReason, purpose: str) -> bool:
    """Tell whether it is suppressed already, also under a hash from before addresses had today's key."""
    return bool(hashes) and session.scalar(_active(hashes, reason, purpose).limit(1)) is not None


def _same_under_older_hashes(session: Session, row: Suppression) -> Sequence[Suppression]:
    """Match the same entry for another spelling of this address, from before spellings were one."""
    if not row.address or len(hashes := address_hashes(session, row.address)) == 1:
        return ()
    others = _active(hashes, row.reason, row.purpose).where(Suppression.id != row.id)
    return session.scalars(others.with_for_update(skip_locked=True)).all()


def _active(hashes: Sequence[str], reason: SuppressionReason, purpose: str) -> Select[Suppression]:
    its = (Suppression.address_hash.in_(hashes), Suppression.reason == reason, Suppression.purpose == purpose)
    return select(Suppression).where(*its, Suppression.lifted_at.is_(None))


def _is_erased(session: Session, hashes: Sequence[str]) -> bool:
    erased = select(Suppression.id).where(
        Suppression.address_hash.in_(hashes), Suppression.reason == SuppressionReason.ERASED
    )
    return session.scalar(erased.limit(1)) is not None
