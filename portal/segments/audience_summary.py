"""An audience as pages of its users tell it: from which segment, by which conditions, how many now, what is wrong."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.errors import NotFound
from portal.segments import labels
from portal.segments.audience import Audience, people_in, resolve_audience
from portal.segments.conditions import Condition, Conditions, Join, conditions_of
from portal.segments.models import ON_LIST, Segment
from portal.segments.queries import all_segments, is_visible_to, visible_segments
from portal.segments.resolution import ResolvedConditions
from tenants.models import Membership

EVERYONE = true()


@dataclass(frozen=True)
class AudienceSummary:
    """`segment`: to start from, if the reader may see it. `parts`: the rest in words, blank where there is none."""

    segment: Segment | None
    parts: list[str]
    people: int | None
    faults: list[str]


def audience_summary(
    session: Session,
    audience: Audience,
    reader: Membership,
    which: ColumnElement[bool] = EVERYONE,
    *,
    is_counted: bool = True,
) -> AudienceSummary:
    """`which`: of those who count, as far as it is not everybody."""
    found = all_segments(session).get(audience.segment_id) if audience.segment_id else None
    segment = found if found and is_visible_to(found, reader) else None
    return AudienceSummary(
        segment,
        _parts(session, audience, segment, reader),
        (session.scalar(people_count(session, audience, which)) or 0) if is_counted else None,
        audience_faults(session, audience),
    )


def people_count(session: Session, audience: Audience, which: ColumnElement[bool] = EVERYONE) -> Select[int]:
    return (
        select(func.count().label("people")).select_from(Advocate).where(people_in(session, audience), which)
    )


def audience_faults(session: Session, audience: Audience) -> list[str]:
    """Why it is nobody, in words; empty where nothing is wrong."""
    try:
        parts = resolve_audience(session, audience).parts
    except NotFound:
        return [_("The segment that this starts from was deleted, so nobody is in.")]
    return [str(labels.FAULTS[fault]) for part in parts for fault in part.every_fault]


def _parts(session: Session, audience: Audience, segment: Segment | None, reader: Membership) -> list[str]:
    try:
        own = resolve_audience(session, audience).parts[-1]
    except NotFound:
        return []
    parts = [_("A private segment")] if audience.segment_id and segment is None else []
    parts += [_("People picked one by one")] if audience.people is not None else []
    parts += [words] if (words := conditions_text(session, own, reader)) else []
    return [*parts, *_but(own, reader)]


def conditions_text(session: Session, resolved: ResolvedConditions, reader: Membership) -> str:
    """“Industry is any of Retail, Banking and Seniority is at least VP”. A colleague's private list has no name."""
    conditions: Conditions = resolved.conditions
    names_lists = any(one.attribute == ON_LIST for one in conditions.all)
    seen = {str(each.id) for each in visible_segments(session, reader)} if names_lists else set[str]()
    rows = [
        _joined(conditions.join.other, [_condition(resolved, one, seen) for one in conditions_of(row)])
        for row in conditions.rows
    ]
    return _joined(conditions.join, rows)


def _joined(join: Join, words: list[str]) -> str:
    return (f" {_('and')} " if join is Join.ALL else f" {_('or')} ").join(words)


def _condition(resolved: ResolvedConditions, one: Condition, seen: Collection[str]) -> str:
    read = resolved.read.get(one)
    if read is None:
        return _("a deleted attribute")
    hidden = {*one.values} - {*seen} if one.attribute == ON_LIST else ()
    values = ", ".join(
        str(labels.PRIVATE_LIST) if value in hidden else labels.value_name(read.attribute, value)
        for value in one.values
    )
    name, operator = labels.attribute_name(read.attribute), labels.operator_name(read.attribute, one.operator)
    return f"{name} {operator} {values}".strip()


def _but(resolved: ResolvedConditions, reader: Membership) -> list[str]:
    if resolved.but is None or resolved.but.segment is None:
        return []
    left_out = resolved.but.segment
    if not is_visible_to(left_out, reader):
        return [_("not a private segment")]
    return [_("not “%(name)s”", name=left_out.name)]
