"""NPS on the page of metrics and at home: by the month of the ask, with n, response, range, and files beside it."""

import csv
import io
import re
from datetime import UTC, datetime, time, timedelta

import pytest

from portal.declarations.metrics import NetShare
from portal.surveys.audience import quarter_of
from portal.surveys.metrics import NPS_TARGET, likely_range
from portal.surveys.models import SurveyKind
from tenants.clock import utc_now
from tests.client import Client
from tests.fixture_types import Jobs
from tests.surveys.surveys import (
    CHOICES,
    answered,
    ask_everybody,
    ask_of,
    launch,
    past_answer,
    past_survey,
    recipient,
    set_policy,
    switch_on,
    tap,
)
from tests.time_zones import today
from tests.world import World

NET = NetShare("promoters", "detractors", "answered")


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def with_scores(world: World, scores: list[int], silent: int = 0) -> None:
    people = world.advocates(len(scores) + silent)
    survey = launch(world)
    ask_everybody(world)
    answered(world, survey, dict(zip(people, scores, strict=False)))


def last_quarter(world: World) -> datetime:
    """A few days before this one began, where the workspace is."""
    return datetime.combine(quarter_of(today(world)), time(), UTC) - timedelta(days=10)


def words_of(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def of_home(client: Client) -> str:
    """The figure of NPS, in one line."""
    page = " ".join(client.get("/").text.split())
    return page[page.index("/metrics/nps?") :].split("</svg></div>")[0]


def section(page: str) -> str:
    """The part of the page about NPS, in one line."""
    found = page[page.index('aria-labelledby="nps"') :]
    return " ".join(found[: found.index("</section>")].split())


def test_a_net_share_is_rounded_to_the_nearest_and_of_nothing_is_nothing() -> None:
    def of(plus: int, minus: int, whole: int) -> int | None:
        return NET.of({"promoters": plus, "detractors": minus, "answered": whole})

    assert (of(118, 31, 212), of(0, 3, 3), of(1, 1, 8), of(0, 0, 0)) == (41, -100, 0, None)


def test_no_range_is_claimed_of_fewer_than_thirty() -> None:
    assert likely_range({"promoters": 20, "detractors": 1, "answered": 29}) is None
    found = likely_range({"promoters": 118, "detractors": 31, "answered": 212})
    assert found is not None
    assert [round(end) for end in found] == [31, 50]


def test_before_the_first_survey_the_page_says_what_to_do(as_manager: Client) -> None:
    said = section(as_manager.get("/metrics").text)
    assert ("No survey yet" in said, "Ask a question" in said) == (True, True)


def test_it_stands_with_n_response_range_and_target_and_its_numbers_open_the_answers(
    acme: World, as_manager: Client
) -> None:
    with_scores(acme, [10] * 20 + [8] * 6 + [3] * 4, silent=10)
    acme.advocate(nps=0)
    said = section(as_manager.get("/metrics").text)
    for words in (
        ">+53<",
        "13 points above target (+40)",
        "30</a> of <a",
        "asked have answered, 75%",
        "95% sure",
        "Scores that came with your files, which count nowhere: -100, from one person.",
        "Counted in the month in which people were asked.",
    ):
        assert words in said, words
    assert as_manager.get("/metrics/nps?show=detractors").text.count("<tr><td>") == 4
    assert as_manager.get("/metrics/nps?show=silent").text.count("<tr><td>") == 10
    file = as_manager.get("/metrics/nps/rows.csv?show=promoters").text
    assert [line["Answer"] for line in csv.DictReader(io.StringIO(file.lstrip("\ufeff")))] == ["10"] * 20
    home = as_manager.get("/").text
    assert ("20 promoters less 4 detractors, of 30." in home, "Target +40." in home) == (True, True)


def test_few_answers_are_not_held_against_a_target(acme: World, as_manager: Client) -> None:
    with_scores(acme, [3, 4])
    said = section(as_manager.get("/metrics").text)
    assert (">-100<" in said, "Not enough answers" in said, "below target" in said) == (True, True, False)


def test_between_few_answers_home_and_metrics_claim_no_change(acme: World, as_manager: Client) -> None:
    survey = past_survey(acme, utc_now() - timedelta(days=400))
    for score in [10] * 30:
        past_answer(acme, survey, acme.advocate(), last_quarter(acme), score)
    for score in (10, 3):
        past_answer(acme, survey, acme.advocate(), utc_now() - timedelta(seconds=5), score)
    home, said = of_home(as_manager), section(as_manager.get("/metrics").text)
    assert ("1 promoters less 1 detractors, of 2." in home, "Not enough answers." in home) == (True, True)
    for words in ("vs. last quarter", "Target", "100 points down"):
        assert (words in home, words in said) == (False, words == "Target"), words


def test_a_change_that_could_be_chance_says_so_and_each_month_has_its_range(
    acme: World, as_manager: Client
) -> None:
    survey = past_survey(acme, utc_now() - timedelta(days=400))
    for moment, scores in (
        (last_quarter(acme), [10] * 20 + [8] * 10),
        (utc_now() - timedelta(seconds=5), [10] * 21 + [8] * 9),
    ):
        for score in scores:
            past_answer(acme, survey, acme.advocate(), moment, score)
    home, page = of_home(as_manager), as_manager.get("/metrics").text
    assert "3 points up vs. last quarter, could be chance" in words_of(home)
    assert "last quarter: 3 points up, which could be chance" in words_of(section(page))
    assert [part.count('class="gw-s-err"') for part in (home, section(page))] == [1, 1]
    assert len(re.findall(r"<td class=\"gw-quiet\">\+\d+ to \+\d+</td>", section(page))) == 2


def test_what_is_answered_or_changed_after_its_month_has_closed_corrects_it(
    acme: World, as_manager: Client
) -> None:
    asked_at, day = last_quarter(acme), f"{today(acme):%Y-%m-%d}"
    survey, ada, ben = past_survey(acme, asked_at - timedelta(days=1)), acme.advocate(), acme.advocate()
    past_answer(acme, survey, ada, asked_at, 9)
    past_answer(acme, survey, ben, asked_at, None)

    def corrected() -> set[str]:
        file = as_manager.get("/metrics/months.csv").text.removeprefix("\ufeff")
        lines = [line for line in csv.DictReader(io.StringIO(file)) if line["Metric"] == "NPS"]
        return {line["Corrected on"] for line in lines if line["Period"] == f"{asked_at:%Y-%m}"}

    rows = f"/metrics/nps?month={asked_at:%Y-%m}"
    assert (corrected(), "Corrected on" in as_manager.get(rows).text) == ({""}, False)
    answered(acme, survey, {ada: 3})
    assert (corrected(), as_manager.get(rows).text.count("Corrected on")) == ({day}, 1)
    answered(acme, survey, {ben: 10})
    assert as_manager.get(rows).text.count("Corrected on") == 2
    assert "<dt>Corrected</dt>" in section(as_manager.get("/metrics").text)


def test_the_file_of_months_gives_all_that_a_score_is_worked_out_from(
    acme: World, as_manager: Client
) -> None:
    with_scores(acme, [10] * 20 + [8] * 6 + [3] * 4)
    file = as_manager.get("/metrics/months.csv").text.removeprefix("\ufeff")
    line = [line for line in csv.DictReader(io.StringIO(file)) if line["Metric"] == "NPS"][-1]
    assert [line[name] for name in ("Value", "Part", "Whole", "Minus")] == ["53", "20", "30", "4"]


def test_the_quarter_of_the_list_of_surveys_is_that_of_home_and_opens_its_answers(
    acme: World, as_manager: Client
) -> None:
    survey, ada = past_survey(acme, utc_now() - timedelta(days=400)), acme.advocate()
    past_answer(acme, survey, ada, utc_now() - timedelta(seconds=5), 10)
    past_answer(acme, survey, acme.advocate(), last_quarter(acme), 0)
    with acme.session() as session:  # its round began long before the ask
        row = recipient(acme, survey, ada)
        session.get_one(type(row), (row.tenant_id, row.id)).wave = last_quarter(acme).date()
    page = as_manager.get("/surveys").text
    assert "NPS this quarter is +100, from one answer. That’s not enough to say more." in words_of(page)
    links = re.findall(r'href="([^"]+metrics/nps[^"]*)">([^<]+)<', page)
    assert [words for _href, words in links] == ["+100"]
    assert as_manager.get(links[0][0], outside=True).text.count("<tr><td>") == 1
    assert ">+100<" in of_home(as_manager)


def test_a_target_may_be_another_or_none(acme: World, as_manager: Client) -> None:
    with_scores(acme, [10] * 30)
    set_policy(acme, NPS_TARGET, 0)
    assert "No target set" in section(as_manager.get("/metrics").text)


def test_a_choice_counts_nowhere(acme: World, as_manager: Client, run_jobs: Jobs, client: Client) -> None:
    ada = acme.advocate()
    survey = launch(acme, kind=SurveyKind.CHOICE, question="What helps most?", choices=CHOICES)
    run_jobs()
    tap(client, ask_of(acme, survey, ada), 0)
    assert "No survey yet" in section(as_manager.get("/metrics").text)


def test_switched_off_it_is_on_no_page_but_its_rows_stay(acme: World, as_manager: Client) -> None:
    with_scores(acme, [9])
    switch_on(acme, on=False)
    assert 'aria-labelledby="nps"' not in as_manager.get("/metrics").text
    assert ">Surveys<" not in as_manager.get("/").text
