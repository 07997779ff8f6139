"""While the file of a very long list is made pages answer, and show how far it is; then it can be downloaded."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.exports.models import Export
from portal.settings import Settings
from tests.exports.many_people import add_people
from tests.exports.test_claim import INSERT_PIECE
from tests.one_worker import start_worker
from tests.world import World

LINES = 100_000
SOME = re.compile(r"\b[1-9][\d,]* of 100,000 rows")


@pytest.fixture
def worker(settings: Settings, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """The export worker's own code, in a process of its own."""
    with ExitStack() as left:

        def start() -> None:
            left.callback(start_worker("jobs.exports", settings, tmp_path / "log").kill)

        yield start


@pytest.mark.browser
def test_a_page_answers_while_a_hundred_thousand_lines_are_exported(
    opened: Callable[..., Page], acme: World, superuser: psycopg.Connection, worker: Callable[[], None]
) -> None:
    add_people(superuser, acme, LINES)
    page = opened("/advocates")
    page.locator("summary", has_text="Download").click()
    page.get_by_role("button", name="CSV file").click()
    expect(page.get_by_text("It starts within seconds.")).to_be_visible()
    with acme.session() as session:
        export = session.scalars(select(Export)).one()
    superuser.execute(
        INSERT_PIECE.replace(" 0, ''", " 4, ''"), (acme.tenant_id, export.id)
    )  # it gets so far, and waits
    worker()
    expect(page.get_by_text("of 100,000 rows")).to_contain_text(SOME)
    other = page.context.new_page()
    answer = other.goto(page.url.split("/exports")[0] + "/requests")
    assert answer is not None
    assert answer.ok
    assert 0 < acme.reload(export).lines_done < LINES
    superuser.rollback()
    expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "advocates.csv"
    assert len(download.value.path().read_bytes().splitlines()) == LINES + 1
