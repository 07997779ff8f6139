"""Whatever list is declared keeps the same promises: no row is lost, files hold what pages show, nothing breaks."""

import csv
import io
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice, product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import openpyxl
import psycopg
import pytest
from sqlalchemy import select

from portal.declarations.filter_values import HIGH, LOW
from portal.declarations.lists import LISTS, CellKind, DeclaredList, ListFilter, ListReader
from portal.lists import queries
from portal.lists.list_choice import ListChoice
from portal.lists.list_file import table
from portal.lists.row_pages import RowPages
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tenants.models import Membership
from tests.client import Client
from tests.lists.many_rows import fill_lists
from tests.lists.typed_values import TYPED
from tests.world import World

NASTY = ("\x00", "'; --", "x" * 5000, "-1", "2026-13-45", "é ß ’", "%", "\\", "9" * 40, "[]", "null")
every_list = pytest.mark.parametrize("name", [declared.name for declared in LISTS])


@pytest.fixture(scope="module")
def town(app: Portal, postgres: str, settings: Settings) -> tuple[World, UUID]:
    """Once for all lists; the manager whose rows they are."""
    world = World.build(app, "Acme")
    database = settings.database_url.rsplit("/", 1)[1]
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/{database}") as superuser:
        return world, fill_lists(superuser, world)


class Reading:
    """A manager reads one list."""

    def __init__(self, reader: ListReader, declared: DeclaredList) -> None:
        self.reader, self.declared = reader, declared

    def choice(self, **given: str) -> ListChoice:
        return ListChoice.of(self.declared, given)

    def ids(self, choice: ListChoice) -> list[UUID]:
        return list(self.reader.session.scalars(queries.matching_ids(choice, self.reader)))

    def pages(self, choice: ListChoice) -> Iterator[Any]:
        return self.pages_collecting(None, choice)

    def pages_collecting(self, most: int | None, choice: ListChoice) -> Iterator[Any]:
        page = RowPages(choice, self.reader, most).page(None)
        yield page
        while page.next:
            page = RowPages(choice, self.reader, most).page(page.next)
            yield page

    def paged_ids(self, choice: ListChoice, most: int | None = None) -> list[UUID]:
        return [row.id for page in self.pages_collecting(most, choice) for row in page.rows]

    def sorts(self) -> list[str]:
        columns = [column.name for column in self.declared.columns if column.sort]
        return [f"{sign}{column}" for column in columns for sign in ("", "-")]

    def tabs(self) -> list[dict[str, str]]:
        return [{self.declared.tab_argument: tab.name} for tab in self.declared.tabs] or [{}]

    def filters(self) -> Iterator[dict[str, str]]:
        """Every value that a filter offers."""
        for each in self.offered:
            yield from self.values(each)

    @property
    def offered(self) -> list[ListFilter]:
        """With those that the workspace made itself."""
        own = self.declared.own_filters.offered(self.reader) if self.declared.own_filters else ()
        return [*self.declared.filters, *own]

    @cached_property
    def choices(self) -> Mapping[str, Mapping[str, Any]]:
        return self.declared.choices(self.reader) if self.declared.choices else {}

    def values(self, each: ListFilter) -> Iterator[dict[str, str]]:
        if each.kind in TYPED:
            yield {each.name: TYPED[each.kind]}
        yield from ({each.name: str(value)} for value in (each.words or self.choices.get(each.name, {})))

    def finding(self, each: ListFilter) -> dict[str, str] | None:
        """The first of its values that finds a row in some tab."""
        return next(
            (
                given
                for given, tab in product(self.values(each), self.tabs())
                if self.ids(self.choice(**tab, **given))
            ),
            None,
        )


@pytest.fixture
def reading(town: tuple[World, UUID], name: str) -> Iterator[Reading]:
    world, manager = town
    with world.session() as session:
        member = session.scalars(select(Membership).where(Membership.id == manager)).one()
        yield Reading(ListReader(session, member, utc_now()), LISTS.get(name))


def client_of(town: tuple[World, UUID]) -> Client:
    world, manager = town
    with world.session() as session:
        member = session.scalars(select(Membership).where(Membership.id == manager)).one()
    return world.signed_in(as_member=member)


@every_list
def test_every_order_of_every_tab_pages_through_each_row_once(reading: Reading) -> None:
    for tab, sort in product(reading.tabs(), reading.sorts()):
        choice = reading.choice(sort=sort, **tab)
        found = reading.paged_ids(choice)
        assert sorted(found) == sorted(reading.ids(choice)), (tab, sort)
        assert len({*found}) == len(found), (tab, sort)


@every_list
def test_more_rows_than_are_collected_come_in_the_same_order(reading: Reading) -> None:
    narrowed = [{}, *islice(reading.filters(), 3)]
    for tab, given, sort in product(reading.tabs(), narrowed, reading.sorts()):
        choice = reading.choice(sort=sort, **tab, **given)
        in_order = list(reading.reader.session.scalars(_keys_in_order(choice, reading.reader)))
        assert reading.paged_ids(choice) == in_order, (tab, given, sort)
        assert reading.paged_ids(choice, most=3) == in_order, (tab, given, sort)


def _keys_in_order(choice: ListChoice, reader: ListReader) -> Any:
    whole: Any = queries.ordered(choice, reader)
    return whole.with_only_columns(choice.declared.key, maintain_column_froms=True)


@every_list
def test_the_page_before_is_the_one_that_was_left(reading: Reading) -> None:
    choice = reading.choice()
    for page, following in zip([*reading.pages(choice)], [*reading.pages(choice)][1:], strict=False):
        before = RowPages(choice, reading.reader).page(following.previous)
        assert [row.id for row in before.rows] == [row.id for row in page.rows]


@every_list
def test_every_filter_narrows_and_an_unknown_value_does_not(reading: Reading) -> None:
    for tab, given in product(reading.tabs(), reading.filters()):
        choice = reading.choice(**tab, **given)
        beyond = any(each.looks_beyond for each in reading.declared.filters if each.name in given)
        if not beyond:
            assert {*reading.ids(choice)} <= {*reading.ids(reading.choice(**tab))}, given
        assert choice.filters == given
    for each in reading.declared.filters:
        if each.condition("no such value") is None:
            unknown = reading.choice(**{each.name: "no such value"})
            assert reading.ids(unknown) == reading.ids(reading.choice())


@every_list
def test_every_filter_finds_rows_by_a_value_that_they_have(reading: Reading) -> None:
    assert [each.name for each in reading.offered if each.is_offered and not reading.finding(each)] == []


@every_list
def test_counts_are_the_lengths_of_what_they_stand_for(reading: Reading) -> None:
    for given in ({}, *filter(None, map(reading.finding, reading.offered))):
        choice = reading.choice(**given)
        asked = queries.numbers(choice, reading.reader)
        counts = {} if asked is None else reading.reader.session.execute(select(asked)).scalar_one()
        if given and reading.declared.counts_matches:
            assert counts[queries.MATCHING] == len(reading.ids(choice))
        for tab in reading.declared.tabs:
            if tab.name in counts:
                shown = reading.choice(**{reading.declared.tab_argument: tab.name})
                assert counts[tab.name] == len(reading.ids(shown)), tab.name


@pytest.mark.parametrize("name", [declared.name for declared in LISTS if declared.file_roles])
def test_a_file_holds_the_rows_of_the_list_in_its_order(town: tuple[World, UUID], reading: Reading) -> None:
    declared = reading.declared
    for given in ({}, {"sort": declared.sort.removeprefix("-")}, *list(reading.filters())[:2]):
        choice = reading.choice(**given)
        made = table(
            reading.reader.session, {"list": declared.name, **given}, utc_now(), reading.reader.member
        )
        keyed = made.rows.add_columns(declared.key)
        assert [row[-1] for row in reading.reader.session.execute(keyed)] == reading.paged_ids(choice)
    client = client_of(town)
    text = client.get(f"/lists/{declared.name}/file.csv").data.decode("utf-8-sig")
    lines = [[cell.removeprefix("'") for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/lists/{declared.name}/file.xlsx").data))
    numbers = [column.kind is CellKind.NUMBER for column in declared.file_columns(reading.reader)]
    cells = [[_as_text(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert lines[:1] == cells[:1]
    assert [_plain(row, numbers) for row in lines[1:]] == [_plain(row, numbers) for row in cells[1:]]


def _as_text(cell: Any) -> str:
    return "" if cell is None else str(cell).removesuffix(" 00:00:00")


def _plain(row: list[str], numbers: list[bool]) -> list[str]:
    """Numbers are alike however many zeros stand behind them."""
    return [
        str(float(cell)) if is_number and cell else cell for cell, is_number in zip(row, numbers, strict=True)
    ]


@every_list
def test_whatever_an_address_says_it_is_an_answer(town: tuple[World, UUID], name: str) -> None:
    client, declared = client_of(town), LISTS.get(name)
    with client.application.test_request_context(f"/{client.slug}/"):
        path = client.application.url_map.bind("", url_scheme="http").build(
            declared.endpoint, {"workspace": client.slug}
        )
    for given in nasty_queries(declared):
        answer = client.get(f"{path}?{urlencode(given)}", outside=True)
        assert answer.status_code in {200, 400, 404}, given


def nasty_queries(declared: DeclaredList) -> Iterator[dict[str, str]]:
    """Each argument with each value: filters, which none of them refuses, side by side, the others alone."""
    narrowing = [*(each.name for each in declared.filters), declared.tab_argument]
    narrowing += [declared.search.argument] if declared.search else []
    ends = [f"{each.name}-{end}" for each in declared.filters if each.kind.is_range for end in (LOW, HIGH)]
    for turn, names in product(
        range(len(NASTY)), (narrowing, ends)
    ):  # typed ends win over what stands beside them
        yield {name: NASTY[(turn + place) % len(NASTY)] for place, name in enumerate(names)}
    yield from ({argument: value} for argument, value in product(("sort", "columns", "after"), NASTY))
