"""What was answered: scores with their ranges, themes, the file; every number opens exactly its people."""

import csv
import io
import re

import psycopg
import pytest
from sqlalchemy import select

from jobs import exports
from portal.exports.list_download import MAX_DIRECT_LINES
from portal.surveys import reasons
from portal.surveys.metrics import NPS_TARGET
from portal.surveys.models import Survey, SurveyRecipient
from tests.client import Client
from tests.exports.many_people import add_people
from tests.fixture_types import Jobs
from tests.surveys.many_recipients import ask_all_others
from tests.surveys.surveys import (
    SCORES,
    answered,
    ask_of,
    created,
    launch,
    recipient,
    rows_of,
    set_policy,
    switch_on,
    those_with,
    with_answers,
    words_of,
)
from tests.surveys.surveys import address as ask_address
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def test_another_question_from_0_to_10_has_an_average_of_its_own_and_counts_nowhere(
    acme: World, as_manager: Client, client: Client, run_jobs: Jobs
) -> None:
    people = acme.advocates(30)
    how_hard = {"title": "Import", "kind": "rating", "question": "How easy was the import?"}
    address = as_manager.follow(created(as_manager, **how_hard)).request.path
    form = as_manager.get(f"{address}/edit", outside=True).text
    assert re.search(r'value="rating"[^>]*checked|checked[^>]*value="rating"', form)
    as_manager.post(f"{address}/launch", outside=True)
    run_jobs()
    with acme.session() as session:
        survey = session.scalars(select(Survey)).one()
    ask = ask_of(acme, survey, people[0])
    shown = client.get(ask_address(ask), outside=True).text
    assert ("10 Highest" in shown, "likely" in shown) == (True, False)
    answered(acme, survey, dict(zip(people, [3] * 6 + [8] * 12 + [9] * 12, strict=True)))
    page = as_manager.get(address, outside=True).text
    for words in ("The average is 7.4", "The true score lies between 6.6 and 8.2", "9 to 10", ">12</a>, 40%"):
        assert words in page, words
    for words in ("NPS", "promoters", "target", "Who calls them back"):
        assert words not in words_of(page.split("<main")[1]), words
    assert "gave 3" not in as_manager.get("/").text
    assert "No one to call" in as_manager.get("/surveys/to-call").text
    assert "NPS this quarter" not in as_manager.get("/surveys").text
    assert "No survey yet" in as_manager.get("/metrics").text


def test_the_score_comes_with_its_range_and_every_number_opens_exactly_its_people(
    acme: World, as_manager: Client
) -> None:
    survey, people = with_answers(acme, SCORES)
    unhappy = recipient(acme, survey, people[38])
    as_manager.post(f"/surveys/answers/{unhappy.id}/follow-up", {"note": ""})
    page = as_manager.get(f"/surveys/{survey.id}").text
    for words in ("NPS is +60", "The true score lies between", "20 over target (+40)", "95%"):
        assert words in page
    for words in ("24 of 40 wrote a reason", "4 unhappy: 3 without an owner, 0 open, 1 done"):
        assert words in words_of(page)
    links = re.findall(r'href="(/[^"]+/people\?[^"]+)"[^>]*>([\d,]+)<', page)
    assert {("show=nobodys" in href, "theme=" in href) for href, _number in links} >= {
        (True, False),
        (False, True),
    }
    in_list = re.findall(r'href="(/[^"]+/people\?[^"]+)"[^>]*>([\d,]+)<', as_manager.get("/surveys").text)
    assert [number for _href, number in in_list] == ["42", "40"]
    links += in_list
    assert len(links) >= 20
    for address, number in links:
        shown = as_manager.get(address.replace("&amp;", "&"), outside=True).text
        assert rows_of(shown) == min(int(number), 25), address


def test_fewer_than_thirty_answers_claim_no_range(acme: World, as_manager: Client) -> None:
    survey, _people = with_answers(acme, {10: 3, 3: 1})
    page = as_manager.get(f"/surveys/{survey.id}").text
    assert ("4 answers are not enough to say more" in page, "Not enough answers" in page) == (True, True)
    assert "The true score" not in page


def test_themes_and_words_find_their_reasons_and_what_people_write_is_text(
    acme: World, as_manager: Client
) -> None:
    survey, _people = with_answers(acme, {10: 2, 6: 1, 3: 1})
    page = as_manager.get(f"/surveys/{survey.id}").text
    assert (">Support</a>" in page, "<b>again" in page) == (True, False)
    theme = as_manager.get(f"/surveys/{survey.id}/people?show=why&theme=support").text
    assert rows_of(theme) == 4
    found = as_manager.get(f"/surveys/{survey.id}/people?show=why&q=four days").text
    assert (rows_of(found), "Support took four days." in found) == (1, True)
    assert rows_of(as_manager.get(f"/surveys/{survey.id}/people?show=why&q=%25").text) == 0


def test_the_file_holds_everybody_who_was_asked_with_what_they_said(acme: World, as_manager: Client) -> None:
    survey, _people = with_answers(acme, {10: 1, 3: 1})
    file = as_manager.get(f"/surveys/{survey.id}/answers.csv")
    lines = list(csv.DictReader(io.StringIO(file.text.lstrip("\ufeff"))))
    assert sorted(line["Answer"] for line in lines) == ["", "", "10", "3"]
    assert {line["Why"] for line in lines} == {"", "Support took four days.", "Support is fast."}


def test_of_many_who_were_asked_a_worker_makes_the_file(
    acme: World, as_manager: Client, run_jobs: Jobs, superuser: psycopg.Connection
) -> None:
    acme.advocate(title="VP, IT")
    survey = launch(acme)
    run_jobs()
    address = f"/surveys/{survey.id}/answers.csv"
    at_once = as_manager.follow(as_manager.post(address))
    assert (at_once.mimetype, len(at_once.text.splitlines())) == ("text/csv", 2)
    add_people(superuser, acme, MAX_DIRECT_LINES)
    ask_all_others(superuser, survey)
    offer = as_manager.get(address).text
    assert ("This list is long" in offer, f'href="/{acme.slug}/surveys/{survey.id}"' in offer) == (True, True)
    begun = as_manager.follow(as_manager.post(address))
    exports.work()
    made = as_manager.get(f"{begun.request.path}/file", outside=True)
    assert len(made.text.splitlines()) == MAX_DIRECT_LINES + 2


def test_of_many_reasons_themes_count_the_newest_and_open_exactly_those(acme: World) -> None:
    survey, _people = with_answers(acme, {10: 3, 3: 2})
    with acme.session() as session:
        found = reasons.reasons(session, SurveyRecipient.survey_id == survey.id, most=3)
        theme = found.themes[0]
        which = reasons.who_mentions(session, SurveyRecipient.survey_id == survey.id, theme.key, most=3)
        opened = session.scalars(select(SurveyRecipient.id).where(which)).all()
    assert (theme.label, len(theme.places), found.total, found.leaves_some_out) == ("support", 3, 5, True)
    assert set(opened) == {row.id for row in found.rows}


def test_a_score_is_compared_with_the_same_question_to_the_same_people_only(
    acme: World, as_manager: Client
) -> None:
    with_answers(acme, {10: 15, 3: 15})
    other, _people = with_answers(acme, {10: 30}, question="Would you recommend our support?")
    narrower, _people = with_answers(acme, {10: 30}, audience=those_with("account.region", "NA"))
    same, _people = with_answers(acme, {10: 30})
    titles = [
        as_manager.get(f"/surveys/{one.id}").text.split("<h1>")[1].split("</h1>")[0]
        for one in (other, narrower, same)
    ]
    assert titles == ["NPS is +100", "NPS is +100", "NPS is +100, up 100"]


def test_a_survey_keeps_the_target_that_was_set_when_it_closed(acme: World, as_manager: Client) -> None:
    closed, _people = with_answers(acme, SCORES)
    as_manager.post(f"/surveys/{closed.id}/close")
    running, _people = with_answers(acme, SCORES, title="NPS, winter")
    set_policy(acme, NPS_TARGET, 70)
    pages = [as_manager.get(f"/surveys/{one.id}").text for one in (closed, running)]
    assert ["20 over target (+40)" in page for page in pages] == [True, False]
    assert "10 under target (+70)" in pages[1]
    lines = re.findall(r'class="gw-s-target" d="([^"]+)"', pages[1])
    assert lines[0].count("M") == 2  # each round has its own


def test_imported_scores_are_named_beside_ours_and_are_part_of_none(acme: World, as_manager: Client) -> None:
    with_answers(acme, {10: 2, 3: 1})
    acme.advocate(nps=0)
    page = as_manager.get("/surveys").text
    assert "NPS this quarter is +33, from 3 answers. That’s not enough to say more." in words_of(page)
    assert "Scores that came with your files: -100, from one person." in page
