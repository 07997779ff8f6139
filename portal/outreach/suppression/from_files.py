"""What an imported file says about addresses: many at once, and never that somebody may be written to again."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.history import HistoryEntry
from portal.outreach.suppression.actions import AGREED_AGAIN, UNIQUE
from portal.outreach.suppression.hashing import address_hash
from portal.outreach.suppression.models import Reason, Suppression
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import STAFF, Membership

PART = 1_000


class OptOut(NamedTuple):
    address: str  # as it is compared
    reason: Reason
    purpose: str
    heading: str  # the column that says so


def suppress_all(session: Session, import_id: UUID, opt_outs: Iterable[OptOut]) -> set[OptOut]:
    """Those of them that a later word of the person keeps from holding, or that would lock out a colleague."""
    passed, left = set[OptOut](), iter(opt_outs)
    while part := list(islice(left, PART)):
        hashes = {each: address_hash(session, each.address) for each in part}
        kept_out = _agreed_again(session, hashes) | _colleagues(session, part)
        passed |= kept_out
        _insert(session, import_id, {each: hashes[each] for each in part if each not in kept_out})
    return passed


def lift_all(session: Session, import_id: UUID) -> int:
    """Somebody undid the import and said that it was wrong about this."""
    mine = update(Suppression).where(Suppression.import_id == import_id, Suppression.lifted_at.is_(None))
    return len(session.scalars(mine.values(lifted_at=utc_now()).returning(Suppression.id)).all())


def _insert(session: Session, import_id: UUID, opt_outs: dict[OptOut, str]) -> None:
    erased = _erased(session, opt_outs.values())
    rows = [
        {
            "tenant_id": tenant_of(session),
            "address_hash": hashed,
            "purpose": each.purpose,
            "reason": each.reason,
            "address": None if hashed in erased else each.address,
            "note": each.heading,
            "import_id": import_id,
        }
        for each, hashed in opt_outs.items()
    ]
    if rows:
        once = insert(Suppression).on_conflict_do_nothing(
            index_elements=UNIQUE, index_where=Suppression.lifted_at.is_(None)
        )
        session.execute(once, rows)


def _erased(session: Session, hashes: Iterable[str]) -> set[str]:
    erased = select(Suppression.address_hash).where(Suppression.reason == Reason.ERASED)
    return set(session.scalars(erased.where(Suppression.address_hash.in_(list(hashes)))))


def _agreed_again(session: Session, hashes: dict[OptOut, str]) -> set[OptOut]:
    """They had opted out there before they agreed here, so the file says nothing new."""
    told = select(HistoryEntry.id).where(
        HistoryEntry.subject_kind == Suppression.__tablename__,
        HistoryEntry.subject_id == Suppression.id,
        HistoryEntry.what == AGREED_AGAIN,
    )
    lifted = select(Suppression.address_hash, Suppression.purpose).where(
        Suppression.reason == Reason.OPTED_OUT,
        Suppression.lifted_at.is_not(None),
        Suppression.address_hash.in_(list(hashes.values())),
        told.exists(),
    )
    agreed = {tuple(row) for row in session.execute(lifted)}
    return {each for each, hashed in hashes.items() if (hashed, each.purpose) in agreed and _is_said(each)}


def _is_said(opt_out: OptOut) -> bool:
    return opt_out.reason is Reason.OPTED_OUT


def _colleagues(session: Session, opt_outs: Sequence[OptOut]) -> set[OptOut]:
    """Who works here must get the link to sign in."""
    hard = {each.address for each in opt_outs if not _is_said(each)}
    if not hard:
        return set()
    here = select(Membership).where(Membership.email_norm.in_(hard), Membership.ended_at.is_(None))
    staff = {each.email_norm for each in session.scalars(here) if each.may(*STAFF)}
    return {each for each in opt_outs if each.address in staff and not _is_said(each)}
