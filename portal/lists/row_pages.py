"""One page of a list, in one statement: its rows are found by their keys alone, and those that are shown are read.

Rows are found in an index that has them in the order of the list, as far as the page needs. Filters may leave so few
that all of the index would be walked. So what they find, which is counted anyway, is collected, and if that is all of
it, it is sorted instead. A tab in another order than its own may leave few as well: a part of it is collected to see.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, func, select, union_all

from portal.declarations.lists import ListReader, SortPart
from portal.lists import queries
from portal.lists.list_choice import ListChoice
from portal.paging import PAGE_SIZE, KeysetPage, PagePlace
from tenants.workspace_size import of_known_size

FEW = 5_000  # rows that nobody counts: where there are more, the index soon has a page


@dataclass(frozen=True)
class RowPages:
    choice: ListChoice
    reader: ListReader
    most: int | None = None  # how many rows are collected; None: as many as usual

    def page(self, cursor: str | None, beside: ColumnElement[Any] | None = None) -> KeysetPage[Any]:
        """`beside`: what is asked in the same statement."""
        place = PagePlace.of(cursor, self.key)
        found = self.reader.session.execute(self._shown(place, beside)).all()
        told = found[0][-1] if found and beside is not None else None
        return place.page(found, self.key, PAGE_SIZE, told)

    @cached_property
    def key(self) -> Sequence[Any]:
        return queries.sort_key(self.choice)

    @cached_property
    def matching(self) -> Select[Any]:
        return queries.matching(self.choice, self.reader).order_by(None)

    @cached_property
    def collected(self) -> CTE | None:
        """The keys of what matches, at most `_most`; None where nothing leaves few."""
        if not self._most:
            return None
        some: Select[Any] = self._keys_of(self.matching, self.key).limit(self._most)
        return some.cte("collected").prefix_with("MATERIALIZED")

    @cached_property
    def counted(self) -> ScalarSelect[int] | None:
        """How many are collected: counted once, wherever the statement asks."""
        if self.collected is None:
            return None
        number = select(func.count().label("number")).select_from(self.collected).cte("counted")
        return select(number.c.number).scalar_subquery()

    @property
    def _most(self) -> int:
        choice = self.choice
        if choice.is_narrowed and choice.declared.counts_matches:
            return self.most or queries.MAX_COUNTED
        is_other_order = choice.given_sort and choice.tab and choice.tab.condition
        return (self.most or FEW) if choice.is_narrowed or is_other_order else 0

    def _shown(self, place: PagePlace, beside: ColumnElement[Any] | None) -> Select[Any]:
        keys, declared = [*self._few(place).subquery("few").c], self.choice.declared
        rows = (
            declared.rows(self.reader).join(keys[-1].table, keys[-1] == declared.key).options(*declared.loads)
        )
        ordered = place.in_order(rows, keys, descending=self.choice.is_descending)
        more = keys if beside is None else [*keys, beside]
        whole: Select[Any] = ordered.add_columns(*more).options(of_known_size(self.reader.session))
        return whole

    def _few(self, place: PagePlace) -> Any:
        """The keys of the page, and of one row more, which tells whether there is another page."""
        parts = [*self._sorted(place), *self._walked(place)]
        if len(parts) == 1:
            return parts[0]
        keys = [*union_all(*parts).subquery("parts").c]
        return self._from_here(place, select(*keys), keys)

    def _sorted(self, place: PagePlace) -> Iterator[Any]:
        if self.collected is not None and self.counted is not None:
            keys = [*self.collected.c]
            yield self._from_here(place, select(*keys).where(self.counted < self._most), keys)

    def _walked(self, place: PagePlace) -> Iterator[Any]:
        """In the order of an index each, where the column says so."""
        rows = self.matching
        if self.counted is not None:
            rows = rows.where(self.counted >= self._most)
        parts = self.choice.sort.sort_parts or (SortPart(None, self.choice.sort.sort),)
        for part in parts:
            key = part.keys if part.keys[-1] is self.key[-1] else (*part.keys, self.key[-1])
            of_part = rows if part.condition is None else rows.where(part.condition)
            yield self._from_here(
                place, self._keys_of(of_part, key), key, spans_tables=part.condition is not None
            )

    def _from_here(
        self, place: PagePlace, rows: Any, key: Sequence[Any], *, spans_tables: bool = False
    ) -> Any:
        if spans_tables:
            rows = place.near(rows, key, descending=self.choice.is_descending)
        found = place.rows_from(rows, key, descending=self.choice.is_descending)
        return found.limit(PAGE_SIZE + 1)

    def _keys_of(self, rows: Select[Any], key: Sequence[Any]) -> Any:
        labels = [each.label(f"key{number}") for number, each in enumerate(key)]
        return rows.with_only_columns(*labels, maintain_column_froms=True)
