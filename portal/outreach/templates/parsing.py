"""Is a letter's text one that every letter can be made from? Each problem names its part, its line and its reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Any

from portal.gateways.mail import TAG, tag
from portal.lines import is_one_line
from portal.outreach.kinds import LetterKind
from portal.outreach.templates.catalogue import fields_of, needs_of
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.fields import Field, Shape
from portal.outreach.templates.markdown import TooMuchWork, addresses
from portal.regions import shown

BLANK = re.compile(  # never goes back: a text of braces and blanks takes no longer than any other
    r"\{\{[^\S\n]*+((?:[^{}\s]++|[^\S\n]++(?=[^{}\s]))*+)[^\S\n]*+\}\}"
)
NAME = re.compile(r"[a-z][a-z0-9_]*")
BUTTON = re.compile(r"\[([^\[\]\n]+)\]\(\s*\{\{\s*([a-z0-9_]+)\s*\}\}\s*\)")
RESERVED = re.compile("[\ue000-\uf8ff\x00-\x08\x0b-\x1f]")
LONGEST = {"subject": 200, "preheader": 200, "body": 20_000, "why": 500}
MUST = ("subject", "body", "why")
# Each costs hundreds of times what a letter of a word costs; what people write has a tenth of them.
COSTLY = (
    (
        re.compile(r"\*+|_+|`+|[\[\]<&\\]"),
        400,
        shown(
            "From this line on there is too much formatting: a text holds up to %(most)d signs like *, _, [ and &. "
            "Take out those you don’t need."
        ),
    ),
    (
        re.compile(r"\{\{"),
        150,
        shown("From this line on there are too many fields: a text holds up to %(most)d. Take some out."),
    ),
    (
        re.compile(r"\n"),
        400,
        shown("From this line on the text is too long: it holds up to %(most)d lines. Please shorten it."),
    ),
)
MOST_LOOKS = 5_000
OPEN_BRACKETS = shown(
    "From this line on there are too many square brackets that open and do not close. Close each one, or take it out."
)


@dataclass(frozen=True)
class Problem:
    """`reason` is translated when shown, with `blanks` put in."""

    part: str
    line: int
    reason: str
    blanks: Mapping[str, Any] = field(default_factory=dict)


def problems(kind: LetterKind, words: Words) -> list[Problem]:
    """Everything that stands in the way, in the order of reading; empty: the text may be used."""
    if found := list(too_much(words)):
        return found
    known = fields_of(kind)
    found = [problem for part in LONGEST for problem in _of_part(part, getattr(words, part), known)]
    try:
        found += [*_crooked_links(words.body, known), *_missing_links(kind, words.body)]
    except TooMuchWork:
        return [Problem("body", 1 + words.body.count("\n", 0, words.body.index("[")), OPEN_BRACKETS)]
    return sorted(found, key=lambda problem: (list(LONGEST).index(problem.part), problem.line))


def too_much(words: Words) -> Iterator[Problem]:
    """What nobody could read either is refused before it is read: its length, then what takes work."""
    for part, most in LONGEST.items():
        if len(getattr(words, part)) > most:
            yield Problem(part, 1, shown("Please keep this to %(most)d characters."), {"most": most})
    for part in LONGEST:
        for costly, most, reason in COSTLY:
            places = list(islice(costly.finditer(getattr(words, part)[: LONGEST[part]]), most + 1))
            if len(places) > most:
                line = 1 + getattr(words, part).count("\n", 0, places[-1].start())
                yield Problem(part, line, reason, {"most": most})


def _of_part(part: str, text: str, known: Mapping[str, Field]) -> Iterator[Problem]:
    if not text.strip() and part in MUST:
        yield Problem(part, 1, shown("This part may not be empty."))
    if part != "body" and not is_one_line(text.strip()):
        yield Problem(part, 2, shown("Please keep this on one line."))
    for number, line in enumerate(text.splitlines(), 1):
        yield from _of_line(part, number, line, known)


def _of_line(part: str, number: int, line: str, known: Mapping[str, Field]) -> Iterator[Problem]:
    rest, names = BLANK.sub("", line), BLANK.findall(line)
    if RESERVED.search(rest):
        yield Problem(part, number, shown("There is a sign in this line that no letter can hold."))
    if "{{" in rest or "}}" in rest:
        yield Problem(part, number, shown("A field begins with {{ and ends with }} in the same line."))
    if "{%" in rest or "{#" in rest:
        yield Problem(
            part,
            number,
            shown(
                "A letter knows fields only, no commands: take out the brace and the percent sign or hash."
            ),
        )
    fills_line = part == "body" and len(names) == 1 and not rest.strip()
    for name in names:
        if problem := _of_blank(part, name, known, fills_line=fills_line):
            yield Problem(part, number, *problem)


def _of_blank(
    part: str, name: str, known: Mapping[str, Field], *, fills_line: bool
) -> tuple[str, Mapping[str, Any]] | None:
    found = known.get(name)
    if found is None:
        return _unknown(name, known)
    if found.shape is Shape.BLOCK and not fills_line:
        return shown("“%(name)s” fills lines of its own: put it alone into a line of the body."), {
            "name": name
        }
    if found.shape is Shape.LINK and part != "body":
        return shown("“%(name)s” is an address: it can stand in the body only."), {"name": name}
    return None


def _unknown(name: str, known: Mapping[str, Field]) -> tuple[str, Mapping[str, Any]]:
    if close := get_close_matches(name, known, 1):
        return shown("There is no field “%(name)s”. Did you mean “%(close)s”?"), {
            "name": name,
            "close": close[0],
        }
    return shown("There is no field “%(name)s” in this letter."), {"name": name}


def _crooked_links(body: str, known: Mapping[str, Field]) -> Iterator[Problem]:
    """A link leads where the text says or to a link of the letter, never to what somebody typed as a name."""
    blanks = {tag(str(number)): found for number, found in enumerate(BLANK.finditer(body))}
    tags = iter(blanks)
    for address in addresses(BLANK.sub(lambda _: next(tags), body), MOST_LOOKS):
        for found in (blanks[each] for each in TAG.findall(address) if address not in blanks):
            yield _crooked(body, found, shown("“%(name)s” cannot be a part of a link’s address."))
        if address in blanks and _is_words(known.get(blanks[address][1])):
            yield _crooked(body, blanks[address], shown("“%(name)s” is no address: no link can lead there."))


def _crooked(body: str, found: re.Match[str], reason: str) -> Problem:
    return Problem("body", 1 + body.count("\n", 0, found.start()), reason, {"name": found[1]})


def _is_words(its: Field | None) -> bool:
    return its is not None and its.shape is not Shape.LINK


def _missing_links(kind: LetterKind, body: str) -> Iterator[Problem]:
    there = set(BLANK.findall(body))
    for name in needs_of(kind):
        if name not in there:
            reason = shown("The letter would lead nowhere: it must hold a link to {{%(name)s}}.")
            yield Problem("body", len(body.splitlines()) or 1, reason, {"name": name})
