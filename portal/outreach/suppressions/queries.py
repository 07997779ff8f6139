"""Reads suppressed addresses."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, any_, func, select
from sqlalchemy.orm import Session, joinedload

from portal.declarations.email_kinds import EMAIL_KINDS
from portal.errors import NotFound
from portal.outreach.models import Email
from portal.outreach.suppressions.address_hashes import addresses_by_hash
from portal.outreach.suppressions.blocking import ReasonAndPurpose
from portal.outreach.suppressions.models import OPT_OUT_REASONS, Suppression, SuppressionReason
from tenants.email_addresses import normalize_email, spellings


class SuppressionTab(StrEnum):
    ACTIVE = "active"
    LIFTED = "lifted"


class CausingEmail(NamedTuple):
    id: UUID
    kind: str
    created_at: datetime


def active_suppressions(
    session: Session, addresses: Collection[str]
) -> Mapping[str, Sequence[ReasonAndPurpose]]:
    """Map addresses to all that holds for them, in one query; whoever is missing can be emailed."""
    known = addresses_by_hash(session, addresses)
    asked = func.string_to_array(
        ",".join(known), ",", type_=ARRAY(Text)
    )  # one text is sent faster than a list
    rows = select(Suppression.address_hash, Suppression.reason, Suppression.purpose).where(
        Suppression.address_hash == any_(asked), Suppression.lifted_at.is_(None)
    )
    suppressions: dict[str, list[ReasonAndPurpose]] = {}
    for hashed, reason, purpose in session.execute(rows):
        for address in known[hashed]:
            suppressions.setdefault(address, []).append((reason, purpose))
    return suppressions


def suppressed_spellings(session: Session) -> set[str] | None:
    """All that are suppressed, in every spelling; None where one is known by its hash alone, as after an erasure."""
    addresses = session.scalars(select(Suppression.address).where(Suppression.lifted_at.is_(None))).all()
    if None in addresses:
        return None
    return {spelling for address in addresses if address for spelling in spellings(address)}


def suppressions_of(session: Session, address: str) -> Sequence[ReasonAndPurpose]:
    return active_suppressions(session, [address]).get(normalize_email(address), ())


def unsubscribed_from(session: Session, address: str) -> frozenset[str]:
    held = suppressions_of(session, address)
    return frozenset(purpose for reason, purpose in held if reason in OPT_OUT_REASONS)


def has_opted_out_of(session: Session, address: str, purpose: str) -> bool:
    return bool(addresses_opted_out_of(session, [address], purpose))


def addresses_opted_out_of(session: Session, addresses: Collection[str], purpose: str) -> set[str]:
    """Those of them, normalized, whose opt-out an imported file says."""
    held = active_suppressions(session, addresses).items()
    return {address for address, reasons in held if is_opted_out(reasons, purpose)}


def is_opted_out(held: Sequence[ReasonAndPurpose], purpose: str) -> bool:
    return any(reason is SuppressionReason.OPTED_OUT and about in ("", purpose) for reason, about in held)


def opted_out_addresses(purpose: str) -> Select[str | None]:
    opted_out = (Suppression.reason == SuppressionReason.OPTED_OUT, Suppression.purpose.in_(["", purpose]))
    active = (Suppression.lifted_at.is_(None), Suppression.address.is_not(None))
    return select(Suppression.address).where(*opted_out, *active)


def get(session: Session, suppression_id: UUID) -> Suppression:
    rows = select(Suppression).where(Suppression.id == suppression_id).options(joinedload(Suppression.by))
    suppression = session.scalar(rows)
    if suppression is None:
        raise NotFound("We couldn’t find this entry.")
    return suppression


def lock_suppression(session: Session, suppression_id: UUID) -> Suppression:
    suppression = session.scalar(
        select(Suppression).where(Suppression.id == suppression_id).with_for_update()
    )
    if suppression is None:
        raise NotFound("We couldn’t find this entry.")
    return suppression


def causing_emails(session: Session, rows: Iterable[Suppression]) -> Mapping[UUID, CausingEmail]:
    ids = [row.email_id for row in rows if row.email_id]
    shown = select(Email.id, Email.kind, Email.created_at).where(Email.id.in_(ids))
    causes = session.execute(shown.where(Email.kind.not_in(EMAIL_KINDS.hidden_from_staff))) if ids else ()
    return {each[0]: CausingEmail(*each) for each in causes}
