"""What a letter is made of. A template writes sentences between blank lines and calls these for the rest.

The same parts become HTML (templates/layouts/letter.html) and plain text (here), so the two can't drift apart.
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

MARK = re.compile("\x02(\\d+)\x03")


@dataclass(frozen=True)
class Part:
    """`data` is escaped Markup wherever a person may have typed it."""

    kind: str
    data: Any


@dataclass
class Sheet:
    """The paper of one rendering: what the template's functions put down, in order."""

    set_apart: list[Part] = field(default_factory=list)

    def functions(self) -> dict[str, Callable[..., Markup]]:
        return {
            "facts": self.facts,
            "bullets": self.bullets,
            "button": self.button,
            "code": self.code,
            "said": self.said,
            "quiet": self.quiet,
            "sign_off": self.sign_off,
        }

    def facts(self, *pairs: tuple[str, Any]) -> Markup:
        """Lines of a label and its value; a pair without a value is left out."""
        return self._put(
            "facts", [(escape(label), escape(value)) for label, value in pairs if value not in (None, "")]
        )

    def bullets(self, lines: Iterable[str]) -> Markup:
        return self._put("bullets", [escape(line) for line in lines])

    def button(self, label: str, address: str) -> Markup:
        """The one button; its address stands under it in plain."""
        return self._put("button", (escape(label), escape(address)))

    def code(self, signs: str) -> Markup:
        return self._put("code", escape(signs))

    def said(self, words: str) -> Markup:
        """Somebody's own words."""
        return self._put("said", escape(words))

    def quiet(self, words: str) -> Markup:
        return self._put("quiet", escape(words))

    def sign_off(self, name: str, about: str) -> Markup:
        return self._put("sign_off", (escape(name), escape(about)))

    def parts(self, body: str) -> list[Part]:
        """The rendered body, cut at blank lines."""
        chunks = (chunk.strip() for chunk in re.split(r"\n\s*\n", body.replace("\r\n", "\n")))
        return [self._part(chunk) for chunk in chunks if chunk]

    def _part(self, chunk: str) -> Part:
        mark = MARK.fullmatch(chunk)
        return self.set_apart[int(mark[1])] if mark else Part("words", Markup(" ".join(chunk.split())))  # noqa: S704 (escaped by Jinja)

    def _put(self, kind: str, data: Any) -> Markup:
        self.set_apart.append(Part(kind, data))
        return Markup(f"\n\n\x02{len(self.set_apart) - 1}\x03\n\n")  # noqa: S704 (a number)


def as_text(parts: Iterable[Part]) -> str:
    return "\n\n".join(TEXT[part.kind](part.data) for part in parts)


def plain(words: str) -> str:
    """Escaped for HTML no more: the same words, for a place that is no HTML."""
    return html.unescape(str(words)).strip()


def _facts(pairs: list[tuple[str, str]]) -> str:
    width = max((len(plain(label)) for label, _ in pairs), default=0)
    return "\n".join(f"{plain(label):<{width}}  {plain(value)}" for label, value in pairs)


TEXT: dict[str, Callable[[Any], str]] = {
    "words": plain,
    "facts": _facts,
    "bullets": lambda lines: "\n".join(f"- {plain(line)}" for line in lines),
    "button": lambda button: f"{plain(button[0])}:\n{plain(button[1])}",
    "code": lambda signs: f"    {plain(signs)}",
    "said": lambda words: "\n".join(f"> {line}" for line in plain(words).splitlines()),
    "quiet": plain,
    "sign_off": lambda lines: "\n".join(plain(line) for line in lines if line),
}
