"""The list of segments and of lists of people: one's own, and those that colleagues share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, contains_eager

from portal.declarations.attributes import attributes_of
from portal.declarations.lists import (
    CellKind,
    DeclaredList,
    ListColumn,
    ListReader,
    ListSearch,
    ListTab,
    Place,
)
from portal.declarations.segment_uses import SegmentUse
from portal.exports import cells
from portal.segments import labels
from portal.segments.models import Segment, SegmentSharing, SegmentType
from portal.segments.queries import is_visible
from portal.segments.uses import read_uses, use_rows
from tenants.database import tenant
from tenants.models import MANAGER_ROLES, Membership
from tenants.rows_at_once import rows_at_once


@dataclass(frozen=True)
class SegmentFacts:
    """What the cells show of segments besides themselves."""

    session: Session
    segments: Sequence[Segment]

    @cached_property
    def kinds(self) -> Mapping[UUID, str]:
        known = attributes_of(self.session)
        return {each.id: _kinds(each, known) for each in self.segments}

    def sharing(self, segment: Segment) -> Any:
        return labels.SHARING[segment.sharing]

    @cached_property
    def uses(self) -> Mapping[UUID, list[SegmentUse]]:
        """Of all of them in one statement, once the column is shown."""
        asked = [rows for each in self.segments for rows in use_rows(each.id)]
        found = rows_at_once(self.session, *asked)
        users = len(asked) // max(len(self.segments), 1)
        return {each.id: read_uses(found[at * users :][:users]) for at, each in enumerate(self.segments)}


def _kinds(segment: Segment, known: Mapping[str, Any]) -> str:
    used = {one.attribute for one in segment.read_conditions.all}
    return labels.kind_names(one for name, one in known.items() if name in used)


def _segments(reader: ListReader) -> Select[Segment]:
    return select(Segment).join(Segment.owner).where(is_visible(reader.member))


def _is_mine(reader: ListReader) -> ColumnElement[bool]:
    return Segment.owner_id == reader.member.id


def _is_shared(_reader: ListReader) -> ColumnElement[bool]:
    return Segment.sharing == SegmentSharing.MANAGERS


def _is_list(_reader: ListReader) -> ColumnElement[bool]:
    return Segment.type == SegmentType.LIST


def _day(reader: ListReader) -> ColumnElement[str]:
    return cells.day_in(tenant(reader.session).time_zone, Segment.changed_at)


def _counted_on(reader: ListReader) -> ColumnElement[str]:
    """The people of a list are its people at any time."""
    counted_at = case((Segment.type == SegmentType.CONDITIONS, Segment.changed_at))
    return cells.day_in(tenant(reader.session).time_zone, counted_at)


SEGMENTS = DeclaredList(
    name="segments",
    label=_l("Segments"),
    endpoint="segments.index",
    roles=frozenset(MANAGER_ROLES),
    model=Segment,
    rows=_segments,
    loads=(contains_eager(Segment.owner),),
    columns=(
        ListColumn(
            name="name",
            label=_l("Name"),
            place=Place.ALWAYS,
            cell=lambda _: cells.text(Segment.name),
            sort=(Segment.name_sort,),
        ),
        ListColumn(
            name="type",
            label=_l("Type"),
            place=Place.FILE,
            cell=lambda _: cells.labeled(Segment.type, labels.TYPES),
        ),
        ListColumn(name="kind", label=_l("Kind"), from_width="md"),
        ListColumn(
            name="people",
            label=_l("People"),
            cell=lambda _: cells.number(Segment.people_count),
            kind=CellKind.NUMBER,
            sort=(Segment.people_count,),
            sorts_down_first=True,
            is_numeric=True,
        ),
        ListColumn(
            name="counted",
            label=_l("People counted on"),
            place=Place.FILE,
            cell=_counted_on,
            kind=CellKind.DAY,
        ),
        ListColumn(name="uses", label=_l("Used by"), from_width="lg"),
        ListColumn(
            name="owner",
            label=_l("Made by"),
            cell=lambda _: cells.text(Membership.name),
            sort=(func.lower(Membership.name),),
            from_width="md",
        ),
        ListColumn(
            name="sharing",
            label=_l("Shared"),
            place=Place.ON_CHOICE,
            cell=lambda _: cells.labeled(Segment.sharing, labels.SHARING),
            sort=(Segment.sharing,),
            from_width="lg",
        ),
        ListColumn(
            name="changed",
            label=_l("Changed"),
            place=Place.ON_CHOICE,
            cell=_day,
            kind=CellKind.DAY,
            sort=(Segment.changed_at,),
            sorts_down_first=True,
            from_width="lg",
        ),
    ),
    sort="name",
    cells="segments/list_cells.html",
    tabs=(
        ListTab(name="all", label=_l("All"), is_counted=True),
        ListTab(name="mine", label=_l("Mine"), condition=_is_mine, is_counted=True),
        ListTab(name="shared", label=_l("Shared"), condition=_is_shared, is_counted=True),
        ListTab(name="lists", label=_l("Lists"), condition=_is_list, is_counted=True),
    ),
    tabs_label=_l("Segments by who made them"),
    search=ListSearch(
        label=_l("Find a segment"),
        placeholder=_l("Name"),
        condition=lambda _, text: Segment.name_sort.contains(text.casefold(), autoescape=True),
    ),
    facts=lambda reader, segments: SegmentFacts(reader.session, segments),
)
