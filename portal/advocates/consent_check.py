"""Is the consent record as it was written? One check for the page, for `flask verify consents` and for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.advocates.consents import agreed, digest_of, hash_of
from portal.advocates.models import ConsentEntry, ConsentWords

Words = Mapping[UUID, ConsentWords]


class Wrong(StrEnum):
    LINE_MISSING = "line_missing"
    LINE_CHANGED = "line_changed"
    PERSON_MISSING = "person_missing"  # personal fields dropped, though nobody was erased
    SHORTENED = "shortened"
    REWRITTEN = "rewritten"
    NOT_WHAT_HOLDS = "not_what_holds"  # the person's row says something else than the record


@dataclass(frozen=True)
class Fault:
    wrong: Wrong
    line: int = 0
    lines: int = 0
    day: date | None = None  # of the anchor


@dataclass(frozen=True)
class Anchor:
    """What the chain was on a day: portal.advocates.consent_anchors."""

    length: int
    last_hash: str
    day: date


@dataclass(frozen=True)
class Record:
    """Everything that is kept about one person's consents."""

    advocate_id: UUID
    is_erased: bool
    holds: Sequence[str]  # purposes that the person's row says hold now
    entries: Sequence[ConsentEntry]
    words: Words
    anchors: Sequence[Anchor]


def faults(record: Record) -> list[Fault]:
    found = [*_in_chain(record), *_in_person(record), *_at_anchors(record)]
    is_told_right = record.is_erased or sorted(agreed(record.entries)) == sorted(record.holds)
    return found if is_told_right else [*found, Fault(Wrong.NOT_WHAT_HOLDS)]


def verify(
    entries: Sequence[ConsentEntry], words: Words, *, anchors: Sequence[Anchor] = (), is_erased: bool = False
) -> bool:
    """Is this the ledger as it was written? A changed word, date, order or person is noticed."""
    record = Record(UUID(int=0), is_erased, sorted(agreed(entries)), entries, words, anchors)
    return not faults(record)


def _in_chain(record: Record) -> Iterator[Fault]:
    """The first break: what follows it can't be judged."""
    previous = ""
    for number, entry in enumerate(record.entries, start=1):
        if entry.number != number:
            yield Fault(Wrong.LINE_MISSING, line=number)
            return
        if entry.previous != previous or not _holds(entry, record.words.get(entry.words_id)):
            yield Fault(Wrong.LINE_CHANGED, line=number)
            return
        previous = entry.hash


def _holds(entry: ConsentEntry, words: ConsentWords | None) -> bool:
    if entry.personal is not None and entry.digest != digest_of(entry.salt or "", entry.personal):
        return False
    return words is not None and entry.purpose == words.purpose and entry.hash == hash_of(entry, words)


def _in_person(record: Record) -> Iterator[Fault]:
    gone = [entry.number for entry in record.entries if entry.personal is None or entry.salt is None]
    if gone and not record.is_erased:
        yield Fault(Wrong.PERSON_MISSING, line=gone[0], lines=len(gone))


def _at_anchors(record: Record) -> Iterator[Fault]:
    """The newest anchor that the chain does not reach, and the oldest that it contradicts."""
    hashes = {entry.number: entry.hash for entry in record.entries}
    lost = [anchor for anchor in record.anchors if anchor.length not in hashes]
    if lost:
        longest = max(lost, key=lambda anchor: anchor.length)
        yield Fault(Wrong.SHORTENED, line=longest.length, lines=len(hashes), day=longest.day)
    for anchor in sorted(record.anchors, key=lambda anchor: anchor.length):
        if hashes.get(anchor.length, anchor.last_hash) != anchor.last_hash:
            yield Fault(Wrong.REWRITTEN, line=anchor.length, day=anchor.day)
            return
