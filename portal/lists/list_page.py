"""A list as its page shows it: tabs, filters, columns, rows, what can be done with those that are picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import request, url_for
from sqlalchemy import ColumnElement, ScalarSelect, select

from portal.declarations.bulk_acts import BulkAct
from portal.declarations.filter_values import BETWEEN, HIGH, LOW, FilterKind, TypedRange
from portal.declarations.lists import DeclaredList, ListColumn, ListFilter, ListReader, Place
from portal.list_summaries import COUNTED_AT
from portal.lists import queries, saved_views
from portal.lists.labels import FILTER_FAULTS, typed_words
from portal.lists.list_choice import ListChoice, implied_tab
from portal.lists.row_pages import RowPages
from portal.lists.saved_views import ListView
from portal.paging import KeysetPage
from portal.web.access import can_open
from portal.web.current import db, member
from portal.web.page_urls import current_url
from tenants.clock import utc_now


@dataclass(frozen=True)
class ListPage:
    """`facts`: what the cells need besides the rows. `counts`: of tabs."""

    reader: ListReader
    choice: ListChoice
    found: KeysetPage[Any]
    facts: Any
    counts: Mapping[str, Any]
    choices: Mapping[str, Mapping[str, Any]]
    views: Sequence[ListView]
    own_filters: Sequence[ListFilter] = ()
    group_counts: Mapping[Any, int] = field(default_factory=dict)

    @property
    def declared(self) -> DeclaredList:
        return self.choice.declared

    @property
    def rows(self) -> Sequence[Any]:
        return self.found.rows

    @property
    def tab_name(self) -> str:
        return self.choice.tab.name if self.choice.tab else ""

    @property
    def tabs(self) -> list[tuple[Any, str, int | None, bool]]:
        """As `ui.tabs` shows them."""
        return [
            (tab.label, self._tab_url(tab.name), self.counts.get(tab.name), tab is self.choice.tab)
            for tab in self.declared.tabs
        ]

    def _tab_url(self, name: str) -> str:
        bound = {each.name: None for each in self.declared.filters if each.tabs or each.goes_to}
        implied = implied_tab(self.declared)
        named = None if implied and name == implied.name else name
        return current_url(**{self.declared.tab_argument: named, "after": None, **bound})

    @property
    def counted_at(self) -> datetime | None:
        """When a job counted the tabs; None: they were counted for this page."""
        at = self.counts.get(COUNTED_AT)
        return datetime.fromisoformat(at) if at else None

    @property
    def is_grouped(self) -> bool:
        return is_grouped(self.choice)

    @property
    def groups(self) -> list[tuple[Any, str, list[Any], int]]:
        """(value, heading, rows, how many there are); one group without a heading where the list has none."""
        groups = self.declared.groups
        if groups is None or not self.is_grouped:
            return [("", "", list(self.rows), len(self.rows))]
        by_value: dict[Any, list[Any]] = {value: [] for value in groups.titles}
        for row in self.rows:
            by_value[getattr(row, groups.column.key)].append(row)
        return [
            (value, str(groups.titles[value]), rows, self.group_counts.get(value, len(rows)))
            for value, rows in by_value.items()
            if rows
        ]

    @property
    def total(self) -> int | None:
        """How many rows tab and filters find, where it was counted."""
        if self.is_grouped:
            return sum(self.group_counts.values())
        return self.counts.get(queries.MATCHING if self.choice.is_narrowed else self.tab_name)

    @cached_property
    def columns(self) -> list[ListColumn]:
        return self.choice.shown_columns

    def label(self, column: ListColumn) -> Any:
        return column.tab_labels.get(self.tab_name, column.label)

    def sorted_as(self, column: ListColumn) -> str:
        """For aria-sort."""
        if self.choice.sort is not column:
            return ""
        return "descending" if self.choice.is_descending else "ascending"

    def sort_url(self, column: ListColumn) -> str:
        """The other way round where it is the order already."""
        downwards = column.sorts_down_first
        if self.choice.sort is column:
            downwards = not self.choice.is_descending
        return current_url(sort=f"-{column.name}" if downwards else column.name, after=None)

    @property
    def column_choices(self) -> list[tuple[Any, str, bool]]:
        shown = [column.name for column in self.columns]
        free = [column for column in self.declared.page_columns if column.place is not Place.ALWAYS]
        return [(self.label(column), self._toggled(column, shown), column.name in shown) for column in free]

    def _toggled(self, column: ListColumn, shown: Sequence[str]) -> str:
        after = {*shown} ^ {column.name}
        return current_url(
            columns=",".join(one.name for one in self.declared.page_columns if one.name in after)
        )

    @property
    def offered(self) -> list[ListFilter]:
        return [each for each in (*self.declared.filters, *self.own_filters) if self._is_offered(each)]

    def _is_offered(self, each: ListFilter) -> bool:
        if each.name in self.choice.filters:
            return True
        return each.is_offered and (not each.tabs or self.tab_name in each.tabs)

    def values(self, each: ListFilter) -> list[tuple[str, Any]]:
        """(address, words) of each value that can be chosen."""
        goes = {self.declared.tab_argument: each.goes_to} if each.goes_to else {}
        words = self._words(each)
        return [
            (current_url(**{**goes, each.name: value, "after": None}), self.words(each, value))
            for value in words
        ]

    @property
    def typed_filters(self) -> list[ListFilter]:
        return [each for each in self.offered if each.kind is not FilterKind.CHOICE]

    def typed(self, each: ListFilter) -> TypedRange:
        """What stands in its fields."""
        low, _, high = self.choice.filters.get(each.name, "").partition(BETWEEN)
        return self.choice.mistyped.get(each.name) or TypedRange(low, high)

    def fault(self, each: ListFilter, end: str) -> Any:
        """What is wrong with one of its fields, in words."""
        found = self.typed(each).faults.get(end)
        return FILTER_FAULTS[found] if found else ""

    def unit(self, each: ListFilter) -> str:
        return each.unit(self.reader) if each.unit else ""

    @property
    def kept_arguments(self) -> dict[str, str]:
        """What the form of the typed filters leaves as it is."""
        typed = {each.name for each in self.typed_filters}
        return {name: value for name, value in self.choice.arguments.items() if name not in typed}

    def off_url(self, each: ListFilter) -> str:
        names = (each.name, f"{each.name}-{LOW}", f"{each.name}-{HIGH}", "after")
        return current_url(**dict.fromkeys(names))

    def words(self, each: ListFilter, value: str) -> Any:
        if each.kind is not FilterKind.CHOICE:
            return typed_words(each.kind, value, self.unit(each))
        return each.show(self.reader, value) if each.show else self._words(each).get(value, value)

    def _words(self, each: ListFilter) -> Mapping[str, Any]:
        return each.words if each.words is not None else self.choices.get(each.name, {})

    @property
    def acts(self) -> Sequence[BulkAct]:
        return self.declared.acts if can_open("bulk_actions.prepare") else ()

    def act_choices(self, act: BulkAct) -> Mapping[str, Any]:
        return act.choices(self.reader) if act.choices else {}

    def is_pickable(self, row: Any) -> bool:
        pickable = self.declared.row_is_pickable
        return bool(pickable is None or pickable(row))

    @property
    def has_bulk(self) -> bool:
        return any(self.is_pickable(row) for row in self.rows)

    @property
    def has_more(self) -> bool:
        """Rows that match and are not on this page. Their number may be unknown, or of rows that no act is about."""
        beyond = self.total is not None and self.total > len(self.rows)
        return beyond or bool(self.found.next or self.found.previous)

    @property
    def has_file(self) -> bool:
        return member.has_role(*self.declared.file_roles)

    def file_url(self, ending: str) -> str:
        given: dict[str, Any] = dict(self.choice.arguments)
        return url_for("lists.file", list_name=self.declared.name, ending=ending, **given)

    @property
    def is_saved(self) -> ListView | None:
        return next((view for view in self.views if view.arguments == self.choice.arguments), None)

    def view_url(self, view: ListView) -> str:
        return list_url(self.declared, view.arguments)


def is_grouped(choice: ListChoice) -> bool:
    groups = choice.declared.groups
    if groups is None or choice.given_sort or groups.argument in choice.filters:
        return False
    return choice.tab is not None and choice.tab.name in groups.tabs and not request.args.get("after")


def list_url(declared: DeclaredList, arguments: Mapping[str, Any]) -> str:
    return url_for(declared.endpoint, **arguments)


def list_reader() -> ListReader:
    return ListReader(db._get_current_object(), member._get_current_object(), utc_now())  # type: ignore[attr-defined]


def list_page(
    declared: DeclaredList, choice: ListChoice | None = None, known_counts: Mapping[str, int] | None = None
) -> ListPage:
    """Read what the address asks for: four statements at most, besides the facts of its cells."""
    choice, reader = choice or ListChoice.of(declared, request.args), list_reader()
    pages, groups = RowPages(choice, reader), declared.groups if is_grouped(choice) else None
    beside = _beside(choice, reader, None if groups else pages.counted)
    found = (
        queries.first_of_groups(choice, reader, groups, beside)
        if groups
        else pages.page(request.args.get("after"), beside)
    )
    told: Mapping[str, Any] = found.beside if found.rows else db.execute(select(beside)).scalar_one()
    return ListPage(
        reader=reader,
        choice=choice,
        found=found,
        facts=declared.facts(reader, found.rows) if declared.facts else None,
        counts={**queries.known_counts(declared, reader), **told, **(known_counts or {})},
        choices=declared.choices(reader) if declared.choices else {},
        views=saved_views.views_of(told),
        own_filters=declared.own_filters.offered(reader) if declared.own_filters else (),
        group_counts=queries.group_counts(choice, reader, groups) if groups else {},
    )


def _beside(choice: ListChoice, reader: ListReader, matches: ScalarSelect[int] | None) -> ColumnElement[Any]:
    """Numbers and saved views, once in the statement of the rows however many are sorted, or alone without rows."""
    numbers = queries.numbers(choice, reader, matches)
    views = saved_views.views_column(choice.declared.name, reader.member)
    return select(views if numbers is None else views.op("||")(numbers)).scalar_subquery()
