"""Is the consent record as it was written? One check for the page, for `flask verify consents` and for tests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from portal.advocates.consent_chain import active_consents, hash_of
from portal.advocates.consent_hashes import digest_of
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


class ChainLine(Protocol):
    """A line of any record that is kept as a chain of hashes."""

    @property
    def number(self) -> int: ...
    @property
    def personal(self) -> dict[str, Any] | None: ...
    @property
    def salt(self) -> str | None: ...
    @property
    def digest(self) -> str: ...
    @property
    def previous(self) -> str: ...
    @property
    def hash(self) -> str: ...


Line = TypeVar("Line", bound=ChainLine)


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
    found = chain_faults(
        record.entries,
        lambda entry: _has_own_hash(entry, record.texts.get(entry.text_id)),
        record.anchors,
        is_erased=record.is_erased,
    )
    is_told_right = record.is_erased or sorted(active_consents(record.entries)) == sorted(
        record.active_purposes
    )
    return found if is_told_right else [*found, ConsentFault(ConsentFaultKind.ADVOCATE_DIFFERS)]


def chain_faults(
    lines: Sequence[Line],
    has_own_hash: Callable[[Line], bool],
    anchors: Sequence[DailyAnchor],
    *,
    is_erased: bool,
) -> list[ConsentFault]:
    """Return the first faults. `has_own_hash`: has the line still the hash of its words, date and person?"""
    return [
        *_in_chain(lines, has_own_hash),
        *(() if is_erased else _without_person(lines)),
        *_at_anchors(lines, anchors),
    ]


def verify(
    entries: Sequence[ConsentEntry],
    texts: TextsById,
    *,
    anchors: Sequence[DailyAnchor] = (),
    is_erased: bool = False,
) -> bool:
    """Tell whether the ledger is as it was written: a changed word, date, order or person is noticed."""
    record = ConsentRecord(UUID(int=0), is_erased, sorted(active_consents(entries)), entries, texts, anchors)
    return not faults(record)


def _in_chain(lines: Sequence[Line], has_own_hash: Callable[[Line], bool]) -> Iterator[ConsentFault]:
    """The first break: what follows it can't be judged."""
    previous = ""
    for number, line in enumerate(lines, start=1):
        if line.number != number:
            yield ConsentFault(ConsentFaultKind.LINE_MISSING, line=number)
            return
        if line.previous != previous or not (_has_own_digest(line) and has_own_hash(line)):
            yield ConsentFault(ConsentFaultKind.LINE_CHANGED, line=number)
            return
        previous = line.hash


def _has_own_digest(line: ChainLine) -> bool:
    return line.personal is None or line.digest == digest_of(line.salt or "", line.personal)


def _has_own_hash(entry: ConsentEntry, text: ConsentText | None) -> bool:
    return text is not None and entry.purpose == text.purpose and entry.hash == hash_of(entry, text)


def _without_person(lines: Sequence[ChainLine]) -> Iterator[ConsentFault]:
    gone = [line.number for line in lines if line.personal is None or line.salt is None]
    if gone:
        yield ConsentFault(ConsentFaultKind.PERSONAL_DATA_MISSING, line=gone[0], lines=len(gone))


def _at_anchors(lines: Sequence[ChainLine], anchors: Sequence[DailyAnchor]) -> Iterator[ConsentFault]:
    """The newest anchor that the chain does not reach, and the oldest that it contradicts."""
    hashes = {line.number: line.hash for line in lines}
    lost = [anchor for anchor in anchors if anchor.length not in hashes]
    if lost:
        longest = max(lost, key=lambda anchor: anchor.length)
        yield ConsentFault(
            ConsentFaultKind.SHORTENED, line=longest.length, lines=len(hashes), day=longest.day
        )
    for anchor in sorted(anchors, key=lambda anchor: anchor.length):
        if hashes.get(anchor.length, anchor.last_hash) != anchor.last_hash:
            yield ConsentFault(ConsentFaultKind.REWRITTEN, line=anchor.length, day=anchor.day)
            return
