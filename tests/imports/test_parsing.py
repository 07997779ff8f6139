"""Any table comes back as it was written, whatever the encoding, the delimiter, or the lines above its header."""

import io
import struct
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports.inspection.file_inspection import inspect_table, text_file_layout
from portal.imports.inspection.header_row import header_row, named_columns
from portal.imports.inspection.inspector import sniff
from portal.imports.models import ImportFailure, ImportKind, LineOutcome
from portal.imports.parsing.csv_records import Row
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.file_layout import FileLayout
from portal.imports.parsing.workbooks import unpacked
from portal.imports.values.cleaning import UnreadableValue, money, number
from portal.imports.values.dates import DateFormat, guess_format, read_day
from portal.imports.values.fields import cells_of, guess_kind, guess_mapping
from portal.imports.values.job_titles import persona_of, seniority_of
from portal.imports.values.numbers import find_decimal_mark, read_amount
from portal.imports.values.places import place_of
from portal.imports.values.row_reader import ColumnMapping, RowReader
from tests.imports.files import csv_of, people_file, person, pieces_of

HEADER = ["Company", "City", "Employees"]
WRITTEN = {DateFormat.MDY: "%m/%d/%Y", DateFormat.DMY: "%d.%m.%Y", DateFormat.YMD: "%Y-%m-%d"}
DAYS = st.dates(date(1970, 1, 1), date(2069, 12, 31))
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


def layout_in(content: bytes) -> FileLayout:
    return text_file_layout(sniff(pieces_of(content, 1000)))


def table_in(content: bytes) -> list[list[str]]:
    rows = list(layout_in(content).rows(pieces_of(content)))
    return below_header(rows)


def below_header(rows: list[Row]) -> list[list[str]]:
    line, cells = header_row(iter(rows))
    named_columns(cells)
    return [cells for number, cells in rows if number > line]


@given(
    st.lists(st.tuples(CELLS, CELLS, st.integers(0, 10**6).map(str)), min_size=2, max_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from([",", ";", "\t", "|"]),
)
@settings(max_examples=60, deadline=None)
def test_a_file_is_read_as_it_was_written(
    rows: list[tuple[str, str, str]], encoding: str, delimiter: str
) -> None:
    rows = [(f"A{name}", f"B{city}", staff) for name, city, staff in rows]
    content = csv_of(HEADER, *rows, encoding=encoding, delimiter=delimiter)
    assert table_in(content) == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("latin-1", "Müller & Söhne"), ("cp1252", "Preis 5 € – Müller"), ("utf-8", "株式会社")],
)
def test_a_german_file_with_lines_above_its_header_is_understood(encoding: str, name: str) -> None:
    report = [["Bericht: Kunden"], [], ["Stand", "24.11.2026"], []]
    table = [["Firma", "Ort", "Mitarbeiter"], [name, "Köln" if encoding != "utf-8" else "東京", "1.200"]]
    content = csv_of(*report, *table, encoding=encoding, delimiter=";")
    found = inspect_table(layout_in(content), lambda: pieces_of(content))
    assert (found.header_line, found.rows, found.kind) == (5, 1, ImportKind.ACCOUNTS)
    assert table_in(content) == [table[1]]


def test_a_workbook_is_read_sheet_by_sheet_and_its_days_are_days() -> None:
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    sheet = book.create_sheet("Customers")
    sheet.append(["Account Name", "Employees", "Renewal Date"])
    sheet.append(["Wabtec", 30000, date(2028, 2, 29)])
    book.save(file := io.BytesIO())
    with unpacked(pieces_of(file.getvalue())) as read:
        assert (read.name, read.names) == ("Customers", ["Sheet", "Customers"])
        rows = list(FileLayout(sheet=read.name).rows(read.pieces()))
    assert below_header(rows) == [["Wabtec", "30000", "2028-02-29"]]


@given(st.lists(DAYS, min_size=1, max_size=30), st.sampled_from(list(DateFormat)))
def test_days_are_read_as_written_or_asked_about(days: list[date], order: DateFormat) -> None:
    written = [day.strftime(WRITTEN[order]) for day in days]
    guess = guess_format(written)
    assert guess in {order, None}
    assert [read_day(text, order) for text in written] == days
    assert read_day(f"{days[0]:%d} {days[0]:%B} {days[0]:%Y} 14:30", order) == days[0]


@given(st.lists(st.integers(100_000, 10**11), min_size=1, max_size=20), st.sampled_from([",", "."]))
def test_amounts_are_read_as_written_in_either_hand(cents: list[int], mark: str) -> None:
    english = [f"{value / 100:,.2f}" for value in cents]
    written = english if mark == "." else [text.translate(str.maketrans(",.", ".,")) for text in english]
    assert find_decimal_mark(written)[0] == mark
    assert [read_amount(f"{text} €", mark) for text in written] == [(Decimal(v) / 100, "EUR") for v in cents]


def test_an_amount_is_read_in_every_usual_spelling() -> None:
    assert money("$1,234.50", ".") == ("123450", "USD")
    assert money("1.234,50 €", ".") == ("123450", "EUR")
    assert money("(1'234.50) ", ".") == ("-123450", "")
    assert money("CHF 1 234", ".") == ("123400", "CHF")
    assert (money("n/a", "."), number("30,000", "."), number("30.000", ",")) == (
        ("", ""),
        ("30000",),
        ("30000",),
    )
    for nonsense in ("12x", "1,2,3", "twelve", "1.234.56", "$$5", "--5", "5 %"):
        with pytest.raises(UnreadableValue):
            money(nonsense, ".")


@given(st.lists(st.lists(st.text(max_size=30), max_size=20), max_size=5))
def test_no_line_breaks_the_reader_and_nothing_unstorable_passes(rows: list[list[str]]) -> None:
    mapping = ColumnMapping(
        ImportKind.PEOPLE, guess_mapping(ImportKind.PEOPLE, people_header()), DateFormat.MDY
    )
    for line in RowReader(mapping, 1, 15).lines(enumerate(rows, start=2)):
        assert line.outcome is not None or len(line.cells) == len(cells_of(ImportKind.PEOPLE))
        told = [*line.cells, line.value, *(left["value"] for left in line.left_out)]
        assert all(text.isprintable() for text in told)


def people_header() -> list[str]:
    return table_header(people_file())


def table_header(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").strip().split(",")


def test_the_end_of_a_report_is_known_only_at_the_end() -> None:
    rows = [["Email", "Account Name", "Title"], ["Total", "Energies", ""], person()[3:6], ["Total", "2", ""]]
    mapping = ColumnMapping(ImportKind.PEOPLE, {"email": 0, "company": 1})
    outcomes = [line.outcome for line in RowReader(mapping, 1, 3).lines(enumerate(rows, start=1))]
    assert outcomes == [LineOutcome.REFUSED, None, LineOutcome.SKIPPED]


def test_hubspot_and_salesforce_names_are_known() -> None:
    hubspot = [
        "Record ID",
        "First Name",
        "Last Name",
        "Email",
        "Job Title",
        "Associated Company",
        "Create Date",
    ]
    deals = ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Amount", "Associated Company"]
    companies = ["Record ID", "Company name", "Company owner", "City", "Number of Employees", "Industry"]
    assert [guess_kind(header) for header in (hubspot, deals, companies)] == [
        ImportKind.PEOPLE,
        ImportKind.DEALS,
        ImportKind.ACCOUNTS,
    ]
    assert guess_mapping(ImportKind.PEOPLE, hubspot) == {
        "email": 3,
        "first_name": 1,
        "last_name": 2,
        "title": 4,
        "external_id": 0,
        "company": 5,
    }
    assert guess_mapping(ImportKind.DEALS, deals)["prospect"] == 5


@pytest.mark.parametrize(
    ("title", "seniority", "persona"),
    [
        ("VP Finance", "vp", "finance"),
        ("Chief Information Officer", "c_level", "other"),
        ("Head of Data", "director", "data"),
        ("Assistant to the CFO", "staff", "finance"),
        ("Vice President, IT Operations", "vp", "it"),
        ("", "", ""),
    ],
)
def test_a_title_says_how_senior_somebody_is(title: str, seniority: str, persona: str) -> None:
    assert (seniority_of(title), persona_of(title)) == (seniority, persona)


def test_a_place_gives_a_time_zone_only_where_there_is_one() -> None:
    assert place_of("Dublin, Ireland") == ("EMEA", "Europe/Dublin")
    assert place_of("Houston, Texas") == ("NA", "")
    assert place_of("Falls Church, Virginia[2]") == ("NA", "America/New_York")
    assert place_of("Middle of Nowhere") == ("", "")


@pytest.mark.parametrize(
    ("count", "size", "offset"), [(3, 46, 4), (1, 46, 10_000), (1, 10_000, 0), (0, 0, 0)]
)
def test_a_damaged_workbook_is_refused_for_that(count: int, size: int, offset: int) -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)
    with pytest.raises(UnreadableFile) as refusal, unpacked([b"PK\3\4" + bytes(60) + end]):
        pass
    assert refusal.value.failure is ImportFailure.NO_TABLE_INSIDE
