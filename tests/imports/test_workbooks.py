"""Workbooks that would take everything: each is refused for what it is, and the worker reads the next file."""

import json
import os
import sys
from collections.abc import Callable
from itertools import repeat

import pytest
from sqlalchemy import select

from jobs import imports as job
from portal.files import StoredFile
from portal.imports.models import ImportFailure, ImportState
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.size_limit import MEGABYTE
from portal.imports.parsing.workbooks import unpacked
from tests.imports import zip_bombs
from tests.imports.files import Importer, csv_of, people_file, person
from tests.imports.zip_bombs import ADA, HEADER, book, cell, row
from tests.waiting import PATIENCE
from tests.world import World

ROOM = " " * MEGABYTE
TOO_BIG = ImportFailure.READING_TOO_BIG, dict[str, object]()
NOTHING = ImportFailure.NO_TABLE_INSIDE, dict[str, object]()
REFUSED: dict[str, tuple[Callable[[], bytes], tuple[ImportFailure, dict[str, object]]]] = {
    "unpacks to 260 MB": (
        lambda: book(HEADER, *repeat(ROOM, 260), ADA),
        (ImportFailure.UNPACKED_TOO_LARGE, {"most": 250}),
    ),
    "and its directory denies it": (lambda: zip_bombs.lying(book(HEADER, *repeat(ROOM, 10), ADA)), NOTHING),
    "a cell at the far end": (lambda: book(HEADER, row(1_048_576, cell("XFD1048576", "x"))), TOO_BIG),
    "a cell of 30 MB": (
        lambda: book(HEADER, row(2, cell("A2", "x" * 30_000_000))),
        (ImportFailure.ROW_TOO_LONG, {"row": 2}),
    ),
    "16,384 columns": (
        lambda: book(
            "".join(
                row(n, *(f'<c t="inlineStr"><is><t>c{m}</t></is></c>' for m in range(16_384))) for n in (1, 2)
            )
        ),
        (ImportFailure.TOO_MANY_COLUMNS, {"count": 16384, "most": 150}),
    ),
    "a billion laughs": (
        lambda: book(HEADER, row(2, cell("A2", "&j;"), cell("B2", "&j;")), before=zip_bombs.LAUGHS),
        (ImportFailure.SHEET_DAMAGED, {"sheet": "People"}),
    ),
    "thousands of parts": (lambda: book(HEADER, ADA, more=((f"x/{n}", "") for n in range(6_000))), NOTHING),
    "cut off": (lambda: book(HEADER, ADA)[:-150], NOTHING),
    "a password": (zip_bombs.locked, (ImportFailure.PASSWORD, {})),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_workbook_that_cannot_be_read_says_why_and_is_not_kept(
    what: str, importer: Importer, acme: World
) -> None:
    made, why = REFUSED[what]
    refused = importer.upload(made(), "report.xlsx")
    assert (refused.state, refused.tries) == (ImportState.UNREADABLE, 1)
    assert (refused.failure, refused.failure_params) == why
    with acme.session() as session:
        assert session.scalars(select(StoredFile)).all() == []


def test_a_sheet_that_lies_about_its_size_is_read_as_far_as_it_goes(importer: Importer) -> None:
    assert importer.import_file(book(HEADER, ADA, dimension="A1:XFD1048576"), "report.xlsx").counts == {
        "created": 1,
        "company_created": 1,
    }


def test_after_a_bomb_the_worker_reads_the_next_file_and_other_people_see_none_of_it(
    importer: Importer,
) -> None:
    far = importer.upload(book(HEADER, row(1_048_576, cell("XFD1048576", "x"))))
    done = importer.import_file(people_file(person()))
    assert (importer.acme.reload(far).state, done.state) == (ImportState.UNREADABLE, ImportState.DONE)


HANGS = "import signal, time; signal.pause()"
WORKS_FOR_EVER = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"
DIES = "import os; print('[', flush=True); os.kill(os.getpid(), 9)"


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (HANGS, ImportFailure.READING_TOO_SLOW),
        (WORKS_FOR_EVER, ImportFailure.READING_TOO_SLOW),
        (DIES, ImportFailure.READING_TOO_BIG),
    ],
)
def test_a_reader_that_hangs_works_for_ever_or_dies_is_given_up(code: str, failure: ImportFailure) -> None:
    seconds, command = 0.5 if code == HANGS else PATIENCE, (sys.executable, "-c", code)
    with pytest.raises(UnreadableFile) as refusal, unpacked([b"PK"], command=command, seconds=seconds):
        pass
    assert refusal.value.failure is failure


def test_the_reader_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    tell = "import json, os; print(json.dumps({'sheet': '', 'sheets': list(os.environ), 'hidden': []}))"
    with unpacked([b""], command=(sys.executable, "-c", tell)) as told:
        assert set(told.names) <= {"PATH", "PYTHONIOENCODING", "LC_CTYPE"}
    assert "SECRET_KEY" in os.environ


def test_a_workbook_uploaded_before_sheets_were_kept_is_unpacked_when_it_starts(importer: Importer) -> None:
    this = importer.upload(book(HEADER, ADA), "report.xlsx")
    with importer.acme.session() as session:
        session.get_one(type(this), (this.tenant_id, this.id)).sheet_id = None
    assert importer.start(this).counts["created"] == 1


def test_web_processes_open_no_file(importer: Importer) -> None:
    """Pages show what a worker saw: with the original and its lines gone, they are the same."""
    client = importer.acme.signed_in(as_member=importer.manager)
    for content in (book(HEADER, ADA), csv_of(("Email", "Company"), ("ada@wabtec.example", "Wabtec"))):
        this = importer.check(importer.upload(content))
        pages = [f"/imports/{this.id}/{page}" for page in ("columns", "columns?kind=deals", "check")]
        before = [_without_secrets(client.get(page).text) for page in pages]
        with importer.acme.session() as session:
            for each in session.scalars(select(StoredFile)):
                each.size = 0
        assert [_without_secrets(client.get(page).text) for page in pages] == before
        job.work()


def _without_secrets(page: str) -> str:
    return json.dumps([line for line in page.splitlines() if "csrf" not in line and "nonce" not in line])
