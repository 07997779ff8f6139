"""A manager asks, previews, sends, reads: every number opens its people, and nothing that was typed is lost."""

import csv
import io
import re
from typing import Any

import pytest

from portal.advocates.models import Advocate
from portal.surveys.models import Survey, SurveyState
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.surveys.surveys import QUESTION, answered, ask_of, launch, recipient, switch_on, tap
from tests.world import World

GIVEN = {
    "title": "NPS, autumn",
    "kind": "score",
    "question": QUESTION,
    "choices": "",
    "rhythm": "once",
    "answer_days": "14",
    "product": "",
    "region": "",
    "industry": "",
    "q": "",
}
SCORES = {10: 20, 9: 8, 8: 6, 7: 2, 6: 2, 3: 2}  # 40 answers: 28 promoters, 4 detractors


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def created(client: Client, **facts: str) -> Any:
    return client.post("/surveys", GIVEN | facts)


def with_answers(
    world: World, run_jobs: Jobs, scores: dict[int, int], **facts: Any
) -> tuple[Survey, list[Advocate]]:
    people = [world.advocate() for _ in range(sum(scores.values()) + 2)]
    survey = launch(world, **facts)
    run_jobs()
    given = [score for score, many in scores.items() for _ in range(many)]
    whys = {3: "Support took four days.", 10: "Support is fast.", 6: "support <b>again</b>"}
    answered(world, survey, dict(zip(people, given, strict=False)), whys)
    return survey, people


def rows_of(page: str) -> int:
    return page.count("<tr><td>")


def test_a_draft_shows_who_gets_it_and_is_sent_with_one_button(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    for _ in range(3):
        acme.advocate()
    acme.advocate(consents=["calls"])
    page = as_manager.follow(created(as_manager))
    for words in (
        "3 people can be asked",
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
    assert "3 people are still to be asked" in sent.text
    run_jobs()
    after = as_manager.get(address).text
    assert ("No answers yet." in after, "still to be asked" in after) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Please give the survey a title."),
        ({"question": ""}, "Please write the question."),
        ({"kind": "choice", "choices": "Only one"}, "Please write 2 to 8 answers"),
        ({"kind": "choice", "choices": "\n".join("abcdefghi")}, "Please write 2 to 8 answers"),
        ({"answer_days": "0"}, "Please choose a number from 1 to 60."),
        ({"answer_days": "many"}, "Please enter a whole number."),
        ({"region": "Atlantis"}, "Please choose an option from the list."),
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


def test_the_score_comes_with_its_range_and_every_number_opens_exactly_its_people(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    survey, _people = with_answers(acme, run_jobs, SCORES)
    page = as_manager.get(f"/surveys/{survey.id}").text
    for words in ("NPS is +60", "The true score lies between", "20 over target (+40)", "95%"):
        assert words in page
    links = re.findall(r'href="(/[^"]+/people\?[^"]+)"[^>]*>([\d,]+)<', page)
    assert len(links) >= 13
    for address, number in links:
        shown = as_manager.get(address.replace("&amp;", "&"), outside=True).text
        assert rows_of(shown) == min(int(number), 25), address


def test_fewer_than_thirty_answers_claim_no_range(acme: World, as_manager: Client, run_jobs: Jobs) -> None:
    survey, _people = with_answers(acme, run_jobs, {10: 3, 3: 1})
    page = as_manager.get(f"/surveys/{survey.id}").text
    assert ("4 answers are not enough to say more" in page, "Not enough answers" in page) == (True, True)
    assert "The true score" not in page


def test_themes_and_words_find_their_reasons_and_what_people_write_is_text(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    survey, _people = with_answers(acme, run_jobs, {10: 2, 6: 1, 3: 1})
    page = as_manager.get(f"/surveys/{survey.id}").text
    assert (">Support</a>" in page, "<b>again" in page) == (True, False)
    theme = as_manager.get(f"/surveys/{survey.id}/people?show=why&theme=support").text
    assert rows_of(theme) == 4
    found = as_manager.get(f"/surveys/{survey.id}/people?show=why&q=four days").text
    assert (rows_of(found), "Support took four days." in found) == (1, True)
    assert rows_of(as_manager.get(f"/surveys/{survey.id}/people?show=why&q=%25").text) == 0


def test_the_file_holds_everybody_who_was_asked_with_what_they_said(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    survey, _people = with_answers(acme, run_jobs, {10: 1, 3: 1})
    file = as_manager.get(f"/surveys/{survey.id}/answers.csv")
    lines = list(csv.DictReader(io.StringIO(file.text.lstrip("\ufeff"))))
    assert sorted(line["Answer"] for line in lines) == ["", "", "10", "3"]
    assert {line["Why"] for line in lines} == {"", "Support took four days.", "Support is fast."}


def test_an_unhappy_answer_waits_with_the_owner_until_it_is_done_and_without_one_with_the_managers(
    acme: World, as_manager: Client, run_jobs: Jobs, client: Client
) -> None:
    lee, sam = acme.signed_in(Role.OWNER), acme.signed_in(Role.OWNER)
    theirs = acme.advocate(account=acme.account("Corvid", owner_id=lee.member.id))
    nobodys = acme.advocate(account=acme.account("Stellan Bygg"))
    survey = launch(acme)
    run_jobs()
    for person in (theirs, nobodys):
        tap(client, ask_of(acme, survey, person), 3)
    assert ("Corvid gave 3" in lee.get("/").text, "Corvid gave 3" in as_manager.get("/").text) == (
        True,
        False,
    )
    assert (
        "Stellan Bygg gave 3" in lee.get("/").text,
        "Stellan Bygg gave 3" in as_manager.get("/").text,
    ) == (
        False,
        True,
    )
    page = f"/surveys/answers/{recipient(acme, survey, theirs).id}"
    assert (lee.get(page).status_code, sam.get(page).status_code) == (200, 404)
    assert sam.post(f"{page}/follow-up", {"note": "x"}).status_code == 404
    done = lee.follow(lee.post(f"{page}/follow-up", {"note": "Fixed with the next release."}))
    assert "Fixed with the next release." in done.text
    assert "Corvid gave 3" not in lee.get("/").text
    lee.post(f"{page}/follow-up", {"note": "Once more."})
    assert recipient(acme, survey, theirs).follow_up_note == "Fixed with the next release."
    tap(client, ask_of(acme, survey, nobodys), 9)
    assert "Stellan Bygg" not in as_manager.get("/").text


def test_whom_to_call_says_what_they_pay_and_to_others_who_looks_after_them(
    acme: World, as_manager: Client, run_jobs: Jobs, client: Client
) -> None:
    lee = acme.signed_in(Role.OWNER)
    corvid = acme.account("Corvid", owner_id=lee.member.id, arr_cents=22_600_000, currency="EUR")
    person = acme.advocate(account=corvid)
    survey = launch(acme)
    run_jobs()
    tap(client, ask_of(acme, survey, person), 3)
    looks_after = f"{lee.member.name} looks after them."
    mine, all_of_them = lee.get("/").text, as_manager.get("/surveys/to-call").text
    assert ("One thing needs your attention" in mine, "€226,000 a year." in mine) == (True, True)
    assert (looks_after in mine, looks_after in all_of_them) == (False, True)
    assert looks_after in as_manager.get(f"/surveys/{survey.id}").text


def test_what_was_done_with_a_survey_stands_in_its_history(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    survey, _people = with_answers(acme, run_jobs, {9: 1})
    as_manager.post(f"/surveys/{survey.id}/close")
    told = re.findall(
        r"<span>(Started|Closed) <span class=\"gw-quiet\">([^<]+)",
        as_manager.get(f"/surveys/{survey.id}").text,
    )
    assert told == [("Closed", as_manager.member.name), ("Started", "Dana Okafor")]


def test_whoever_left_the_team_owns_nothing_so_the_managers_see_it(
    acme: World, as_manager: Client, run_jobs: Jobs, client: Client
) -> None:
    gone = acme.member(Role.OWNER)
    with acme.session() as session:
        row = session.get_one(type(gone), (gone.tenant_id, gone.id))
        row.ended_at = row.joined_at
    person = acme.advocate(account=acme.account("Corvid", owner_id=gone.id))
    survey = launch(acme)
    run_jobs()
    tap(client, ask_of(acme, survey, person), 0)
    assert "Corvid gave 0" in as_manager.get("/").text


def test_imported_scores_are_named_beside_ours_and_are_part_of_none(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    with_answers(acme, run_jobs, {10: 2, 3: 1})
    acme.advocate(nps=0)
    page = as_manager.get("/surveys").text
    assert "NPS this quarter is +33, from 3 answers." in page
    assert "Scores that came with your files: -100, from one person." in page


def test_reps_and_advocates_see_no_surveys(as_rep: Client, as_advocate: Client) -> None:
    for browser in (as_rep, as_advocate):
        assert browser.get("/surveys").status_code == 403
        assert browser.get("/surveys/new").status_code == 403
        assert browser.get("/surveys/to-call").status_code == 403


def test_closing_is_one_button_and_shows(acme: World, as_manager: Client, run_jobs: Jobs) -> None:
    survey, _people = with_answers(acme, run_jobs, {9: 1})
    closed = as_manager.follow(as_manager.post(f"/surveys/{survey.id}/close"))
    assert "Closed. Nobody else is asked" in closed.text
    assert acme.reload(survey).state is SurveyState.CLOSED
    assert as_manager.post(f"/surveys/{survey.id}/close").status_code == 409
