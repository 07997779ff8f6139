"""What the address of a list asks for. Whatever it says, it is read: what means nothing changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from portal.declarations.filter_values import HIGH, LOW, TypedRange
from portal.declarations.lists import DeclaredList, ListColumn, ListFilter, ListTab, Place
from portal.text import clean_text

MAX_TEXT = 200


@dataclass(frozen=True, kw_only=True)
class ListChoice:
    """The tab, search, filters, order and columns that a reader chose; `columns` is None for those of the tab."""

    declared: DeclaredList
    tab: ListTab | None = None
    text: str = ""
    filters: Mapping[str, str]
    mistyped: Mapping[str, TypedRange] = field(default_factory=dict)  # by filter; they narrow nothing
    sort: ListColumn
    is_descending: bool = False
    given_sort: str = ""
    columns: Sequence[str] | None = None

    @classmethod
    def of(cls, declared: DeclaredList, given: Mapping[str, str]) -> Self:
        asked = declared.tab(given.get(declared.tab_argument, ""))
        tab = asked or (declared.tabs[0] if declared.tabs else None)
        search = declared.search
        sort = _known_sort(declared, given.get("sort", ""))
        column, is_descending = _column(declared, sort or (tab.sort if tab else "") or declared.sort)
        return cls(
            declared=declared,
            tab=tab,
            text=clean_text(given.get(search.argument, "")[:MAX_TEXT]) if search else "",
            filters=_filters(declared, given),
            mistyped=_mistyped(declared, given),
            sort=column,
            is_descending=is_descending,
            given_sort=sort,
            columns=_columns(declared, given.get("columns")),
        )

    @property
    def chosen_filters(self) -> list[ListFilter]:
        found = [self.declared.find_filter(name) for name in self.filters]
        return [each for each in found if each is not None]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.filters)

    @property
    def shown_columns(self) -> list[ListColumn]:
        own = self.tab.columns if self.tab else ()
        chosen = self.columns if self.columns is not None else own or None
        return [column for column in self.declared.page_columns if _is_shown(column, chosen)]

    @property
    def arguments(self) -> dict[str, str]:
        """As an address, a saved view and a file keep it."""
        declared, given = self.declared, dict(self.filters)
        if self.tab and self.tab is not implied_tab(declared):
            given[declared.tab_argument] = self.tab.name
        if self.text and declared.search:
            given[declared.search.argument] = self.text
        given |= {"sort": self.given_sort} if self.given_sort else {}
        return given | ({"columns": ",".join(self.columns)} if self.columns is not None else {})

    def without_narrowing(self) -> "ListChoice":
        return replace(self, text="", filters={})


def implied_tab(declared: DeclaredList) -> ListTab | None:
    """The tab of an address that names none."""
    return declared.tabs[0] if declared.tabs and not declared.names_every_tab else None


def _filters(declared: DeclaredList, given: Mapping[str, str]) -> dict[str, str]:
    return {each.name: value for each in _named_filters(declared, given) if (value := _value(each, given))}


def _mistyped(declared: DeclaredList, given: Mapping[str, str]) -> dict[str, TypedRange]:
    typed = {each.name: _typed(each, given) for each in _named_filters(declared, given)}
    return {name: one for name, one in typed.items() if one and one.faults}


def _named_filters(declared: DeclaredList, given: Mapping[str, str]) -> list[ListFilter]:
    """In the order of the declaration, and after them those that the workspace made itself."""
    asked = (name.removesuffix(f"-{LOW}").removesuffix(f"-{HIGH}") for name in given)
    names = dict.fromkeys([*(each.name for each in declared.filters), *asked])
    return [each for name in names if (each := declared.find_filter(name))]


def _value(each: ListFilter, given: Mapping[str, str]) -> str:
    """The fields of a range win over what the address held before."""
    typed = _typed(each, given)
    value = typed.value if typed else clean_text(given.get(each.name, "")[:MAX_TEXT])
    return value if value and each.condition(value) is not None else ""


def _typed(each: ListFilter, given: Mapping[str, str]) -> TypedRange | None:
    """None where its fields were not sent."""
    names = (f"{each.name}-{LOW}", f"{each.name}-{HIGH}")
    if not each.kind.is_range or not any(name in given for name in names):
        return None
    low, high = (clean_text(given.get(name, "")[:MAX_TEXT]) for name in names)
    return TypedRange.of(each.kind, low, high)


def _known_sort(declared: DeclaredList, sort: str) -> str:
    column = declared.column(sort.removeprefix("-"))
    return sort if column is not None and column.sort else ""


def _column(declared: DeclaredList, sort: str) -> tuple[ListColumn, bool]:
    column = declared.column(sort.removeprefix("-"))
    if column is None:
        raise LookupError(f"The list “{declared.name}” has no column to sort by “{sort}”.")
    return column, sort.startswith("-")


def _columns(declared: DeclaredList, given: str | None) -> Sequence[str] | None:
    if given is None:
        return None
    asked = given.split(",")
    return [column.name for column in declared.page_columns if column.name in asked]


def _is_shown(column: ListColumn, chosen: Sequence[str] | None) -> bool:
    if column.place is Place.ALWAYS:
        return True
    return column.place is Place.USUALLY if chosen is None else column.name in chosen
