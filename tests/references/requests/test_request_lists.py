"""The desk's list: by state, by clock, found by name, page by page, and quick however long it is."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from portal.references.models import RequestState
from tenants.clock import utc_now
from tenants.database import database, tenant
from tenants.models import Role
from tests.client import Client
from tests.references.steps import filed
from tests.world import World

MOST_QUERIES = 8  # a page


@pytest.fixture
def asked_of_the_database() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "set_config" not in statement:
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def test_late_requests_are_counted_in_words(acme: World, as_manager: Client) -> None:
    acme.request(prospect="Late & Sons", due_at=utc_now() - timedelta(hours=2))
    acme.request(prospect="In time", due_at=utc_now() + timedelta(days=5))
    page = as_manager.get("/requests").text
    assert "Two open. One is late." in page
    assert "Open next overdue" in page
    late = as_manager.get("/requests?view=late").text
    assert "Late &amp; Sons" in late
    assert "In time" not in late


def test_a_prospect_is_found_and_filters_add_up(acme: World, as_manager: Client) -> None:
    acme.request(prospect="Osei & Partners", product="Ledger Pro")
    acme.request(prospect="Northwind", product="Payroll", kind="written")
    assert "Northwind" not in as_manager.get("/requests?q=osei").text
    assert "Osei" not in as_manager.get("/requests?kind=written").text
    assert (
        "No requests match these filters" in as_manager.get("/requests?kind=written&product=Ledger+Pro").text
    )
    assert as_manager.get("/requests?kind=none&rep=none&state=none&after=none").status_code in {200, 404}


def test_the_file_names_the_currency_of_a_deal_and_the_day_of_the_workspace(
    acme: World, as_manager: Client
) -> None:
    deal = acme.deal(amount_cents=1_200_00, currency="USD")
    late_in_the_evening = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    with acme.session() as session:
        tenant(session).time_zone = "Pacific/Auckland"
    acme.request(deal_id=deal.id, created_at=late_in_the_evening)
    text = as_manager.get("/lists/requests/file.csv").data.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (line["Deal"], line["Currency"], line["Created"]) == ("1200.00", "USD", "2026-03-05")
    assert "Initech" in as_manager.get("/requests?created=2026-03-05..2026-03-05").text


def test_a_state_with_many_is_shown_page_by_page(acme: World, as_manager: Client) -> None:
    for number in range(30):
        acme.request(prospect=f"Prospect {number:02}", due_at=utc_now() + timedelta(hours=number + 1))
    assert "Show 20 more" in as_manager.get("/requests").text
    first = as_manager.get("/requests?state=submitted").text
    after = first[first.index("after=") :].split("&")[0].split('"')[0]
    second = as_manager.get(f"/requests?state=submitted&{after}").text
    assert ("Prospect 24" in first, "Prospect 25" in first) == (True, False)
    assert ("Prospect 24" in second, "Prospect 29" in second) == (False, True)


def test_a_rep_sees_only_their_own_lines(acme: World, as_rep: Client) -> None:
    filed(acme, as_rep, prospect="Mine")
    filed(acme, acme.signed_in(Role.REP), prospect="Theirs")
    page = as_rep.get("/requests").text
    assert "Mine" in page
    assert "Theirs" not in page
    assert "Nothing has ended yet" in as_rep.get("/requests?view=ended").text


@pytest.mark.parametrize(
    "path", ["/requests", "/requests?state=submitted", "/requests?view=ended", "/requests/new"]
)
def test_pages_ask_little_of_the_database(
    acme: World, as_manager: Client, asked_of_the_database: list[str], path: str
) -> None:
    rep = acme.member(Role.REP)
    for number in range(12):
        acme.request(requester=rep, prospect=f"Prospect {number}")
        acme.request(requester=rep, prospect=f"Ended {number}", state=RequestState.WITHDRAWN)
    asked_of_the_database.clear()
    assert as_manager.get(path).status_code == 200
    assert len(asked_of_the_database) <= MOST_QUERIES, "\n".join(asked_of_the_database)


def test_a_request_with_a_long_story_asks_little_too(
    acme: World, as_rep: Client, as_manager: Client, asked_of_the_database: list[str]
) -> None:
    request = filed(acme, as_rep)
    for number in range(5):
        acme.advocate()
        as_manager.post(f"/requests/{request.id}/messages", {"text": f"Line {number}"})
    asked_of_the_database.clear()
    assert as_manager.get(f"/requests/{request.id}").status_code == 200
    assert len(asked_of_the_database) <= MOST_QUERIES, "\n".join(asked_of_the_database)
