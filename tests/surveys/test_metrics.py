"""NPS on the page of metrics and at home: by the month of the ask, with n, response, range, and files beside it."""

import csv
import io

import pytest

from portal.declarations.metrics import NetShare
from portal.surveys.metrics import NPS_TARGET, likely_range
from portal.surveys.models import SurveyKind
from tests.client import Client
from tests.fixture_types import Jobs
from tests.surveys.surveys import CHOICES, answered, ask_of, launch, set_policy, switch_on, tap
from tests.world import World

NET = NetShare("promoters", "detractors", "answered")


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def with_scores(world: World, run_jobs: Jobs, scores: list[int], silent: int = 0) -> None:
    people = [world.advocate() for _ in range(len(scores) + silent)]
    survey = launch(world)
    run_jobs()
    answered(world, survey, dict(zip(people, scores, strict=False)))


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
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    with_scores(acme, run_jobs, [10] * 20 + [8] * 6 + [3] * 4, silent=10)
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


def test_few_answers_are_not_held_against_a_target(acme: World, as_manager: Client, run_jobs: Jobs) -> None:
    with_scores(acme, run_jobs, [3, 4])
    said = section(as_manager.get("/metrics").text)
    assert (">-100<" in said, "Not enough answers" in said, "below target" in said) == (True, True, False)


def test_a_target_may_be_another_or_none(acme: World, as_manager: Client, run_jobs: Jobs) -> None:
    with_scores(acme, run_jobs, [10] * 30)
    set_policy(acme, NPS_TARGET, 0)
    assert "No target set" in section(as_manager.get("/metrics").text)


def test_a_choice_counts_nowhere(acme: World, as_manager: Client, run_jobs: Jobs, client: Client) -> None:
    ada = acme.advocate()
    survey = launch(acme, kind=SurveyKind.CHOICE, question="What helps most?", choices=CHOICES)
    run_jobs()
    tap(client, ask_of(acme, survey, ada), 0)
    assert "No survey yet" in section(as_manager.get("/metrics").text)


def test_switched_off_it_is_on_no_page_but_its_rows_stay(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    with_scores(acme, run_jobs, [9])
    switch_on(acme, on=False)
    assert 'aria-labelledby="nps"' not in as_manager.get("/metrics").text
    assert ">Surveys<" not in as_manager.get("/").text
