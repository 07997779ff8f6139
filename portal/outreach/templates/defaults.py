"""The words Goodword brings: the subject where its kind is declared, the rest in templates/emails/<kind>.md.

A few headers, a blank line, then Markdown. A translation is looked up paragraph by paragraph.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import IO, Any

from portal.declarations.email_kinds import EmailKind
from portal.outreach.templates.formatting import translations

FIELD_PATTERN = re.compile(r"\{\{\w+\}\}")


@dataclass(frozen=True)
class TemplateContent:
    """An email's text as people write it, with merge fields in double braces."""

    subject: str
    body: str
    reason: str
    preheader: str = ""

    def has_same_text_as(self, other: "TemplateContent") -> bool:
        parts = zip(astuple(self), astuple(other), strict=True)
        return all(mine.splitlines() == theirs.splitlines() for mine, theirs in parts)


@lru_cache
def default_content(kind: EmailKind, locale: str = "en") -> TemplateContent:
    translate = translations(locale).gettext
    return parse_content(translate(kind.subject), kind.default_text.read_text(), translate)


def parse_content(subject: str, text: str, translate: Callable[[str], str]) -> TemplateContent:
    head, _, body = text.partition("\n\n")
    headers: dict[str, str] = {name.lower(): translate(value) for name, value in _headers(head)}
    paragraphs = [translate(paragraph) for paragraph in _paragraphs(body)]
    return TemplateContent(subject, "\n\n".join(paragraphs), **headers)


def extract_for_babel(file: IO[bytes], *__: Any, **___: Any) -> Iterator[tuple[int, None, str, list[str]]]:
    text = file.read().decode()
    head, _, body = text.partition("\n\n")
    for sentence in [value for _, value in _headers(head)] + _paragraphs(body):
        if any(sign.isalpha() for sign in FIELD_PATTERN.sub("", sentence)):
            yield 1 + text[: text.index(sentence)].count("\n"), None, sentence, []


def _headers(head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        name, _, value = line.partition(":")
        yield name.strip(), value.strip()


def _paragraphs(body: str) -> list[str]:
    return [paragraph.strip("\n") for paragraph in body.split("\n\n") if paragraph.strip()]
