"""How segments speak: attributes, comparisons, kinds, faults, and what they may be used for."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.declarations.attributes import Attribute, AttributeType, Operator, SegmentKind
from portal.segments.conditions import ConditionFault, Join
from portal.segments.history_actions import SegmentAction
from portal.segments.models import SegmentSharing, SegmentType

TYPES = {SegmentType.CONDITIONS: _l("By conditions"), SegmentType.LIST: _l("List")}
SHARING = {
    SegmentSharing.OWNER: _l("Only whoever made it"),
    SegmentSharing.MANAGERS: _l("All program managers"),
}
KINDS = {
    SegmentKind.FIRMOGRAPHIC: _l("firmographic"),
    SegmentKind.NEEDS: _l("needs"),
    SegmentKind.BEHAVIOR: _l("behavior"),
    SegmentKind.TIER: _l("tier"),
    SegmentKind.SOPHISTICATION: _l("sophistication"),
}
OPERATORS: Mapping[Operator, Any] = {
    Operator.ANY_OF: _l("is any of"),
    Operator.NONE_OF: _l("is none of"),
    Operator.ALL_OF: _l("has all of"),
    Operator.CONTAINS: _l("contains"),
    Operator.AT_LEAST: _l("is at least"),
    Operator.LESS_THAN: _l("is less than"),
    Operator.IN_LAST: _l("in the last"),
    Operator.NOT_IN_LAST: _l("not in the last"),
    Operator.IN_NEXT: _l("in the next"),
    Operator.SINCE: _l("since"),
    Operator.BEFORE: _l("before"),
    Operator.KNOWN: _l("is known"),
    Operator.UNKNOWN: _l("is unknown"),
}
OF_LISTS = {Operator.ANY_OF: _l("has any of"), Operator.NONE_OF: _l("has none of")}
OF_DAYS = {Operator.KNOWN: _l("at any time"), Operator.UNKNOWN: _l("never")}
OWN_WORDS: Mapping[AttributeType, Mapping[Operator, Any]] = {
    AttributeType.LIST: OF_LISTS,
    AttributeType.MOMENT: OF_DAYS,
}
UNITS = {"days": _l("days"), "weeks": _l("weeks"), "months": _l("months"), "years": _l("years")}
PRIVATE_LIST = _l("a private list")
OF_PERSON, OF_ACCOUNT = _l("Person"), _l("Company")
JOINS = {Join.ALL: _l("all"), Join.ANY: _l("any")}
FAULTS = {
    ConditionFault.UNREADABLE: _l("The conditions can’t be read, so nobody is in."),
    ConditionFault.TOO_MANY: _l("These are more than five conditions, so nobody is in. Please remove some."),
    ConditionFault.ATTRIBUTE_GONE: _l(
        "A condition uses an attribute or a field that was deleted, so nobody is in."
    ),
    ConditionFault.VALUE_GONE: _l(
        "A condition has a value that can’t be read, or uses a tag or a list that is gone, so nobody is in."
    ),
    ConditionFault.SEGMENT_GONE: _l("The segment that was left out here was deleted, so nobody is in."),
    ConditionFault.CIRCULAR: _l("The segment that is left out here leaves this one out, so nobody is in."),
}
HISTORY_ACTIONS = {
    SegmentAction.CREATED: _l("Created"),
    SegmentAction.CHANGED: _l("Changed"),
    SegmentAction.COPIED: _l("Copied from another segment"),
    SegmentAction.SHARED: _l("Shared with all program managers"),
    SegmentAction.KEPT_PRIVATE: _l("Kept private"),
    SegmentAction.PEOPLE_ADDED: _l("People added"),
    SegmentAction.PEOPLE_REMOVED: _l("People removed"),
    SegmentAction.ORIGIN_STATED: _l("Stated in writing that it doesn’t come from satisfaction"),
    SegmentAction.ATTRIBUTE_STATED: _l("Stated in writing that these answers don’t come from satisfaction"),
    SegmentAction.ATTRIBUTE_WITHDRAWN: _l("Statement withdrawn"),
    SegmentAction.DELETED: _l("Deleted"),
}


def attribute_name(attribute: Attribute) -> str:
    is_marked = attribute.is_translated and isinstance(attribute.label, str)
    return _(attribute.label) if is_marked else str(attribute.label)


def operator_name(attribute: Attribute, operator: Operator) -> str:
    return str(OWN_WORDS.get(attribute.type, {}).get(operator, OPERATORS[operator]))


def value_name(attribute: Attribute, value: str) -> str:
    words = attribute.values.get(value)
    if words is not None:
        return _(words) if attribute.are_values_translated and isinstance(words, str) else str(words)
    return _(attribute.words_of(value)) if attribute.words_of else value


def kind_names(attributes: Iterable[Attribute]) -> str:
    """“Firmographic, behavior”: what the conditions group customers by, in the order of the field's books."""
    found = {each.kind for each in attributes}
    words = ", ".join(str(KINDS[kind]) for kind in KINDS if kind in found)
    return words[:1].upper() + words[1:]


def people_number(number: int) -> str:
    return str(ngettext("%(num)d person", "%(num)d people", number))
