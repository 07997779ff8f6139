"""Merge fields: what a letter's text may ask for, and what a letter knows when it is filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from portal.links import Purpose
from portal.outreach import wording
from portal.outreach.addresses import Addresses
from portal.outreach.letters import opened_fields, opened_links
from portal.outreach.models import LetterClass
from portal.outreach.templates.blocks import Block
from portal.safe_text import safe_name

ONE_CLICK = "one click"  # no writer can call a link so


class Shape(StrEnum):
    WORDS = "words"
    BLOCK = "block"  # stands alone in its paragraph
    LINK = "link"  # an address: for a button, a link, or to be read


class Lacking(Exception):
    """The letter was written without something its text asks for."""


@dataclass(frozen=True)
class Field:
    """`about` tells the manager what it is; it is translated when shown. Optional: an empty one leaves no hole."""

    name: str
    about: str
    of: "Callable[[Known], str | Block | None]"
    shape: Shape = Shape.WORDS
    optional: bool = False


@dataclass
class Known:
    """One letter while it is filled in. `known["prospect"]` is what the writer gave; Lacking when it is not there."""

    letter: Any  # a row of letters, whole or in part
    workspace: str
    zone_of_workspace: str
    addresses: Addresses
    made: dict[str, str] = field(default_factory=dict)  # addresses: making one costs more than all else

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        return opened_fields(self.letter.fields)

    @cached_property
    def zone(self) -> str:
        """The writer's word counts most, then the reader's own zone."""
        return self.facts.get("time_zone") or self.letter.time_zone or self.zone_of_workspace

    def __getitem__(self, name: str) -> Any:
        if name not in self.facts:
            raise Lacking(f"“{name}” is missing")
        return self.facts[name]

    def get(self, name: str, otherwise: Any = "") -> Any:
        found = self.facts.get(name)
        return otherwise if found is None else found

    def name(self, field: str) -> str:
        """A person's name that the writer gave; empty where there is none, or where it looks like a link."""
        return safe_name(str(self.get(field)))

    @cached_property
    def reader(self) -> str:
        """Whom the email greets; empty where no name is known that may stand in an email."""
        return safe_name(str(self.letter.recipient_name))

    def day(self, on: date | None) -> str:
        return wording.day(on, self.zone, self.locale) if on else ""

    def day_year(self, on: date | None) -> str:
        return wording.day_year(on, self.zone, self.locale) if on else ""

    def moment(self, at: datetime | None) -> str:
        return wording.moment(at, self.zone, self.locale) if at else ""

    def clock(self, at: datetime | None) -> str:
        return wording.clock(at, self.zone) if at else ""

    @property
    def locale(self) -> str:
        return str(self.letter.locale)

    def say(self, sentence: str, **blanks: object) -> str:
        """A sentence in the reader's language."""
        said = wording.said(sentence, self.locale)
        return said % blanks if blanks else said

    def count(self, one: str, many: str, number: int, **blanks: object) -> str:
        said = wording.translations(self.locale).ngettext(one, many, number)
        return said % ({"num": number} | blanks)

    def link(self, name: str) -> str:
        """The address a link leads to; empty where the writer gave none."""
        if name not in self.made:
            kept = self.letter.links.get(name)
            self.made[name] = self.addresses.of_kept(kept) if kept else ""
        return self.made[name]

    def must_link(self, name: str) -> str:
        address = self.link(name)
        if not address:
            raise Lacking(f"the link “{name}” is missing")
        return address

    @property
    def unsubscribe(self) -> str:
        """The one-click address; empty for what somebody asked for."""
        if self.letter.letter_class == LetterClass.TRANSACTIONAL or self.letter.advocate_id is None:
            return ""
        if ONE_CLICK not in self.made:
            self.made[ONE_CLICK] = self.addresses.signed(Purpose.UNSUBSCRIBE, self.letter.id.bytes)
        return self.made[ONE_CLICK]

    def code(self, name: str) -> str:
        if name not in self.letter.links:
            raise Lacking(f"the link “{name}” is missing")
        return self.addresses.code_of(opened_links({name: self.letter.links[name]})[name])
