"""No line of a file vanishes behind a quotation mark."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.imports.models import ImportKind, ImportState, LineOutcome
from portal.imports.parsing.csv_records import CsvRecords, Irregularities
from portal.imports.parsing.quotation_marks import QuoteFault, QuoteMode, QuoteReading, SuspectQuote
from portal.imports.values.row_reader import ColumnMapping, RowReader
from tests.client import Client
from tests.imports.files import Importer, csv_of, form_values, import_at
from tests.imports.test_views import after_worker, upload_file
from tests.world import World

HEADER = ["Email", "First Name", "Last Name", "Notes"]
CELLS = st.text('ab1 ",;\n', max_size=8)


def read(
    text: str, quotes: QuoteMode = QuoteMode.UNDECIDED
) -> tuple[list[tuple[int, list[str]]], Irregularities]:
    odd = Irregularities()
    return list(CsvRecords(io.StringIO(text, newline=""), ",", quotes, odd)), odd


def people(count: int, **changes: str) -> str:
    """A line each; some of them as given."""
    lines = [f"p{n}@racks.example,Pat{n},Rack,ok" for n in range(count)]
    for name, line in changes.items():
        lines[int(name.removeprefix("p"))] = line
    return "\r\n".join([",".join(HEADER), *lines]) + "\r\n"


@given(
    st.lists(st.one_of(st.text('ab@.1 ",;\n', max_size=30), st.just("p@x.example,Pat,Rack,ok")), max_size=30)
)
@example(['a,b,"c', *["p@x.example,Pat,Rack,ok"] * 40, 'a,b,"c'])
@example(['x","y'] * 300)
@example(['"" '])
@settings(max_examples=100, deadline=None)
def test_every_line_of_any_file_is_imported_refused_skipped_or_part_of_one_that_is(
    lines: Sequence[str],
) -> None:
    text = "\r\n".join([",".join(HEADER), *lines])
    for quotes in QuoteMode:
        rows, odd = read(text, quotes)
        mapping = ColumnMapping(ImportKind.PEOPLE, {"email": 0, "first_name": 1, "last_name": 2})
        told = list(RowReader(mapping, 1, 4).lines(rows))
        written = [bool(line.strip()) for line in io.StringIO(text, newline="")]
        silent = sum(number > 1 and not any(row) and written[number - 1] for number, row in rows)
        assert sum(written) == 1 + len(told) + odd.joined + silent
        assert len({line.number for line in told}) == len(told)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=10))
@settings(max_examples=50, deadline=None)
def test_what_a_spreadsheet_writes_with_line_breaks_in_cells_is_read_as_written(
    rows: Sequence[tuple[str, str]],
) -> None:
    written = [["Email", "Address", "Notes"], *(["x@y.example", *row] for row in rows)]
    found, _ = read(csv_of(*written, encoding="utf-8").decode())
    assert [cells for _, cells in found] == written


def test_an_unclosed_mark_swallows_nobody() -> None:
    rows, odd = read(people(200, p2='p2@racks.example,Pat2,Rack,"19 inch racks'))
    assert [cells[0] for _, cells in rows[1:]] == [f"p{n}@racks.example" for n in range(200)]
    assert rows[3] == (4, ["p2@racks.example", "Pat2", "Rack", '"19 inch racks'])
    assert odd.suspects == [SuspectQuote(4, 197, QuoteFault.UNCLOSED, QuoteReading.LITERAL)]


def test_two_stray_marks_that_close_each_other_swallow_nobody() -> None:
    stray = {at: f'{at}@racks.example,Pat,Rack,"19 inch' for at in ("p2", "p100")}
    rows, odd = read(people(200, **stray))
    assert len(rows) == 201
    assert [each.fault for each in odd.suspects] == [QuoteFault.SWALLOWS, QuoteFault.UNCLOSED]


def test_the_last_line_with_an_unclosed_mark_keeps_its_cells() -> None:
    rows, _ = read('Email,Title,Company\nbo@x.example,"Head of 19 inch racks,Voltline')
    assert rows[-1][1] == ["bo@x.example", '"Head of 19 inch racks', "Voltline"]


def test_addresses_and_notes_over_several_lines_stay_one_record() -> None:
    text = (
        "Email,First Name,Address,Notes\r\n"
        'ada@x.example,Ada,"12 Main St\r\nSpringfield, IL 62704\r\nUSA","Dear Ada,\n\nthanks, see you, Bo"\r\n'
        "bo@x.example,Bo,,\r\n"
    )
    rows, odd = read(text)
    assert [number for number, _ in rows] == [1, 2, 7]
    assert rows[1][1][2:] == [
        "12 Main St\r\nSpringfield, IL 62704\r\nUSA",
        "Dear Ada,\n\nthanks, see you, Bo",
    ]
    assert (odd.suspects, odd.joined) == ([], 3)


PASTED = people(3, p1='p1@racks.example,Pat,Rack,"see:\r\nx@y.example,X,Y,z\r\nand more of\r\nthe same"')


@pytest.mark.parametrize(
    ("quotes", "numbers"),
    [
        (QuoteMode.UNDECIDED, [2, 3, 4, 5, 6, 7]),
        (QuoteMode.CELLS, [2, 3, 7]),
        (QuoteMode.LITERAL, [2, 3, 4, 5, 6, 7]),
    ],
)
def test_a_cell_that_holds_lines_like_those_of_the_table_is_refused_until_somebody_says_what_it_is(
    quotes: QuoteMode, numbers: list[int]
) -> None:
    rows, odd = read(PASTED, quotes)
    assert [number for number, _ in rows[1:]] == numbers
    told = RowReader(ColumnMapping(ImportKind.PEOPLE, {"email": 0}), 1, 4).lines(rows)
    refused = [line.number for line in told if line.outcome is LineOutcome.REFUSED]
    assert refused == {"": [3, 4, 5, 6], "cells": [], "literal": [5, 6]}[quotes]
    assert odd.suspects[0].fault is QuoteFault.SWALLOWS


def test_a_mark_inside_a_cell_is_noted_and_kept() -> None:
    rows, odd = read('Name,Size\nRack,19" wide\n"Bo ""The Man"" Rand",x\n')
    assert [cells for _, cells in rows[1:]] == [["Rack", '19" wide'], ['Bo "The Man" Rand', "x"]]
    assert [(each.line, each.fault) for each in odd.suspects] == [(2, QuoteFault.INSIDE)]


def test_many_marks_that_never_close_are_read_in_a_moment() -> None:
    rows, _ = read("a,b,c\r\n" + 'x","y,z\r\n' * 6_000)
    assert len(rows) == 6_001


def test_the_check_page_shows_the_mark_and_the_choice_is_remembered(as_manager: Client, acme: World) -> None:
    columns = upload_file(as_manager, PASTED.encode())
    check = after_worker(as_manager, as_manager.post(columns, form_values(as_manager.get(columns).text)))
    assert "The quotation mark in line 3 spans 3 lines" in check
    assert checked(acme, columns) == (2, 4)
    quotes = columns.replace("columns", "quotes")
    after_worker(as_manager, as_manager.post(quotes, {"quotes": "cells"}))
    assert checked(acme, columns) == (3, 0)
    assert import_at(acme, columns).diagnostics["joined"] == 3

    again = upload_file(as_manager, PASTED.replace("p0@", "q0@").encode())
    this = import_at(acme, again)
    assert (this.quotes, this.rows_total) == (QuoteMode.CELLS, 3)
    assert as_manager.post(quotes, {"quotes": "nonsense"}).status_code == 400

    stray = {f"p{at}": f'p{at}@racks.example,Pat,Rack,"19 inch' for at in (2, 20)}
    swallowing = upload_file(as_manager, people(30, **stray).encode())
    this = import_at(acme, swallowing)
    assert (this.quotes, this.rows_total) == (QuoteMode.UNDECIDED, 30), "these marks prove what they are"


def checked(acme: World, path: str) -> tuple[int, int]:
    """Rows that can be imported, and rows that will be rejected."""
    check = import_at(acme, path).check_result or {}
    return check["importable"], check["refused"]


def test_the_result_accounts_for_every_line(importer: Importer) -> None:
    text = people(30, p2='p2@racks.example,Pat,Rack,"19 inch', p9="nobody,No,Body,", p12=",,,", p15=" , , ,")
    done = importer.import_file(text.encode())
    assert (done.state, done.rows_total, done.diagnostics["empty"]) == (ImportState.DONE, 29, 1)
    assert done.counts == {"created": 27, "refused": 1, "skipped": 1}
    page = importer.acme.signed_in(as_member=importer.manager).get(f"/imports/{done.id}").text
    assert "1 empty line is ignored" in page


def test_a_file_that_was_opened_by_csv_is_read_the_same(importer: Importer) -> None:
    rows = [HEADER, ["ada@x.example", "Ada", "Lind", "one\ntwo"], ["bo@x.example", "Bo", 'R"and', 'say "hi"']]
    written = csv_of(*rows)
    assert [row for _, row in read(written.decode("utf-8-sig"))[0]] == list(
        csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    )
