"""What one text changed against another: line by line, and within a line word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import product

from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.labels import PART_LABELS

WORD_PATTERN = re.compile(r"\{\{[^{}]*\}\}|\s+|\w+|[^\w\s]")
MIN_SIMILARITY = 0.6  # lines that share less than this are two lines, not one that was changed
MAX_LINES, MAX_PAIRS, MAX_WORDS = 500, 400, 600  # comparing takes the square of them, or more


class LineChange(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class DiffSegment:
    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class DiffLine:
    change: LineChange
    segments: Sequence[DiffSegment]


@dataclass(frozen=True)
class PartDiff:
    """A part of the email that differs, whole: emails are short."""

    part: str  # a key of labels.PART_LABELS
    lines: Sequence[DiffLine]


def content_diff(before: TemplateContent, after: TemplateContent) -> list[PartDiff]:
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in PART_LABELS)
    return [PartDiff(part, list(_lines(_split(old), _split(new)))) for part, old, new in pairs if old != new]


def _split(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _lines(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    if max(len(old), len(new)) > MAX_LINES:
        yield from _all_replaced(old, new)
        return
    for what, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield from (DiffLine(LineChange.SAME, [DiffSegment(line)]) for line in old[a:b])
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    """The two lines most like one another are one that was rewritten; so on with what stands before and after."""
    pairs = product(range(len(old)), range(len(new))) if len(old) * len(new) <= MAX_PAIRS else ()
    likeness, i, j = max(((_similarity(old[i], new[j]), i, j) for i, j in pairs), default=(0.0, 0, 0))
    if likeness < MIN_SIMILARITY:
        yield from _all_replaced(old, new)
        return
    yield from _replaced(old[:i], new[:j])
    yield from _rewritten(_words(old[i]), _words(new[j]))
    yield from _replaced(old[i + 1 :], new[j + 1 :])


def _rewritten(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    """Both lines, with the words marked that only one of them has."""
    codes = SequenceMatcher(None, old, new).get_opcodes()
    yield DiffLine(
        LineChange.REMOVED,
        [DiffSegment("".join(old[a:b]), what != "equal") for what, a, b, _, _ in codes if b > a],
    )
    yield DiffLine(
        LineChange.ADDED,
        [DiffSegment("".join(new[c:d]), what != "equal") for what, _, _, c, d in codes if d > c],
    )


def _similarity(old: str, new: str) -> float:
    words, others = _words(old), _words(new)
    if max(len(words), len(others)) > MAX_WORDS:
        return 0.0
    return SequenceMatcher(None, words, others).quick_ratio()


def _words(line: str) -> list[str]:
    return WORD_PATTERN.findall(line)


def _all_replaced(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    yield from (DiffLine(LineChange.REMOVED, [DiffSegment(line)]) for line in old)
    yield from (DiffLine(LineChange.ADDED, [DiffSegment(line)]) for line in new)
