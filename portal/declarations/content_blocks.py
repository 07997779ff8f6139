"""What a merge field can stand for besides words: a list, a table of facts, somebody's own words, a code.

Each becomes a row of the email's HTML and lines of its plain text, so the two can't drift apart.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Protocol

SHORT_LABEL = 12  # letters of a label that fit a narrow column


class ContentBlock(Hashable, Protocol):
    def html(self, macros: Any) -> str: ...
    def text(self) -> str: ...


@dataclass(frozen=True)
class BulletList:
    """A list, under a line that introduces it."""

    lines: tuple[str, ...]
    intro: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines)

    def html(self, macros: Any) -> str:
        return (str(macros.paragraph(self.intro)) if self.intro else "") + str(macros.bullets(self.lines))

    def text(self) -> str:
        listed = "\n".join(f"- {line}" for line in self.lines)
        return f"{self.intro}\n\n{listed}" if self.intro else listed


@dataclass(frozen=True)
class FactTable:
    """Lines of a label and its value; those without a value are left out."""

    pairs: tuple[tuple[str, Any], ...]

    def __bool__(self) -> bool:
        return bool(self.filled_pairs)

    @property
    def filled_pairs(self) -> list[tuple[str, str]]:
        return [(label, str(value)) for label, value in self.pairs if value not in (None, "")]

    def html(self, macros: Any) -> str:
        return str(macros.facts(self.filled_pairs, 96 if self.width < SHORT_LABEL else 132))

    def text(self) -> str:
        return "\n".join(f"{label:<{self.width}}  {value}" for label, value in self.filled_pairs)

    @property
    def width(self) -> int:
        return max((len(label) for label, _ in self.filled_pairs), default=0)


@dataclass(frozen=True)
class Quotation:
    """Somebody's own words."""

    quote: str

    def __bool__(self) -> bool:
        return bool(self.quote)

    def html(self, macros: Any) -> str:
        return str(macros.quotation(self.quote))

    def text(self) -> str:
        return "\n".join(f"> {line}" for line in self.quote.splitlines())


@dataclass(frozen=True)
class VerificationCode:
    """Signs that a person types somewhere else."""

    code: str

    def html(self, macros: Any) -> str:
        return str(macros.code(self.code))

    def text(self) -> str:
        return f"    {self.code}"


@dataclass(frozen=True)
class SignatureBlock:
    name: str
    title: str = ""

    def html(self, macros: Any) -> str:
        return str(macros.sign_off(self.name, self.title))

    def text(self) -> str:
        return "\n".join(line for line in (self.name, self.title) if line)
