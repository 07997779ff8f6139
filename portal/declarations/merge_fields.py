"""Merge fields: what an email's text may ask for, and what an email knows when it is filled in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from portal.declarations.content_blocks import ContentBlock


class MergeFieldType(StrEnum):
    TEXT = "text"
    BLOCK = "block"  # stands alone in its paragraph
    LINK = "link"  # an address: for a button, a link, or to be read


class MissingValue(Exception):
    """The email was written without something its text asks for."""


class MergeContext(Protocol):
    """One email while it is filled in. `context["prospect"]` is what its writer gave; raises MissingValue."""

    workspace: str

    def __getitem__(self, name: str) -> Any: ...

    def get(self, name: str, default: Any = "") -> Any: ...

    @property
    def recipient_name(self) -> str: ...

    def person_name(self, field: str) -> str: ...

    def day(self, on: date | None) -> str: ...

    def day_year(self, on: date | None) -> str: ...

    def moment(self, at: datetime | None) -> str: ...

    def clock(self, at: datetime | None) -> str: ...

    def translate(self, sentence: str, **params: object) -> str: ...

    def translate_plural(self, one: str, many: str, number: int, **params: object) -> str: ...

    def link(self, name: str) -> str: ...

    def required_link(self, name: str) -> str: ...

    def link_code(self, name: str) -> str: ...


@dataclass(frozen=True)
class MergeField:
    """`description` is for managers and translated when shown. Optional: an empty one leaves no gap."""

    name: str
    description: str
    render: Callable[[MergeContext], str | ContentBlock | None]
    type: MergeFieldType = MergeFieldType.TEXT
    optional: bool = False
