"""What a shared segment stands on and its reader doesn't see: pages call it by its place, never by name or id."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Session

from portal.segments.condition_form import ConditionForm, FormCondition
from portal.segments.models import ON_LIST, Segment
from portal.segments.queries import named_segments, visible_segments
from tenants.models import Membership

NO_SEGMENT = UUID(int=0)  # in the place of what a reader may not choose: there is none, so nobody fits
PLACE = "private-"


@dataclass(frozen=True)
class HiddenSegments:
    """`ids`: in the order in which the segment names them."""

    seen: frozenset[UUID]
    ids: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, session: Session, member: Membership, segment: Segment | None) -> Self:
        return cls.among(session, member, named_segments(segment) if segment else ())

    @classmethod
    def among(cls, session: Session, member: Membership, named: Iterable[UUID]) -> Self:
        seen = frozenset(each.id for each in visible_segments(session, member))
        return cls(seen, tuple(each for each in dict.fromkeys(named) if each not in seen))

    def is_hidden(self, value: str) -> bool:
        return any(value == str(each) for each in self.ids)

    def shown(self, value: str) -> str:
        places = {str(each): f"{PLACE}{place}" for place, each in enumerate(self.ids)}
        return places.get(value, value)

    def read(self, form: ConditionForm, given: Any) -> ConditionForm:
        """As it was sent, with what only this segment may stand on found again by its place."""
        but = self.read_id(given.get("but", "")) if form.shows_but else None
        return replace(form, but=but, fields=tuple(self._field(one) for one in form.fields))

    def _field(self, one: FormCondition) -> FormCondition:
        if one.name != ON_LIST:
            return one
        found: Callable[[str], str] = lambda value: str(self.read_id(value) or NO_SEGMENT)  # noqa: E731
        return replace(one, values=tuple(found(value) for value in one.values))

    def read_id(self, sent: str) -> UUID | None:
        places = {f"{PLACE}{place}": each for place, each in enumerate(self.ids)}
        if not sent or sent in places:
            return places.get(sent)
        try:
            asked = UUID(sent)
        except ValueError:
            return None
        return asked if asked in self.seen or asked in self.ids else NO_SEGMENT
