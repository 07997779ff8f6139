"""A manager asks, previews, sends and closes, and nothing that was typed is lost."""

import re

import pytest

from portal.surveys.models import SurveyState
from tests.client import Client
from tests.fixture_types import Jobs
from tests.surveys.surveys import (
    GIVEN,
    QUESTION,
    created,
    rows_of,
    switch_on,
    with_answers,
)
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def test_a_draft_shows_who_gets_it_and_is_sent_with_one_button(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    for _ in range(3):
        acme.advocate()
    acme.advocate(consents=["calls"])
    page = as_manager.follow(created(as_manager))
    for words in (
        "3 of 4 people can be asked",
        "Haven’t agreed to surveys",
        "Send to 3 people",
        QUESTION,
        "Answers never choose who is asked for a review.",
    ):
        assert words in page.text
    address = page.request.path.removeprefix(f"/{acme.slug}")
    assert rows_of(as_manager.get(f"{address}/people").text) == 3
    assert rows_of(as_manager.get(f"{address}/people?show=consent").text) == 1
    sent = as_manager.follow(as_manager.post(f"{address}/launch"))
    assert "Getting ready" in sent.text
    run_jobs()
    after = as_manager.get(address).text
    assert ("No answers yet." in after, "Getting ready" in after) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Please give the survey a title."),
        ({"question": ""}, "Please write the question."),
        ({"kind": "choice", "choices": "Only one"}, "Please write 2 to 8 answers"),
        ({"kind": "choice", "choices": "\n".join("abcdefghi")}, "Please write 2 to 8 answers"),
        ({"answer_days": "0"}, "Please choose a number from 1 to 60."),
        ({"answer_days": "many"}, "Please enter a whole number."),
        ({"kind": "stars"}, "Please choose an option from the list."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    as_manager: Client, wrong: dict[str, str], words: str
) -> None:
    refused = created(as_manager, **({"title": "Autumn round"} | wrong))
    assert (refused.status_code, words in refused.text) == (422, True)
    assert "title" in wrong or "Autumn round" in refused.text


def test_a_draft_is_edited_and_discarded_and_a_running_one_is_neither(
    acme: World, as_manager: Client
) -> None:
    acme.advocate()
    address = as_manager.follow(created(as_manager)).request.path
    edited = as_manager.get(f"{address}/edit", outside=True).text
    assert ('value="NPS, autumn"' in edited, QUESTION in edited) == (True, True)
    changed = as_manager.post(address, GIVEN | {"title": "Another name"}, outside=True)
    assert "Another name" in as_manager.follow(changed).text
    as_manager.post(f"{address}/launch", outside=True)
    assert as_manager.post(address, GIVEN, outside=True).status_code == 409
    assert as_manager.post(f"{address}/discard", outside=True).status_code == 409
    other = as_manager.follow(created(as_manager)).request.path
    assert as_manager.post(f"{other}/discard", outside=True).status_code == 303
    assert as_manager.get(other, outside=True).status_code == 404


def test_a_draft_discarded_in_another_window_is_gone_once_and_what_was_typed_here_stays(
    as_manager: Client,
) -> None:
    address = as_manager.follow(created(as_manager)).request.path
    for _window in range(2):
        gone = as_manager.post(f"{address}/discard", outside=True)
        assert (gone.status_code, "The draft is gone." in as_manager.follow(gone).text) == (303, True)
    saved = as_manager.post(address, GIVEN | {"title": "Typed for an hour"}, outside=True)
    assert (saved.status_code, 'value="Typed for an hour"' in saved.text) == (404, True)
    assert "This draft has been discarded. What you typed is still here" in saved.text
    assert f'action="{address.rsplit("/", 1)[0]}"' in saved.text  # which makes a new one


def test_an_answer_written_twice_counts_once_whatever_its_capitals(as_manager: Client) -> None:
    twice = {"kind": "choice", "choices": "Yes\nNo\n yes \nNO\n"}
    page = as_manager.follow(created(as_manager, **twice)).text
    assert "Yes · No" in page
    assert created(as_manager, **(twice | {"choices": "Yes\nYES"})).status_code == 422


def test_what_was_done_with_a_survey_stands_in_its_history(acme: World, as_manager: Client) -> None:
    survey, _people = with_answers(acme, {9: 1})
    as_manager.post(f"/surveys/{survey.id}/close")
    told = re.findall(
        r"<span>(Started|Closed) <span class=\"gw-quiet\">([^<]+)",
        as_manager.get(f"/surveys/{survey.id}").text,
    )
    assert told == [("Closed", as_manager.member.name), ("Started", "Dana Okafor")]


def test_reps_and_advocates_see_no_surveys(as_rep: Client, as_advocate: Client) -> None:
    for browser in (as_rep, as_advocate):
        assert browser.get("/surveys").status_code == 403
        assert browser.get("/surveys/new").status_code == 403
        assert browser.get("/surveys/to-call").status_code == 403


def test_closing_says_first_whose_invitation_is_taken_back(acme: World, as_manager: Client) -> None:
    survey, _people = with_answers(acme, {9: 1})
    asked = as_manager.get(f"/surveys/{survey.id}").text
    assert "2 people have not answered yet: their invitations are taken back" in asked
    closed = as_manager.follow(as_manager.post(f"/surveys/{survey.id}/close"))
    assert "Closed. Nobody else is asked" in closed.text
    assert acme.reload(survey).state is SurveyState.CLOSED
    assert as_manager.post(f"/surveys/{survey.id}/close").status_code == 409
