"""Opt-outs of an imported file: many at once, and never that somebody may be emailed again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.history import HistoryEntry
from portal.outreach.suppressions.actions import UNIQUE_COLUMNS
from portal.outreach.suppressions.address_hashes import address_hash
from portal.outreach.suppressions.history_actions import SuppressionAction
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import STAFF, Membership

BATCH = 1_000


class OptOut(NamedTuple):
    address: str  # as it is compared
    reason: SuppressionReason
    purpose: str
    heading: str  # the column that says so


class OptOutResult(NamedTuple):
    """What was different about some of them."""

    skipped_colleagues: set[OptOut]  # would lock out a colleague, so nothing was changed
    agreed_since: dict[
        OptOut, datetime
    ]  # had agreed here after an earlier file said so; suppressed all the same


def suppress_opt_outs(session: Session, import_id: UUID, opt_outs: Iterable[OptOut]) -> OptOutResult:
    """Suppress opt-outs. A flag has no day on it, so it holds against a consent that may be older."""
    kept, left = OptOutResult(set(), {}), iter(opt_outs)
    while part := list(islice(left, BATCH)):
        hashes = {each: address_hash(session, each.address) for each in part}
        kept.skipped_colleagues.update(_colleagues(session, part))
        kept.agreed_since.update(_agreed_since(session, hashes))
        _insert(
            session, import_id, {each: hashes[each] for each in part if each not in kept.skipped_colleagues}
        )
    return kept


def agreed_since(session: Session, opt_outs: Iterable[OptOut]) -> set[OptOut]:
    """Return those of people who agreed here after an earlier file opted them out."""
    agreed, left = set[OptOut](), iter(opt_outs)
    while part := list(islice(left, BATCH)):
        agreed |= _agreed_since(session, {each: address_hash(session, each.address) for each in part}).keys()
    return agreed


def lift_imported(session: Session, import_id: UUID) -> int:
    imported = update(Suppression).where(Suppression.import_id == import_id, Suppression.lifted_at.is_(None))
    return len(session.scalars(imported.values(lifted_at=utc_now()).returning(Suppression.id)).all())


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
            index_elements=UNIQUE_COLUMNS, index_where=Suppression.lifted_at.is_(None)
        )
        session.execute(once, rows)


def _erased(session: Session, hashes: Iterable[str]) -> set[str]:
    erased = select(Suppression.address_hash).where(Suppression.reason == SuppressionReason.ERASED)
    return set(session.scalars(erased.where(Suppression.address_hash.in_(list(hashes)))))


def _agreed_since(session: Session, hashes: dict[OptOut, str]) -> dict[OptOut, datetime]:
    """Return when they agreed, except those whose opt-out holds again."""
    was_reported = select(HistoryEntry.id).where(
        HistoryEntry.subject_type == Suppression.__tablename__,
        HistoryEntry.subject_id == Suppression.id,
        HistoryEntry.action == SuppressionAction.AGREED_AGAIN,
    )
    opted_out = (
        Suppression.reason == SuppressionReason.OPTED_OUT,
        Suppression.address_hash.in_(list(hashes.values())),
    )
    key = (Suppression.address_hash, Suppression.purpose)
    lifted = select(*key, Suppression.lifted_at).where(
        *opted_out, Suppression.lifted_at.is_not(None), was_reported.exists()
    )
    holds = {
        (row[0], row[1])
        for row in session.execute(select(*key).where(*opted_out, Suppression.lifted_at.is_(None)))
    }
    rows = session.execute(lifted.order_by(Suppression.lifted_at))
    agreed = {(row[0], row[1]): row[2] for row in rows if row[2]}
    keys = {each: (hashed, each.purpose) for each, hashed in hashes.items() if _is_opt_out(each)}
    return {each: agreed[key] for each, key in keys.items() if key in agreed and key not in holds}


def _is_opt_out(opt_out: OptOut) -> bool:
    return opt_out.reason is SuppressionReason.OPTED_OUT


def _colleagues(session: Session, opt_outs: Sequence[OptOut]) -> set[OptOut]:
    """Return colleagues among them, who must get the link to sign in."""
    hard = {each.address for each in opt_outs if not _is_opt_out(each)}
    if not hard:
        return set()
    here = select(Membership).where(Membership.email_norm.in_(hard), Membership.ended_at.is_(None))
    staff = {each.email_norm for each in session.scalars(here) if each.has_role(*STAFF)}
    return {each for each in opt_outs if each.address in staff and not _is_opt_out(each)}
