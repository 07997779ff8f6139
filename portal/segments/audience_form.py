"""Whom something is for, as a form asks it: a saved segment or a list to start from, conditions, everybody but."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from portal.declarations.attributes import Attribute
from portal.segments.audience import Audience
from portal.segments.condition_form import ADD, ADD_TO_ROW, REMOVE, Arguments, ConditionForm

SEGMENT, REDRAW = "segment", "redraw"
BUTTONS = frozenset({ADD, ADD_TO_ROW, REMOVE, "add-but", "remove-but", REDRAW})
DROP = "drop-"  # and the number of a condition


@dataclass(frozen=True)
class AudienceForm:
    """Everything that is filled in, finished or not."""

    conditions: ConditionForm
    segment_id: UUID | None = None

    @classmethod
    def of(cls, audience: Audience, known: Mapping[str, Attribute]) -> "AudienceForm":
        return cls(ConditionForm.of(audience.conditions, known), audience.segment_id)

    @classmethod
    def read(cls, given: Arguments, known: Mapping[str, Attribute]) -> "AudienceForm":
        """What can't be read is left blank; nothing is refused here."""
        return cls(ConditionForm.read(given, known), _id(given.get(SEGMENT, "")))

    @property
    def audience(self) -> Audience:
        """As far as it is filled in, for counting."""
        return Audience(self.conditions.conditions, self.segment_id)

    def complete(self) -> Audience:
        """To be saved. Raise DomainError while a condition is unfinished."""
        return Audience(self.conditions.complete(), self.segment_id)

    @property
    def refused(self) -> "AudienceForm":
        return replace(self, conditions=self.conditions.refused)


def asks_for_fields(given: Iterable[str]) -> bool:
    """A button of the conditions was pressed, or a script draws the fields anew: nothing is to be saved."""
    return any(name in BUTTONS or name.startswith(DROP) for name in given)


def _id(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None
