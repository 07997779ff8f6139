"""Is the consent record as it was written? One check for the page, for `flask verify consents` and for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.advocates.consent_chain import active_consents, digest_of, hash_of
from portal.advocates.models import ConsentEntry, ConsentText

TextsById = Mapping[UUID, ConsentText]


class ConsentFaultKind(StrEnum):
    LINE_MISSING = "line_missing"
    LINE_CHANGED = "line_changed"
    PERSONAL_DATA_MISSING = "person_missing"  # personal fields dropped, though nobody was erased
    SHORTENED = "shortened"
    REWRITTEN = "rewritten"
    ADVOCATE_DIFFERS = "not_what_holds"  # the person's row says something else than the record


@dataclass(frozen=True)
class ConsentFault:
    kind: ConsentFaultKind
    line: int = 0
    lines: int = 0
    day: date | None = None  # of the anchor


@dataclass(frozen=True)
class DailyAnchor:
    """What the chain was on a day: portal.advocates.consent_anchors."""

    length: int
    last_hash: str
    day: date


@dataclass(frozen=True)
class ConsentRecord:
    """Everything that is kept about one person's consents."""

    advocate_id: UUID
    is_erased: bool
    active_purposes: Sequence[str]  # purposes that the person's row says hold now
    entries: Sequence[ConsentEntry]
    texts: TextsById
    anchors: Sequence[DailyAnchor]


def faults(record: ConsentRecord) -> list[ConsentFault]:
    found = [*_in_chain(record), *_in_person(record), *_at_anchors(record)]
    is_told_right = record.is_erased or sorted(active_consents(record.entries)) == sorted(
        record.active_purposes
    )
    return found if is_told_right else [*found, ConsentFault(ConsentFaultKind.ADVOCATE_DIFFERS)]


def verify(
    entries: Sequence[ConsentEntry],
    texts: TextsById,
    *,
    anchors: Sequence[DailyAnchor] = (),
    is_erased: bool = False,
) -> bool:
    """Is this the ledger as it was written? A changed word, date, order or person is noticed."""
    record = ConsentRecord(UUID(int=0), is_erased, sorted(active_consents(entries)), entries, texts, anchors)
    return not faults(record)


def _in_chain(record: ConsentRecord) -> Iterator[ConsentFault]:
    """The first break: what follows it can't be judged."""
    previous = ""
    for number, entry in enumerate(record.entries, start=1):
        if entry.number != number:
            yield ConsentFault(ConsentFaultKind.LINE_MISSING, line=number)
            return
        if entry.previous != previous or not _is_unchanged(entry, record.texts.get(entry.text_id)):
            yield ConsentFault(ConsentFaultKind.LINE_CHANGED, line=number)
            return
        previous = entry.hash


def _is_unchanged(entry: ConsentEntry, text: ConsentText | None) -> bool:
    if entry.personal is not None and entry.digest != digest_of(entry.salt or "", entry.personal):
        return False
    return text is not None and entry.purpose == text.purpose and entry.hash == hash_of(entry, text)


def _in_person(record: ConsentRecord) -> Iterator[ConsentFault]:
    gone = [entry.number for entry in record.entries if entry.personal is None or entry.salt is None]
    if gone and not record.is_erased:
        yield ConsentFault(ConsentFaultKind.PERSONAL_DATA_MISSING, line=gone[0], lines=len(gone))


def _at_anchors(record: ConsentRecord) -> Iterator[ConsentFault]:
    """The newest anchor that the chain does not reach, and the oldest that it contradicts."""
    hashes = {entry.number: entry.hash for entry in record.entries}
    lost = [anchor for anchor in record.anchors if anchor.length not in hashes]
    if lost:
        longest = max(lost, key=lambda anchor: anchor.length)
        yield ConsentFault(
            ConsentFaultKind.SHORTENED, line=longest.length, lines=len(hashes), day=longest.day
        )
    for anchor in sorted(record.anchors, key=lambda anchor: anchor.length):
        if hashes.get(anchor.length, anchor.last_hash) != anchor.last_hash:
            yield ConsentFault(ConsentFaultKind.REWRITTEN, line=anchor.length, day=anchor.day)
            return
