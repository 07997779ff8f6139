"""Lists of records: each is declared once, in `lists.py` of its feature, with all that it shows, finds and can do.

`portal/programs.py` hands them in; `portal/lists/` makes pages, files, saved views and bulk acts of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.declarations.attributes import Origin
from portal.declarations.bulk_acts import BulkAct, ListReader
from portal.declarations.filter_values import FilterKind
from portal.declarations.origins import NOBODY_KNOWS
from portal.declarations.registry import Registry
from tenants.base import TenantOwned
from tenants.models import Role

__all__ = [
    "LISTS",
    "BulkAct",
    "CellKind",
    "DeclaredList",
    "ListColumn",
    "ListFilter",
    "ListGroups",
    "ListReader",
]
__all__ += ["ListSearch", "ListTab", "OwnFilters", "Place", "SortPart"]
TEMPLATES = Path(__file__).parents[2] / "templates"
RESERVED = frozenset({"after", "sort", "columns", "picked", "all", "list", "format", "csrf_token"})
TabCounts = (
    Mapping[str, int] | Select[*tuple[Any, ...]] | ColumnElement[Any]
)  # known; or one row, or JSON, to be asked
SqlValue = ColumnElement[Any] | InstrumentedAttribute[Any]


class Place(StrEnum):
    """Where a column stands."""

    ALWAYS = "always"  # on the page, and nobody can hide it
    USUALLY = "usually"  # on the page unless its reader hides it
    ON_CHOICE = "on_choice"  # on the page once its reader asks for it
    FILE = "file"  # in files only


class CellKind(StrEnum):
    """How a workbook keeps a cell; a CSV file holds the same as text."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class SortPart:
    """Of these rows an index has what a column sorts by in its order; all parts together are all rows."""

    condition: ColumnElement[bool] | None
    keys: tuple[SqlValue, ...]


@dataclass(frozen=True, kw_only=True)
class ListColumn:
    """`cell` writes it into files; `sort`: what it is ordered by, never null, without the key of the row."""

    name: str
    label: Any
    place: Place = Place.USUALLY
    cell: Callable[[ListReader], ColumnElement[str]] | None = None
    kind: CellKind = CellKind.TEXT
    sort: tuple[SqlValue, ...] = ()
    sort_parts: tuple[SortPart, ...] = ()  # where it is ordered by values of several tables
    sorts_down_first: bool = False  # the newest or largest is what people look for
    from_width: str = ""  # md, lg or xl: narrower screens leave it out
    is_numeric: bool = False
    tab_labels: Mapping[str, Any] = field(default_factory=dict)  # tab -> what it is called there


@dataclass(frozen=True, kw_only=True)
class ListTab:
    name: str  # its value in the address
    label: Any
    condition: Callable[[ListReader], ColumnElement[bool]] | None = None  # None: all rows
    is_counted: bool = False
    sort: str = ""  # another order than the list's: "-created"
    columns: tuple[str, ...] = ()  # other columns than the list's
    origin: Origin = NOBODY_KNOWS  # what a tag or a list inherits that is filled from it


@dataclass(frozen=True, kw_only=True)
class ListFilter:
    """`condition` returns None for a value that means nothing: it narrows nothing, and no chip shows it."""

    name: str  # its argument in the address
    label: Any
    condition: Callable[[str], ColumnElement[bool] | None]
    kind: FilterKind = FilterKind.CHOICE  # others are typed: `typed_filters.py` makes them
    unit: Callable[[ListReader], str] | None = None  # of numbers: their currency
    looked_up: Callable[[ListReader, str], ColumnElement[bool]] | None = (
        None  # in its place, where rows say what it is
    )
    words: Mapping[Any, Any] | None = None  # its values; None: those of `choices` of the list
    show: Callable[[ListReader, str], Any] | None = (
        None  # a value that stands for something, as people read it
    )
    goes_to: str = ""  # the tab that choosing a value opens
    looks_beyond: str = ""  # the tab whose own condition is left out once this filter is set
    is_offered: bool = True  # else only addresses set it
    tabs: frozenset[str] = frozenset()  # where it is offered; none: in all of them
    origin: Callable[[ListReader, str], Origin] | None = (
        None  # what is inherited from a value; None: nobody knows
    )


@dataclass(frozen=True, kw_only=True)
class OwnFilters:
    """Filters that a workspace makes itself. `find` knows one by its argument, `offered` reads all in one statement."""

    find: Callable[[str], ListFilter | None]
    offered: Callable[[ListReader], Sequence[ListFilter]]


@dataclass(frozen=True, kw_only=True)
class ListSearch:
    label: Any
    placeholder: Any
    condition: Callable[[ListReader, str], ColumnElement[bool]]
    argument: str = "q"
    shows_chip: bool = False  # it is a whole value, and coming off is one click


@dataclass(frozen=True, kw_only=True)
class ListGroups:
    """Rows under a heading for each value, the first ones of each; the filter `argument` shows all of one."""

    column: InstrumentedAttribute[Any]
    titles: Mapping[Any, Any]  # value -> heading, in their order
    argument: str
    tabs: frozenset[str]
    most: int = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class DeclaredList:
    """Words are lazy and written when they are shown. `rows` returns what the reader may see, joined
    as conditions and cells need it."""

    name: str  # kept with saved views, files and bulk acts, so it never changes
    label: Any
    endpoint: str
    roles: frozenset[Role]
    model: type[TenantOwned]
    rows: Callable[[ListReader], Select[Any]]
    columns: tuple[ListColumn, ...]
    sort: str  # a column's name, with "-" before it downwards
    cells: str  # the template with the macro `cell(name, row, page)`
    order: Any = ""  # for the caption: "newest first"
    tabs: tuple[ListTab, ...] = ()
    tab_argument: str = "view"
    names_every_tab: bool = False  # in addresses; else the first one is meant where none is named
    tabs_label: Any = ""
    filters: tuple[ListFilter, ...] = ()
    search: ListSearch | None = None
    groups: ListGroups | None = None
    choices: Callable[[ListReader], Mapping[str, Mapping[str, Any]]] | None = (
        None  # of filters, in one statement
    )
    counts_matches: bool = True  # how many rows the filters find
    tab_counts: Callable[[ListReader], TabCounts] | None = None  # None: each tab that is counted by itself
    own_filters: OwnFilters | None = None
    own_columns: Callable[[ListReader], Sequence[ListColumn]] | None = (
        None  # of files, that a workspace makes itself
    )
    loads: tuple[Any, ...] = ()  # options of the select that reads a page: which related rows come with it
    facts: Callable[[ListReader, Sequence[Any]], Any] | None = (
        None  # what cells need besides, for the rows of a page
    )
    acts: tuple[BulkAct, ...] = ()
    acts_are_for: Callable[[ListReader], ColumnElement[bool]] | None = (
        None  # of all that match, where most need nothing
    )
    lock: Callable[[Session, Sequence[UUID]], object] | None = (
        None  # the rows of a bulk act, in the order of locks
    )
    row_title: Callable[[Any], str] | None = None  # what a preview of a bulk act calls a row
    row_about: Callable[[Any], str] | None = None
    row_is_pickable: Callable[[Any], bool] | None = None
    file_roles: frozenset[Role] = frozenset({Role.MANAGER, Role.ADMIN})  # they see all rows

    @property
    def key(self) -> InstrumentedAttribute[Any]:
        key: InstrumentedAttribute[Any] = self.model.id
        return key

    def file_columns(self, reader: ListReader) -> list[ListColumn]:
        own = self.own_columns(reader) if self.own_columns else ()
        return [column for column in (*self.columns, *own) if column.cell is not None]

    @property
    def page_columns(self) -> list[ListColumn]:
        return [column for column in self.columns if column.place is not Place.FILE]

    def find_filter(self, name: str) -> ListFilter | None:
        own = next((each for each in self.filters if each.name == name), None)
        return own or (self.own_filters.find(name) if self.own_filters else None)

    def column(self, name: str) -> ListColumn | None:
        return next((column for column in self.columns if column.name == name), None)

    def tab(self, name: str) -> ListTab | None:
        return next((tab for tab in self.tabs if tab.name == name), None)

    def act(self, name: str) -> BulkAct | None:
        return next((act for act in self.acts if act.name == name), None)

    def problems(self) -> Iterator[str]:
        names = [*(one.name for one in self.filters), *([self.search.argument] if self.search else [])]
        names += [self.tab_argument] if self.tabs else []
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"two of its arguments are called “{name}”."
        for name in sorted(RESERVED & {*names}):
            yield f"its argument “{name}” means something else in the address of a list."
        for sort in (self.sort, *(tab.sort for tab in self.tabs if tab.sort)):
            column = self.column(sort.removeprefix("-"))
            if column is None or not column.sort:
                yield f"it is sorted by “{sort}”, which no column sorts by."
        if self.acts and (self.lock is None or self.row_title is None):
            yield "it has bulk acts, and does not say how its rows are locked and called."
        if not (TEMPLATES / self.cells).is_file():
            yield f"its template templates/{self.cells} is missing."


LISTS: Registry[DeclaredList] = Registry("list")
