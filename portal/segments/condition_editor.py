"""What the fields of conditions need to be drawn: the same on the page of a segment and in every picker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.declarations.attribute_values import RELATIVE, UNITS, WITHOUT_VALUES
from portal.declarations.attributes import (
    Attribute,
    AttributeSubject,
    AttributeType,
    Operator,
    attributes_of,
)
from portal.segments import labels
from portal.segments.condition_form import ConditionForm, FormCondition
from portal.segments.hidden_segments import HiddenSegments
from portal.segments.models import ON_LIST, Segment
from portal.segments.options import MOST_OPTIONS, Options, options_of
from portal.segments.queries import visible_segments
from tenants.database import tenant
from tenants.models import Membership

Choices = list[tuple[str, str]]  # value, words


class Widget(StrEnum):
    """How values are asked for."""

    NOTHING = "nothing"
    PERIOD = "period"
    MONEY = "money"
    NUMBER = "number"
    DAY = "day"
    ONE = "one"
    TEXT = "text"
    SEVERAL = "several"


@dataclass(frozen=True)
class ConditionEditor:
    """`others`: segments that may be left out. `left`: people left after each condition, where they were counted."""

    form: ConditionForm
    attributes: Mapping[str, Attribute]
    options: Options
    others: Sequence[Segment]
    hidden: HiddenSegments
    currency: str
    left: Sequence[int] = ()

    @property
    def attribute_choices(self) -> list[tuple[str, Choices]]:
        """By person and company, each in the order of the words."""
        groups = {AttributeSubject.PERSON: labels.OF_PERSON, AttributeSubject.ACCOUNT: labels.OF_ACCOUNT}
        return [(str(words), self._of(subject)) for subject, words in groups.items()]

    def operators(self, one: FormCondition) -> Choices:
        if one.attribute is None:
            return []
        return [(each.value, labels.operator_name(one.attribute, each)) for each in one.attribute.comparisons]

    def widget(self, one: FormCondition) -> Widget:
        if one.attribute is None or one.operator in WITHOUT_VALUES:
            return Widget.NOTHING
        if one.operator in RELATIVE:
            return Widget.PERIOD
        if one.operator in (Operator.SINCE, Operator.BEFORE):
            return Widget.DAY
        by_type = {AttributeType.MONEY: Widget.MONEY, AttributeType.NUMBER: Widget.NUMBER}
        if one.attribute.type in by_type:
            return by_type[one.attribute.type]
        if one.operator is Operator.CONTAINS:
            return Widget.TEXT
        return Widget.ONE if one.operator in (Operator.AT_LEAST, Operator.LESS_THAN) else Widget.SEVERAL

    def choices(self, one: FormCondition) -> Choices:
        """What is not chosen yet; empty where there is too much to choose from."""
        if one.attribute is None:
            return []
        values = (
            self._lists if one.name == ON_LIST else [*one.attribute.values] or self.options.get(one.name, [])
        )
        if len(values) > MOST_OPTIONS and not one.attribute.values:
            return []
        taken = set(one.values) if self.widget(one) is Widget.SEVERAL else set()
        return [(str(each), self.words(one, str(each))) for each in values if str(each) not in taken]

    def suggestions(self, one: FormCondition) -> list[str]:
        return self.options.get(one.name, [])[:MOST_OPTIONS]

    def currencies(self, one: FormCondition) -> list[str]:
        chosen = [one.values[1]] if len(one.values) > 1 and one.values[1] else []
        return list(dict.fromkeys([*chosen, self.currency, *self.options.get(one.name, [])]))

    def words(self, one: FormCondition, value: str) -> str:
        if one.name == ON_LIST and self.hidden.is_hidden(value):
            return str(labels.PRIVATE_LIST)
        return labels.value_name(one.attribute, value) if one.attribute else value

    def name(self, one: FormCondition) -> str:
        return labels.attribute_name(one.attribute) if one.attribute else one.name

    @property
    def units(self) -> Choices:
        return [(unit, str(labels.UNITS[unit])) for unit in UNITS]

    def left_after(self, one: FormCondition) -> int | None:
        """None where it is not finished, so that it has changed nothing yet."""
        finished = [each.number for each in self.form.fields if each.is_finished]
        at = finished.index(one.number) if one.number in finished else len(self.left)
        return self.left[at] if at < len(self.left) else None

    @property
    def _lists(self) -> list[str]:
        """A colleague's private one is not offered."""
        return [str(each.id) for each in self.others if each.is_list]

    @property
    def leaves_out_private(self) -> bool:
        """A segment that this reader does not see is left out, and stays so."""
        return self.form.but is not None and self.form.but not in {each.id for each in self.others}

    @property
    def _chosen(self) -> set[str]:
        return {one.name for one in self.form.fields}

    def _of(self, subject: AttributeSubject) -> Choices:
        found = [
            (name, labels.attribute_name(one))
            for name, one in self.attributes.items()
            if one.subject is subject and (one.is_offered or name in self._chosen)
        ]
        return sorted(found, key=lambda each: each[1].casefold())


def condition_editor(
    session: Session,
    form: ConditionForm,
    member: Membership,
    *,
    segment: Segment | None = None,
    hidden: HiddenSegments | None = None,
    options: Options | None = None,
    left: Sequence[int] = (),
) -> ConditionEditor:
    """`options`: where the page has asked for them already; else it takes one question more."""
    attributes = attributes_of(session)
    offered = options_of(session, form.attributes) if options is None else options
    others = [each for each in visible_segments(session, member) if segment is None or each.id != segment.id]
    hidden = hidden or HiddenSegments.of(session, member, segment)
    return ConditionEditor(form, attributes, offered, others, hidden, tenant(session).currency, left)


def read_form(
    session: Session, given: Any, member: Membership, segment: Segment | None = None
) -> ConditionForm:
    """Nobody fits what names a colleague's private segment, unless this one stood on it before."""
    form = ConditionForm.read(given, attributes_of(session))
    return HiddenSegments.of(session, member, segment).read(form, given)


def form_of(session: Session, segment: Segment) -> ConditionForm:
    return ConditionForm.of(segment.read_conditions, attributes_of(session))
