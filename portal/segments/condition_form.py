"""Conditions as the fields of a form: one flat row for each, read from what was typed and shown again.

The same fields stand on the page of a segment and in every picker. Fields of one condition carry its number:
`attribute-0`, `operator-0`, `value-0` (several), and `row-0`, which rows have in common that stand in one group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from portal.declarations.attribute_values import RELATIVE, UNITS, WITHOUT_VALUES, read_values
from portal.declarations.attributes import Attribute, AttributeType, Operator
from portal.errors import DomainError
from portal.i18n import mark
from portal.segments.conditions import (
    MOST_CONDITIONS,
    Condition,
    ConditionFault,
    ConditionGroup,
    Conditions,
    Join,
    conditions_of,
)

MOST_FIELDS = 12  # numbers that are looked at: more than fit on a page
ADD, ADD_TO_ROW, REMOVE = "add", "add-to", "remove"
UNFINISHED = mark("One of the conditions has no value yet. Please fill it in or remove it.")


class Arguments(Protocol):
    """Of an address or a form."""

    def get(self, name: str, default: str = "") -> Any: ...
    def getlist(self, name: str) -> list[str]: ...
    def __contains__(self, name: object) -> bool: ...


@dataclass(frozen=True)
class FormCondition:
    """One row of fields. `attribute`: None while nothing is chosen, or when it is gone."""

    number: int
    row: int
    name: str
    attribute: Attribute | None
    operator: Operator
    values: tuple[str, ...]

    @property
    def is_gone(self) -> bool:
        return bool(self.name) and self.attribute is None

    @property
    def is_finished(self) -> bool:
        """What is gone counts as finished: it is a fault, and nobody may think that it was dropped."""
        if self.attribute is None:
            return self.is_gone
        if self.operator in WITHOUT_VALUES:
            return True
        return any(self.values[:1] if self.is_pair else self.values)

    @property
    def is_unfinished(self) -> bool:
        """Something was chosen to compare, and nothing to compare it with."""
        return self.attribute is not None and not self.is_finished

    @property
    def is_pair(self) -> bool:
        """A period or an amount: the second value is its unit."""
        return _is_pair(self.attribute, self.operator)

    @property
    def is_wrong(self) -> bool:
        return (
            self.attribute is not None
            and self.is_finished
            and read_values(self.attribute, self.operator, self.values) is None
        )

    @property
    def condition(self) -> Condition:
        return Condition(self.name, self.operator, () if self.operator in WITHOUT_VALUES else self.values)


@dataclass(frozen=True)
class ConditionForm:
    """Everything that is filled in, finished or not."""

    fields: tuple[FormCondition, ...] = ()
    join: Join = Join.ALL
    but: UUID | None = None
    shows_but: bool = False
    faults: tuple[ConditionFault, ...] = ()  # of stored conditions, until they are written anew
    was_refused: bool = False  # somebody wanted to save it, so what is unfinished is told

    @classmethod
    def of(cls, conditions: Conditions, known: Mapping[str, Attribute]) -> "ConditionForm":
        found: list[FormCondition] = []
        for row, each in enumerate(conditions.rows):
            for one in conditions_of(each):
                found.append(
                    FormCondition(
                        len(found), row, one.attribute, known.get(one.attribute), one.operator, one.values
                    )
                )
        shows_but = conditions.but is not None
        return cls(tuple(found), conditions.join, conditions.but, shows_but, conditions.faults)

    @classmethod
    def read(cls, given: Arguments, known: Mapping[str, Attribute]) -> "ConditionForm":
        """What can't be read is left as it is or blank; nothing is refused here."""
        fields = [_field(given, number, known) for number in range(MOST_FIELDS) if f"row-{number}" in given]
        form = cls(
            tuple(fields),
            Join.ANY if given.get("join") == Join.ANY else Join.ALL,
            _id(given.get("but", "")),
            "but" in given,
        )
        return _with_pressed(form, given)

    @property
    def refused(self) -> "ConditionForm":
        return replace(self, was_refused=True)

    @property
    def unfinished(self) -> list[FormCondition]:
        return [one for one in self.fields if one.is_unfinished]

    def complete(self) -> Conditions:
        """To be saved: without the one that is unfinished it would find more people than somebody meant."""
        if self.unfinished:
            raise DomainError(UNFINISHED)
        return self.conditions

    @property
    def conditions(self) -> Conditions:
        """Those that are finished."""
        rows: dict[int, list[Condition]] = {}
        for one in self.fields:
            if one.is_finished:
                rows.setdefault(one.row, []).append(one.condition)
        found = (each[0] if len(each) == 1 else ConditionGroup(tuple(each)) for each in rows.values())
        return Conditions(tuple(found), self.join, self.but, self.faults)

    @property
    def rows(self) -> list[list[FormCondition]]:
        rows: dict[int, list[FormCondition]] = {}
        for one in self.fields:
            rows.setdefault(one.row, []).append(one)
        return list(rows.values())

    @property
    def attributes(self) -> list[Attribute]:
        return [one.attribute for one in self.fields if one.attribute is not None]

    @property
    def is_full(self) -> bool:
        return len(self.fields) >= MOST_CONDITIONS

    @property
    def most(self) -> int:
        return MOST_CONDITIONS

    @property
    def wrong(self) -> list[FormCondition]:
        return [one for one in self.fields if one.is_wrong or one.is_gone]


def _field(given: Arguments, number: int, known: Mapping[str, Attribute]) -> FormCondition:
    name = str(given.get(f"attribute-{number}", ""))[:100]
    attribute = known.get(name)
    operator = str(given.get(f"operator-{number}", ""))
    fitting: Sequence[Operator] = attribute.comparisons if attribute else (Operator.ANY_OF,)
    chosen = Operator(operator) if operator in set(fitting) else fitting[0]
    values = _values(given, number, attribute, chosen)
    return FormCondition(number, _row_number(given.get(f"row-{number}")), name, attribute, chosen, values)


def _values(
    given: Arguments, number: int, attribute: Attribute | None, operator: Operator
) -> tuple[str, ...]:
    """Of a period and an amount the second says the unit; blanks of lists are fields nobody filled in."""
    values = [value.strip()[:200] for value in given.getlist(f"value-{number}")]
    if _is_pair(attribute, operator):
        return _pair(values, UNITS[2] if operator in RELATIVE else "")
    dropped = set(given.getlist(f"drop-{number}"))
    return tuple(dict.fromkeys(value for value in values if value and value not in dropped))


def _is_pair(attribute: Attribute | None, operator: Operator) -> bool:
    is_amount = attribute is not None and attribute.type is AttributeType.MONEY
    return operator in RELATIVE or (is_amount and operator not in WITHOUT_VALUES)


def _pair(values: Sequence[str], unit: str) -> tuple[str, ...]:
    first, second = (*values, "", "")[:2]
    return (first, second or unit)


def _with_pressed(form: ConditionForm, given: Arguments) -> ConditionForm:
    """The buttons of the page: one more condition, one more in a row, one less, everybody but."""
    if REMOVE in given:
        kept = tuple(one for one in form.fields if str(one.number) != given.get(REMOVE))
        form = replace(form, fields=kept)
    if "remove-but" in given:
        form = replace(form, but=None, shows_but=False)
    if "add-but" in given:
        form = replace(form, shows_but=True)
    row = _row_number(given.get(ADD_TO_ROW)) if ADD_TO_ROW in given else _next_row(form)
    is_blank = not form.fields and REMOVE not in given
    if (ADD in given or ADD_TO_ROW in given or is_blank) and not form.is_full:
        form = replace(form, fields=_inserted(form.fields, row))
    return replace(form, fields=tuple(replace(one, number=n) for n, one in enumerate(form.fields)))


def _inserted(fields: Sequence[FormCondition], row: int) -> tuple[FormCondition, ...]:
    blank = FormCondition(len(fields), row, "", None, Operator.ANY_OF, ())
    after = [n for n, one in enumerate(fields) if one.row == row]
    at = after[-1] + 1 if after else len(fields)
    return (*fields[:at], blank, *fields[at:])


def _next_row(form: ConditionForm) -> int:
    return max((one.row for one in form.fields), default=-1) + 1


def _row_number(given: Any) -> int:
    text = str(given)
    return min(int(text), MOST_FIELDS) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _id(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None
