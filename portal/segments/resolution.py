"""Conditions with everything they stand on: their attributes, and the segments that are taken out of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.declarations.attribute_values import read_values
from portal.declarations.attributes import Attribute, find_attribute
from portal.segments.conditions import Condition, ConditionFault, Conditions
from portal.segments.models import Segment
from portal.segments.queries import all_segments


@dataclass(frozen=True)
class ReadCondition:
    """A condition whose attribute exists and whose values were read."""

    condition: Condition
    attribute: Attribute
    values: tuple[Any, ...]


@dataclass(frozen=True)
class ResolvedConditions:
    """`segment`: whose conditions these are; None: not saved. A list has no conditions, only its people."""

    conditions: Conditions
    segment: Segment | None
    read: dict[Condition, ReadCondition]
    but: "ResolvedConditions | None"
    faults: tuple[ConditionFault, ...]

    @property
    def chain(self) -> Iterator["ResolvedConditions"]:
        """This, and whatever is taken out of it."""
        yield self
        if self.but is not None:
            yield from self.but.chain

    @property
    def every_fault(self) -> tuple[ConditionFault, ...]:
        return tuple(dict.fromkeys(fault for each in self.chain for fault in each.faults))

    @property
    def used(self) -> list[ReadCondition]:
        return [one for each in self.chain for one in each.read.values()]

    @property
    def fingerprint(self) -> str:
        """Changes when anything does that decides who is in: conditions, lists, and what is taken out."""
        parts = [
            [each.conditions.to_json(), str(each.segment.id), each.segment.people_revision]
            if each.segment
            else [each.conditions.to_json()]
            for each in self.chain
        ]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def resolve(session: Session, conditions: Conditions, segment: Segment | None = None) -> ResolvedConditions:
    """Ask no question but for the attributes and the segments of the workspace, once a session."""
    return _resolve(session, conditions, segment, (segment.id,) if segment else ())


def resolve_segment(session: Session, segment: Segment) -> ResolvedConditions:
    return resolve(session, segment.read_conditions, segment)


def _resolve(
    session: Session, conditions: Conditions, segment: Segment | None, above: Sequence[UUID]
) -> ResolvedConditions:
    read, faults = _read(session, conditions)
    but, fault = _but(session, conditions.but, above)
    return ResolvedConditions(conditions, segment, read, but, (*conditions.faults, *faults, *fault))


def _read(
    session: Session, conditions: Conditions
) -> tuple[dict[Condition, ReadCondition], list[ConditionFault]]:
    read: dict[Condition, ReadCondition] = {}
    faults: list[ConditionFault] = []
    for one in conditions.all:
        attribute = find_attribute(session, one.attribute)
        values = read_values(attribute, one.operator, one.values) if attribute else None
        if attribute is None:
            faults.append(ConditionFault.ATTRIBUTE_GONE)
        elif values is None or one.operator not in attribute.comparisons:
            faults.append(ConditionFault.VALUE_GONE)
        else:
            read[one] = ReadCondition(one, attribute, values)
    return read, faults


def _but(
    session: Session, segment_id: UUID | None, above: Sequence[UUID]
) -> tuple[ResolvedConditions | None, list[ConditionFault]]:
    if segment_id is None:
        return None, []
    if segment_id in above:
        return None, [ConditionFault.CIRCULAR]
    segment = all_segments(session).get(segment_id)
    if segment is None:
        return None, [ConditionFault.SEGMENT_GONE]
    return _resolve(session, segment.read_conditions, segment, (*above, segment_id)), []
