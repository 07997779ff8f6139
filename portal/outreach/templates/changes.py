"""What one text changed against another: line by line, and within a line word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import product

from portal.outreach.templates.defaults import Words
from portal.outreach.templates.labels import PARTS

WORD = re.compile(r"\{\{[^{}]*\}\}|\s+|\w+|[^\w\s]")
ALIKE = 0.6  # lines that share less than this are two lines, not one that was changed
MOST_LINES, MOST_PAIRS, MOST_WORDS = 500, 400, 600  # comparing takes the square of them, or more


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Line:
    kind: Kind
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Change:
    """A part of the letter that differs, whole: letters are short."""

    part: str  # a key of labels.PARTS
    lines: Sequence[Line]


def changes(before: Words, after: Words) -> list[Change]:
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in PARTS)
    return [Change(part, list(_lines(_split(old), _split(new)))) for part, old, new in pairs if old != new]


def _split(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    if max(len(old), len(new)) > MOST_LINES:
        yield from _apart(old, new)
        return
    for what, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield from (Line(Kind.SAME, [Piece(line)]) for line in old[a:b])
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: list[str], new: list[str]) -> Iterator[Line]:
    """The two lines most like one another are one that was rewritten; so on with what stands before and after."""
    pairs = product(range(len(old)), range(len(new))) if len(old) * len(new) <= MOST_PAIRS else ()
    likeness, i, j = max(((_likeness(old[i], new[j]), i, j) for i, j in pairs), default=(0.0, 0, 0))
    if likeness < ALIKE:
        yield from _apart(old, new)
        return
    yield from _replaced(old[:i], new[:j])
    yield from _rewritten(_words(old[i]), _words(new[j]))
    yield from _replaced(old[i + 1 :], new[j + 1 :])


def _rewritten(old: list[str], new: list[str]) -> Iterator[Line]:
    """Both lines, with the words marked that only one of them has."""
    codes = SequenceMatcher(None, old, new).get_opcodes()
    yield Line(
        Kind.REMOVED, [Piece("".join(old[a:b]), what != "equal") for what, a, b, _, _ in codes if b > a]
    )
    yield Line(Kind.ADDED, [Piece("".join(new[c:d]), what != "equal") for what, _, _, c, d in codes if d > c])


def _likeness(old: str, new: str) -> float:
    words, others = _words(old), _words(new)
    if max(len(words), len(others)) > MOST_WORDS:
        return 0.0
    return SequenceMatcher(None, words, others).quick_ratio()


def _words(line: str) -> list[str]:
    return WORD.findall(line)


def _apart(old: list[str], new: list[str]) -> Iterator[Line]:
    yield from (Line(Kind.REMOVED, [Piece(line)]) for line in old)
    yield from (Line(Kind.ADDED, [Piece(line)]) for line in new)
