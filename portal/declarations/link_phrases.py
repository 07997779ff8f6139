"""What a link leads to, inside a sentence of the email that brings it once more: “your call with Initech”."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.declarations.registry import Registry


@dataclass(frozen=True)
class LinkPhrase:
    name: str  # kept in emails, so it never changes
    text: str  # marked; `%(whom)s`: the company or person that the writer names

    def problems(self) -> Iterator[str]:
        if not self.text.strip():
            yield "its text is missing."


LINK_PHRASES: Registry[LinkPhrase] = Registry("link phrase")
