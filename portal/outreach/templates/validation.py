"""Is an email's text one that every email can be made from? Each problem names its part, its line and its reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Any

from portal.declarations.email_kinds import EmailKind
from portal.declarations.merge_fields import MergeField, MergeFieldType
from portal.gateways.mail import PLACEHOLDER, placeholder
from portal.i18n import mark
from portal.outreach.templates.common_fields import merge_fields_of
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.markdown import TooComplex, link_targets
from portal.text import is_one_line

FIELD_TAG = re.compile(  # never goes back: a text of braces and blanks takes no longer than any other
    r"\{\{[^\S\n]*+((?:[^{}\s]++|[^\S\n]++(?=[^{}\s]))*+)[^\S\n]*+\}\}"
)
BUTTON_LINK = re.compile(r"\[([^\[\]\n]+)\]\(\s*\{\{\s*([a-z0-9_]+)\s*\}\}\s*\)")
RESERVED_CHARACTERS = re.compile("[\ue000-\uf8ff\x00-\x08\x0b-\x1f]")
MAX_LENGTHS = {"subject": 200, "preheader": 200, "body": 20_000, "reason": 500}
REQUIRED_PARTS = ("subject", "body", "reason")
# Each costs hundreds of times what an email of a word costs; what people write has a tenth of them.
COMPLEXITY_LIMITS = (
    (
        re.compile(r"\*+|_+|`+|[\[\]<&\\]"),
        400,
        mark(
            "There’s too much formatting from this line on: the limit is %(most)d characters like *, _, [ "
            "and &. Remove those you don’t need."
        ),
    ),
    (
        re.compile(r"\{\{"),
        150,
        mark("There are too many fields from this line on: the limit is %(most)d. Remove some."),
    ),
    (
        re.compile(r"\n"),
        400,
        mark("The text is too long from this line on: the limit is %(most)d lines. Please shorten it."),
    ),
)
MAX_LOOKAHEADS = 5_000
OPEN_BRACKETS = mark(
    "There are too many unclosed square brackets from this line on. Close each one or remove it."
)


@dataclass(frozen=True)
class TemplateProblem:
    """`reason` is translated when shown, with `params` put in."""

    part: str
    line: int
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


def find_problems(kind: EmailKind, content: TemplateContent) -> list[TemplateProblem]:
    if problems := list(find_excesses(content)):
        return problems
    known = merge_fields_of(kind)
    problems = [
        problem for part in MAX_LENGTHS for problem in _part_problems(part, getattr(content, part), known)
    ]
    try:
        problems += [*_bad_links(content.body, known), *_missing_links(kind, content.body)]
    except TooComplex:
        return [
            TemplateProblem("body", 1 + content.body.count("\n", 0, content.body.index("[")), OPEN_BRACKETS)
        ]
    return sorted(problems, key=lambda problem: (list(MAX_LENGTHS).index(problem.part), problem.line))


def find_excesses(content: TemplateContent) -> Iterator[TemplateProblem]:
    """Yield what is refused before it is read: its length, then what takes work."""
    for part, most in MAX_LENGTHS.items():
        if len(getattr(content, part)) > most:
            yield TemplateProblem(part, 1, mark("Please keep this to %(most)d characters."), {"most": most})
    for part in MAX_LENGTHS:
        for costly, most, reason in COMPLEXITY_LIMITS:
            places = list(islice(costly.finditer(getattr(content, part)[: MAX_LENGTHS[part]]), most + 1))
            if len(places) > most:
                line = 1 + getattr(content, part).count("\n", 0, places[-1].start())
                yield TemplateProblem(part, line, reason, {"most": most})


def _part_problems(part: str, text: str, fields: Mapping[str, MergeField]) -> Iterator[TemplateProblem]:
    if not text.strip() and part in REQUIRED_PARTS:
        yield TemplateProblem(part, 1, mark("This can’t be empty."))
    if part != "body" and not is_one_line(text.strip()):
        yield TemplateProblem(part, 2, mark("Please keep this on one line."))
    for number, line in enumerate(text.splitlines(), 1):
        yield from _line_problems(part, number, line, fields)


def _line_problems(
    part: str, number: int, line: str, fields: Mapping[str, MergeField]
) -> Iterator[TemplateProblem]:
    rest, names = FIELD_TAG.sub("", line), FIELD_TAG.findall(line)
    if RESERVED_CHARACTERS.search(rest):
        yield TemplateProblem(part, number, mark("This line contains a character that emails can’t include."))
    if "{{" in rest or "}}" in rest:
        yield TemplateProblem(part, number, mark("A field starts with {{ and ends with }} on the same line."))
    if "{%" in rest or "{#" in rest:
        yield TemplateProblem(
            part,
            number,
            mark("Emails support fields only, not commands: remove the brace and the percent sign or hash."),
        )
    fills_line = part == "body" and len(names) == 1 and not rest.strip()
    for name in names:
        if problem := _field_problem(part, name, fields, fills_line=fills_line):
            yield TemplateProblem(part, number, *problem)


def _field_problem(
    part: str, name: str, fields: Mapping[str, MergeField], *, fills_line: bool
) -> tuple[str, Mapping[str, Any]] | None:
    merge_field = fields.get(name)
    if merge_field is None:
        return _unknown_field(name, fields)
    if merge_field.type is MergeFieldType.BLOCK and not fills_line:
        return mark("“%(name)s” needs a line of its own in the body."), {"name": name}
    if merge_field.type is MergeFieldType.LINK and part != "body":
        return mark("“%(name)s” is a link: it can only be used in the body."), {"name": name}
    return None


def _unknown_field(name: str, fields: Mapping[str, MergeField]) -> tuple[str, Mapping[str, Any]]:
    if close := get_close_matches(name, fields, 1):
        return mark("There’s no field “%(name)s”. Did you mean “%(close)s”?"), {
            "name": name,
            "close": close[0],
        }
    return mark("There’s no field “%(name)s” in this email."), {"name": name}


def _bad_links(body: str, fields: Mapping[str, MergeField]) -> Iterator[TemplateProblem]:
    """A link leads where the text says or to a link of the email, never to what somebody typed as a name."""
    blanks = {placeholder(str(number)): tag for number, tag in enumerate(FIELD_TAG.finditer(body))}
    tags = iter(blanks)
    for address in link_targets(FIELD_TAG.sub(lambda _: next(tags), body), MAX_LOOKAHEADS):
        for tag in (blanks[each] for each in PLACEHOLDER.findall(address) if address not in blanks):
            yield _bad_link(body, tag, mark("“%(name)s” can’t be part of a link’s address."))
        if address in blanks and _is_text_field(fields.get(blanks[address][1])):
            yield _bad_link(
                body, blanks[address], mark("“%(name)s” isn’t a link, so nothing can link to it.")
            )


def _bad_link(body: str, tag: re.Match[str], reason: str) -> TemplateProblem:
    return TemplateProblem("body", 1 + body.count("\n", 0, tag.start()), reason, {"name": tag[1]})


def _is_text_field(merge_field: MergeField | None) -> bool:
    return merge_field is not None and merge_field.type is not MergeFieldType.LINK


def _missing_links(kind: EmailKind, body: str) -> Iterator[TemplateProblem]:
    there = set(FIELD_TAG.findall(body))
    for name in kind.required_links:
        if name not in there:
            reason = mark("The email needs a link to {{%(name)s}}.")
            yield TemplateProblem("body", len(body.splitlines()) or 1, reason, {"name": name})
