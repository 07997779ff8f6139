"""The metrics page, the rows behind each number, and the files for a spreadsheet."""

import csv
import io

import pytest

from portal.declarations.metrics import METRICS
from portal.references.models import RequestState, WaitingFor
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.metrics.past_records import act, asked
from tests.rules.query_counter import statements
from tests.time_zones import today
from tests.world import World


def table(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_everything_is_there_before_anything_happened(as_manager: Client) -> None:
    page = as_manager.get("/metrics")
    assert page.status_code == 200
    for words in ("No requests yet", "No one enrolled yet", "No reviews yet", "No stories yet"):
        assert words in page.text
    assert ">0%<" not in page.text


def test_a_manager_sees_each_figure_with_formula_n_target_and_rows(as_manager: Client, acme: World) -> None:
    ada = acme.advocate()
    acme.advocate()
    act(acme, ada, utc_now())
    asked(acme, utc_now(), RequestState.DELIVERED)
    asked(acme, utc_now(), RequestState.MATCHING)
    page = as_manager.get("/metrics").text
    for words in (
        "Delivered ÷ requested, by month of request",
        "</a> decided, ",
        "1 open",
        "30 points below target (80%)",
        "5 points above target (45%)",
        f"/{acme.slug}/metrics/fulfillment?period=quarter",
    ):
        assert words in page


@pytest.mark.parametrize("role", [Role.REP, Role.OWNER])
def test_all_staff_see_the_figures_and_only_the_desk_the_rows(acme: World, role: Role) -> None:
    client = acme.signed_in(role)
    assert client.get("/metrics").status_code == 200
    assert f"/{acme.slug}/metrics/fulfillment" not in client.get("/metrics").text
    assert [
        client.get(f"/metrics/{metric.name}{end}").status_code
        for metric in METRICS
        for end in ("", "/rows.csv")
    ] == [403, 403] * len(list(METRICS))


def test_an_advocate_sees_no_figures(as_advocate: Client) -> None:
    assert as_advocate.get("/metrics").status_code == 403


def test_the_rows_are_those_that_were_counted(as_manager: Client, acme: World) -> None:
    asked(acme, utc_now(), RequestState.DELIVERED, prospect="Initech")
    asked(acme, utc_now(), RequestState.MATCHING, prospect="Hooli")
    asked(acme, utc_now(), RequestState.WITHDRAWN, prospect="Globex Bank")
    counted = as_manager.get("/metrics/fulfillment").text
    assert ("Initech" in counted, "Hooli" in counted, "Globex Bank" in counted) == (True, True, False)
    assert "Globex Bank" in as_manager.get("/metrics/fulfillment?show=left-out").text
    assert "Hooli" not in as_manager.get("/metrics/fulfillment?show=delivered").text
    assert "Nothing in this period" in as_manager.get("/metrics/fulfillment?period=last-year").text


def test_a_request_that_waits_says_for_whom(as_manager: Client, acme: World) -> None:
    rep, question = (
        acme.member(Role.REP),
        {"waiting_for": WaitingFor.QUESTION, "waiting_question": "Which plant?"},
    )
    waits = question | {"waiting_since": utc_now()}
    asked(acme, utc_now(), RequestState.MATCHING, requester=rep, **waits)
    page = as_manager.get("/metrics/fulfillment").text
    assert (f"Waiting for {rep.name}" in page, "Waiting for you" in page) == (True, False)
    asked(acme, utc_now(), RequestState.MATCHING, requester=as_manager.member, **waits)
    assert "Waiting for you" in as_manager.get("/metrics/fulfillment").text


def test_people_are_listed_with_what_they_did_last(as_manager: Client, acme: World) -> None:
    ada, grace = acme.advocate(first_name="Ada"), acme.advocate(first_name="Grace")
    act(acme, ada, utc_now())
    everyone = as_manager.get("/metrics/activation").text
    assert (ada.name in everyone, grace.name in everyone) == (True, True)
    assert grace.name not in as_manager.get("/metrics/activation?show=active").text
    assert ada.name not in as_manager.get("/metrics/activation?show=quiet").text
    assert grace.name not in as_manager.get("/metrics/advocates").text
    assert "Initech" in as_manager.get("/metrics/volume").text


def test_many_rows_come_page_by_page(as_manager: Client, acme: World) -> None:
    rep = acme.member(Role.REP)
    for number in range(30):
        asked(acme, utc_now(), RequestState.MATCHING, prospect=f"Prospect {number:02}", requester=rep)
    first = as_manager.get("/metrics/fulfillment").text
    assert "Prospect 29" in first
    assert "Prospect 02" not in first
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Prospect 02" in as_manager.get(following).text


def test_the_months_of_every_figure_fit_a_spreadsheet(as_rep: Client, acme: World) -> None:
    asked(acme, utc_now(), RequestState.DELIVERED)
    head, *lines = table(as_rep.get("/metrics/months.csv").text)
    assert head == [
        *("Metric", "Period", "Value", "Unit", "Part", "Whole", "Minus", "Target", "Running", "Corrected on"),
        *("Definition", "Also"),
    ]
    assert len(lines) == 4 * 13
    fulfillment = ["100", "%", "1", "1", "", "80", "running", "", "version 1", ""]
    assert lines[11] == ["Reference fulfillment", f"{today(acme):%Y-%m}", *fulfillment]
    assert lines[12][2:] == fulfillment
    assert [line[7] for line in lines if line[0] == "Reference volume"] == [*[""] * 12, "30"]


def test_what_is_decided_and_what_is_open_stand_beside_the_rate_at_home_and_in_the_file(
    as_manager: Client, acme: World
) -> None:
    asked(acme, utc_now(), RequestState.DELIVERED)
    assert "1 of 1 delivered. Target 80%." in as_manager.get("/").text
    for state in (RequestState.MATCHING, RequestState.ASKED, RequestState.WITHDRAWN):
        asked(acme, utc_now(), state)
    assert "1 of 3 delivered. 1 of 1 decided, 2 open. Target 80%." in as_manager.get("/").text
    _, *lines = table(as_manager.get("/metrics/months.csv").text)
    assert [line[-1] for line in lines[10:13]] == ["", *["1 of 1 decided, 2 open, 1 withdrawn"] * 2]


def test_the_period_stands_below_its_months(as_rep: Client, acme: World) -> None:
    asked(acme, utc_now(), RequestState.DELIVERED)
    lines = table(as_rep.get("/metrics/months.csv?period=last-year").text)
    year = today(acme).year - 1
    assert lines[13][:2] == ["Reference fulfillment", f"{year}-01 to {year}-12"]
    assert lines[13][8] == ""


def test_a_formula_in_a_name_is_defused_in_the_file(as_manager: Client, acme: World) -> None:
    asked(acme, utc_now(), RequestState.DELIVERED, prospect='=HYPERLINK("http://evil.example")')
    _, line = table(as_manager.get("/metrics/fulfillment/rows.csv").text)
    assert line[1] == '\'=HYPERLINK("http://evil.example")'
    person = acme.advocate(first_name="+Ada")
    act(acme, person, utc_now())
    for name, column in (("activation", 0), ("advocates", 0), ("volume", 2)):
        _, line = table(as_manager.get(f"/metrics/{name}/rows.csv").text)
        assert line[column].startswith("'+Ada")


def test_what_is_no_metric_is_not_there(as_manager: Client) -> None:
    assert as_manager.get("/metrics/happiness").status_code == 404
    assert as_manager.get("/metrics/happiness/rows.csv").status_code == 404
    assert as_manager.get("/metrics/fulfillment?after=nonsense").status_code == 404
    assert as_manager.get("/metrics?period=nonsense").status_code == 200
    for end in ("", "/rows.csv"):
        assert as_manager.get(f"/metrics/fulfillment{end}?month=2026-13").status_code == 404
        assert as_manager.get(f"/metrics/fulfillment{end}?month=2026-10&until=x").status_code == 404
        assert as_manager.get(f"/metrics/volume{end}?month=2026-10&show=nonsense").status_code == 200


def test_each_page_is_a_few_statements_whatever_the_number_of_rows(as_manager: Client, acme: World) -> None:
    for _ in range(12):
        act(acme, acme.advocate(), utc_now())
        asked(acme, utc_now(), RequestState.DELIVERED)
    for path in ("/metrics", *(f"/metrics/{metric.name}" for metric in METRICS)):
        with statements() as seen:
            as_manager.get(path)
        assert len(seen) <= 8, seen
