"""PostgreSQL writes a cell as Python does: what a spreadsheet would run is text, whatever else is in it."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Integer, Text, column, select, values

from portal.exports.cells import number, text
from portal.exports.export_table import ExportTable, lines
from portal.web import csv_files
from tests.world import World

HEAD = ("Words", "=More", "Number")
NASTY = (
    "=1+1", "+49 30 1", "-5", "-", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "'=1", "", " ", "plain", "a,b", 'say "x"',
    '="a,b"\n+1', "two\nlines", "two\r\nlines", "ends\r", "\\.", "\\N", "NULL", "ß ς Ľ 日本 👩‍🚀 \u202egnp",
    "\ufeffBOM",    "%(x)s %% :name ?", "$1 ''", "\u00a0", "=" * 3000, "−5 (a minus sign)", "1e5", "0x1", ";=1", '"=1"',
)  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


def written(world: World, *rows: tuple[str | None, str, int]) -> bytes:
    """The file of these rows, by COPY."""
    given = values(
        column("n", Integer), column("a", Text), column("b", Text), column("c", Integer), name="given"
    )
    data = given.data([(place, *row) for place, row in enumerate(rows)])
    cells = (text(data.c.a), text(data.c.b), number(data.c.c))
    with world.session() as session:
        return b"".join(lines(session, ExportTable(HEAD, select(*cells).order_by(data.c.n))))


def expected(*rows: tuple[str | None, str, int]) -> bytes:
    return "".join(csv_files.csv_lines([HEAD, *rows])).encode()


def test_nasty_cells_are_written_as_the_short_lists_always_were(acme: World) -> None:
    rows = [
        (cell, other, place - 3) for place, (cell, other) in enumerate(zip(NASTY, NASTY[::-1], strict=True))
    ]
    assert written(acme, *rows, (None, "", 0)) == expected(*rows, (None, "", 0))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, WORDS, st.integers(-(10**9), 10**9)), min_size=1, max_size=20))
def test_any_cell_is_written_as_in_a_short_list(acme: World, rows: list[tuple[str, str, int]]) -> None:
    assert written(acme, *rows) == expected(*rows)


@pytest.mark.parametrize("cell", NASTY)
def test_no_cell_of_the_file_begins_a_formula_and_none_is_lost(acme: World, cell: str) -> None:
    file = written(acme, (cell, cell, -7)).decode().removeprefix("\ufeff")
    _, row = csv.reader(io.StringIO(file, newline=""))
    begins = cell.startswith(csv_files.FORMULA_STARTS)
    assert row == [f"'{cell}" if begins else cell] * 2 + ["-7"]
