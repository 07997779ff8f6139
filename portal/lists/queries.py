"""The rows of a list, in order, page by page, and how many there are: one set of conditions for all of it."""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from portal.declarations.lists import (
    DeclaredList,
    ListFilter,
    ListGroups,
    ListReader,
    ListTab,
    TabCounts,
)
from portal.lists.list_choice import ListChoice
from portal.paging import KeysetPage

MAX_COUNTED = 100_000  # a number beyond it helps nobody
MATCHING = "#matching"  # the name of no tab


def conditions(choice: ListChoice, reader: ListReader) -> list[ColumnElement[bool]]:
    return [*_tab_conditions(choice, reader), *narrowing(choice, reader)]


def narrowing(choice: ListChoice, reader: ListReader) -> list[ColumnElement[bool]]:
    """All but the tab."""
    search = choice.declared.search
    given = [_condition(each, choice.filters[each.name], reader) for each in choice.chosen_filters]
    found = [condition for condition in given if condition is not None]
    return [*found, search.condition(reader, choice.text)] if choice.text and search else found


def _condition(each: ListFilter, value: str, reader: ListReader) -> ColumnElement[bool] | None:
    return each.looked_up(reader, value) if each.looked_up else each.condition(value)


def matching(choice: ListChoice, reader: ListReader) -> Select[Any]:
    return choice.declared.rows(reader).where(*conditions(choice, reader))


def matching_ids(choice: ListChoice, reader: ListReader) -> Select[UUID]:
    found = matching(choice, reader).order_by(None)
    return found.with_only_columns(choice.declared.key, maintain_column_froms=True)


def acted_ids(choice: ListChoice, reader: ListReader) -> Select[UUID]:
    """Those of all that match that an act of the list can be about."""
    found, about = matching_ids(choice, reader), choice.declared.acts_are_for
    return found.where(about(reader)) if about else found


def rows_of(declared: DeclaredList, reader: ListReader, ids: Any) -> Select[Any]:
    """Those of these rows that the reader may see."""
    return declared.rows(reader).where(declared.key.in_(ids))


def sort_key(choice: ListChoice) -> tuple[Any, ...]:
    """It ends with the key of the row, which may be all of it."""
    key, sort = choice.declared.key, choice.sort.sort
    return sort if sort[-1] is key else (*sort, key)


def sort_order(choice: ListChoice) -> list[Any]:
    return [each.desc() if choice.is_descending else each.asc() for each in sort_key(choice)]


def ordered(choice: ListChoice, reader: ListReader) -> Select[Any]:
    return matching(choice, reader).order_by(None).order_by(*sort_order(choice))


def first_of_groups(
    choice: ListChoice, reader: ListReader, groups: ListGroups, beside: ColumnElement[Any]
) -> KeysetPage[Any]:
    """The first rows of every group, without further pages."""
    declared, order = choice.declared, sort_order(choice)
    place = func.row_number().over(partition_by=groups.column, order_by=order)
    ranked = (
        matching(choice, reader)
        .order_by(None)
        .with_only_columns(declared.key.label("id"), place.label("place"), maintain_column_froms=True)
    )
    few = ranked.subquery()
    shown = declared.rows(reader).join(few, few.c.id == declared.key).where(few.c.place <= groups.most)
    whole: Any = shown.options(*declared.loads).order_by(None).order_by(*order)
    found = reader.session.execute(whole.add_columns(beside)).all()
    return KeysetPage([row[0] for row in found], None, None, found[0][-1] if found else None)


def group_counts(choice: ListChoice, reader: ListReader, groups: ListGroups) -> Mapping[Any, int]:
    found = matching(choice, reader).order_by(None)
    counted = found.with_only_columns(groups.column, func.count(), maintain_column_froms=True)
    rows = reader.session.execute(counted.group_by(groups.column))
    return {value: number for value, number in rows}  # noqa: C416 (rows are not pairs to mypy)


def numbers(
    choice: ListChoice, reader: ListReader, matches: ScalarSelect[int] | None = None
) -> ColumnElement[Any] | None:
    """As one value, to be asked beside the rows: how many rows each tab has, and how many the filters find.

    `matches`: the latter, where the same statement knows it.
    """
    declared = choice.declared
    counted = declared.tab_counts(reader) if declared.tab_counts else _count_tabs(declared, reader)
    tabs = [*_as_json(counted)]
    if choice.is_narrowed and declared.counts_matches:
        found = _count(matching(choice, reader)) if matches is None else matches
        tabs.append(func.jsonb_build_object(MATCHING, found))
    return reduce(lambda one, other: one.op("||")(other), tabs) if tabs else None


def known_counts(declared: DeclaredList, reader: ListReader) -> Mapping[str, int]:
    """Those that are kept, and need not be counted."""
    counted = declared.tab_counts(reader) if declared.tab_counts else {}
    return counted if isinstance(counted, Mapping) else {}


def _count_tabs(declared: DeclaredList, reader: ListReader) -> Select[*tuple[int, ...]] | None:
    counted = [
        _count(_in_tab(declared, tab, reader)).label(tab.name) for tab in declared.tabs if tab.is_counted
    ]
    return select(*counted) if counted else None


def _as_json(counted: TabCounts | None) -> Iterator[ColumnElement[Any]]:
    if isinstance(counted, Select):
        yield _as_object(counted)
    elif isinstance(counted, ColumnElement):
        yield counted


def _as_object(counted: Select[*tuple[Any, ...]]) -> ColumnElement[Any]:
    """Its one row as JSON, by the names of its columns."""
    row = counted.subquery("counted")
    return select(func.to_jsonb(row.table_valued(), type_=JSONB)).scalar_subquery()


def _count(found: Select[Any]) -> ScalarSelect[int]:
    some = found.order_by(None).with_only_columns(literal(1), maintain_column_froms=True).limit(MAX_COUNTED)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _in_tab(declared: DeclaredList, tab: ListTab, reader: ListReader) -> Select[Any]:
    return declared.rows(reader).where(*([tab.condition(reader)] if tab.condition else []))


def _tab_conditions(choice: ListChoice, reader: ListReader) -> list[ColumnElement[bool]]:
    tab = choice.tab
    if tab is None or tab.condition is None:
        return []
    beyond = {each.looks_beyond for each in choice.chosen_filters}
    return [] if tab.name in beyond else [tab.condition(reader)]
