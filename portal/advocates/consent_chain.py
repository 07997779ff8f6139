"""The ledger of consents: append-only, one hash chain per person.

Each line's hash covers the line before it, the exact words shown, and a salted digest of the personal fields.
Erasure drops fields and salt; the digest stays, so the chain still verifies while nobody can be found in it.
The app may add lines, and neither change nor remove one (tenants/database_roles.py). How the record is checked:
consent_verification.py.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.consent_hashes import digest_of, sha256_of, timestamp
from portal.advocates.models import (
    Advocate,
    ConsentEntry,
    ConsentPurpose,
    ConsentSource,
    ConsentText,
)
from tenants.clock import utc_now


@dataclass(frozen=True)
class _ConsentAct:
    granted: bool
    source: ConsentSource
    network_address: str


def give(
    session: Session, advocate: Advocate, text: ConsentText, source: ConsentSource, network_address: str = ""
) -> None:
    """Record that this person agreed to exactly these words; done twice it writes one entry."""
    lines = _lock_and_read(session, advocate)
    if active_consents(lines).get(text.purpose) != text.id:
        _append(session, advocate, lines, text, _ConsentAct(True, source, network_address))


def withdraw(
    session: Session,
    advocate: Advocate,
    purpose: ConsentPurpose,
    source: ConsentSource,
    network_address: str = "",
) -> None:
    lines = _lock_and_read(session, advocate)
    if text_id := active_consents(lines).get(purpose):
        text = session.scalars(select(ConsentText).where(ConsentText.id == text_id)).one()
        _append(session, advocate, lines, text, _ConsentAct(False, source, network_address))


def erase(session: Session, advocate: Advocate) -> int:
    """Drop personal fields and salt of an erased person, by the wall's own function; return how many entries."""
    session.flush()
    return len(session.scalars(select(func.wall.erase_consents(advocate.id))).all())


def active_consents(entries: Iterable[ConsentEntry]) -> dict[ConsentPurpose, UUID]:
    last = {entry.purpose: entry for entry in entries}
    return {purpose: entry.text_id for purpose, entry in last.items() if entry.granted}


def hash_of(entry: ConsentEntry, text: ConsentText) -> str:
    return sha256_of(
        entry.previous,
        [str(entry.advocate_id), entry.number, entry.purpose.value, entry.granted, timestamp(entry.at)],
        [text.purpose.value, text.version, text.title, text.text],
        [entry.source.value, entry.digest],
    )


def write_hashes(entry: ConsentEntry, text: ConsentText) -> None:
    entry.digest = digest_of(entry.salt or "", entry.personal or {})
    entry.hash = hash_of(entry, text)


def _append(
    session: Session, advocate: Advocate, entries: Sequence[ConsentEntry], text: ConsentText, act: _ConsentAct
) -> None:
    entry = ConsentEntry(
        advocate_id=advocate.id,
        number=len(entries) + 1,
        purpose=text.purpose,
        granted=act.granted,
        text_id=text.id,
        at=utc_now(),
        source=act.source,
        personal={"email": advocate.email, "network_address": act.network_address},
        salt=secrets.token_hex(16),
        previous=entries[-1].hash if entries else "",
    )
    write_hashes(entry, text)
    session.add(entry)
    advocate.consents = sorted(active_consents([*entries, entry]))


def _lock_and_read(session: Session, advocate: Advocate) -> Sequence[ConsentEntry]:
    """The lines so far; the person's row is locked, so that two lines cannot take one number."""
    session.flush()
    mine = select(Advocate.id).where(Advocate.id == advocate.id)
    session.execute(mine.with_for_update(key_share=True))  # emails to this person may still be written
    lines = select(ConsentEntry).where(ConsentEntry.advocate_id == advocate.id).order_by(ConsentEntry.number)
    return session.scalars(lines).all()
