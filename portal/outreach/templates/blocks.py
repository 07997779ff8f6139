"""What a merge field can stand for besides words: a list, a table of facts, somebody's own words, a code.

Each becomes a row of the letter's paper and lines of its plain text, so the two can't drift apart.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.outreach.colours import Palette, palette

TEMPLATES = Path(__file__).parents[3] / "templates"
ROWS = "layouts/letter_rows.html"
SHORT = 12  # letters of a label that fit a narrow column
MANY = 1000


class Block(Hashable, Protocol):
    def html(self, rows: Any) -> str: ...
    def text(self) -> str: ...


@dataclass(frozen=True)
class Bullets:
    """A list, under a line that introduces it."""

    lines: tuple[str, ...]
    intro: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines)

    def html(self, rows: Any) -> str:
        return (str(rows.words(self.intro)) if self.intro else "") + str(rows.bullets(self.lines))

    def text(self) -> str:
        listed = "\n".join(f"- {line}" for line in self.lines)
        return f"{self.intro}\n\n{listed}" if self.intro else listed


@dataclass(frozen=True)
class Facts:
    """Lines of a label and its value; those without a value are left out."""

    pairs: tuple[tuple[str, Any], ...]

    def __bool__(self) -> bool:
        return bool(self.said)

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(label, str(value)) for label, value in self.pairs if value not in (None, "")]

    def html(self, rows: Any) -> str:
        return str(rows.facts(self.said, 96 if self.width < SHORT else 132))

    def text(self) -> str:
        return "\n".join(f"{label:<{self.width}}  {value}" for label, value in self.said)

    @property
    def width(self) -> int:
        return max((len(label) for label, _ in self.said), default=0)


@dataclass(frozen=True)
class Said:
    """Somebody's own words."""

    words: str

    def __bool__(self) -> bool:
        return bool(self.words)

    def html(self, rows: Any) -> str:
        return str(rows.said(self.words))

    def text(self) -> str:
        return "\n".join(f"> {line}" for line in self.words.splitlines())


@dataclass(frozen=True)
class Code:
    """Signs that a person types somewhere else."""

    signs: str

    def html(self, rows: Any) -> str:
        return str(rows.code(self.signs))

    def text(self) -> str:
        return f"    {self.signs}"


@dataclass(frozen=True)
class SignOff:
    name: str
    about: str = ""

    def html(self, rows: Any) -> str:
        return str(rows.sign_off(self.name, self.about))

    def text(self) -> str:
        return "\n".join(line for line in (self.name, self.about) if line)


@lru_cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1000)
def rows(colours: Palette) -> Any:
    """The macros of the letter's paper in one workspace's colours."""
    return environment().get_template(ROWS).make_module({"colours": colours})


def sides(block: Block, accent: str) -> tuple[str, str]:
    """As HTML and as text. Many letters of a campaign hold the same block; a code is a secret and kept nowhere."""
    return _sides(block, accent) if isinstance(block, Code) else _kept_sides(block, accent)


def _sides(block: Block, accent: str) -> tuple[str, str]:
    return block.html(rows(palette(accent))), f"\n\n{block.text()}"


_kept_sides = lru_cache(maxsize=MANY)(_sides)
