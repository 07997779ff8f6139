"""The ledger of consents: append-only, one hash chain per person.

Each line's hash covers the line before it, the exact words shown, and a salted digest of the personal fields.
Erasure drops fields and salt; the digest stays, so the chain still verifies while nobody can be found in it.
The app may add lines, and neither change nor remove one (tenants/roles.py). How the record is checked:
consent_check.py.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import outbox
from portal.advocates.models import Advocate, ConsentEntry, ConsentGiven, ConsentWords, Purpose, Source
from tenants.clock import utc_now


@dataclass(frozen=True)
class _Said:
    given: bool
    source: Source
    place: str


def give(session: Session, advocate: Advocate, words: ConsentWords, source: Source, place: str = "") -> None:
    """Write that this person agreed to exactly these words. Saying it twice writes one line."""
    lines = _locked(session, advocate)
    if agreed(lines).get(words.purpose) != words.id:
        _append(session, advocate, lines, words, _Said(True, source, place))
        outbox.put(session, ConsentGiven(advocate.id))


def withdraw(session: Session, advocate: Advocate, purpose: Purpose, source: Source, place: str = "") -> None:
    """Write that this person took back what they had agreed to."""
    lines = _locked(session, advocate)
    if words_id := agreed(lines).get(purpose):
        words = session.scalars(select(ConsentWords).where(ConsentWords.id == words_id)).one()
        _append(session, advocate, lines, words, _Said(False, source, place))


def erase(session: Session, advocate: Advocate) -> int:
    """Drop personal fields and salt of a person whose state is erased, by the wall's own function; how many lines."""
    session.flush()
    return len(session.scalars(select(func.wall.erase_consents(advocate.id))).all())


def agreed(entries: Iterable[ConsentEntry]) -> dict[Purpose, UUID]:
    """What holds after the last line: each purpose agreed to, with the words that were shown."""
    last = {entry.purpose: entry for entry in entries}
    return {purpose: entry.words_id for purpose, entry in last.items() if entry.given}


def digest_of(salt: str, personal: Mapping[str, Any]) -> str:
    return _sha256(salt, personal)


def hash_of(entry: ConsentEntry, words: ConsentWords) -> str:
    """Over everything that is kept for ever."""
    return _sha256(
        entry.previous,
        [str(entry.advocate_id), entry.number, entry.purpose.value, entry.given, _written(entry.at)],
        [words.purpose.value, words.version, words.title, words.words],
        [entry.source.value, entry.digest],
    )


def seal(entry: ConsentEntry, words: ConsentWords) -> None:
    """Write digest and hash of a new line."""
    entry.digest = digest_of(entry.salt or "", entry.personal or {})
    entry.hash = hash_of(entry, words)


def _append(
    session: Session, advocate: Advocate, lines: Sequence[ConsentEntry], words: ConsentWords, said: _Said
) -> None:
    entry = ConsentEntry(
        advocate_id=advocate.id,
        number=len(lines) + 1,
        purpose=words.purpose,
        given=said.given,
        words_id=words.id,
        at=utc_now(),
        source=said.source,
        personal={"email": advocate.email, "network_address": said.place},
        salt=secrets.token_hex(16),
        previous=lines[-1].hash if lines else "",
    )
    seal(entry, words)
    session.add(entry)
    advocate.consents = sorted(agreed([*lines, entry]))


def _locked(session: Session, advocate: Advocate) -> Sequence[ConsentEntry]:
    """The lines so far; the person's row is locked, so that two lines cannot take one number."""
    session.flush()
    mine = select(Advocate.id).where(Advocate.id == advocate.id)
    session.execute(mine.with_for_update(key_share=True))  # letters to this person may still be written
    lines = select(ConsentEntry).where(ConsentEntry.advocate_id == advocate.id).order_by(ConsentEntry.number)
    return session.scalars(lines).all()


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
