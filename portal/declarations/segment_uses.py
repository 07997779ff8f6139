"""Who uses a segment: features say it in one select each, and the page of a segment asks them all at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from portal.declarations.registry import Registry


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentUser:
    """`rows`: id and title of its records that use this segment now. `note` says what a change does to them."""

    name: str
    icon: str
    rows: Callable[[UUID], Select[UUID, str]]
    endpoint: str
    argument: str  # of the endpoint: the id
    note: str

    def problems(self) -> Iterator[str]:
        for words in ("icon", "endpoint", "argument", "note"):
            if not getattr(self, words).strip():
                yield f"its {words} is missing."


@dataclass(frozen=True)
class SegmentUse:
    """A record that uses a segment."""

    user: SegmentUser
    id: UUID
    title: str

    @property
    def arguments(self) -> dict[str, Any]:
        return {self.user.argument: self.id}


SEGMENT_USERS = Registry[SegmentUser]("user of segments")
