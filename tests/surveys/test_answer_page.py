"""The page behind the link: a GET shows, one tap answers, and it may be another until the last day is over."""

import pytest

from portal import links
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.surveys import actions
from portal.surveys.models import RecipientState, Survey, SurveyKind
from tenants.clock import utc_now
from tenants.models import Membership
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.surveys.surveys import (
    CHOICES,
    QUESTION,
    address,
    ask_everybody,
    ask_of,
    launch,
    recipient,
    switch_on,
    tap,
)
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


@pytest.fixture
def asked(acme: World, as_advocate: Client, deliver: Jobs) -> tuple[Survey, Ask]:
    survey = launch(acme)
    ask_everybody(acme)
    deliver()
    return survey, ask_of(acme, survey, as_advocate.advocate)


def test_the_page_shows_eleven_numbers_who_reads_it_and_a_way_out(
    asked: tuple[Survey, Ask], client: Client
) -> None:
    page = client.get(address(asked[1]), outside=True)
    assert page.status_code == 200
    assert page.text.count('name="answer"') == 11
    for words in (
        QUESTION,
        "Dana Okafor’s team, with your name",
        "Everyone at Acme, without it",
        "No one uses it to choose reviewers",
        "Not now",
        "Stop surveys",
        "You can answer until",
    ):
        assert words in page.text


def test_the_way_out_is_that_of_the_present_address(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, client: Client
) -> None:
    """A link that went to an earlier one changes no preferences."""
    ada = as_advocate.advocate
    with acme.session() as session:
        session.get_one(Advocate, (acme.id, ada.id)).link_version = 2
    token = links.token(links.LinkPurpose.PREFERENCES, acme.id, ada.id, 2)
    assert f'href="/u/{token}">Stop surveys' in client.get(address(asked[1]), outside=True).text
    page = client.get(f"/u/{token}", outside=True)
    assert (page.status_code, "no longer in use" in page.text) == (200, False)


def test_once_the_asker_has_left_the_company_its_team_is_named(
    acme: World, asked: tuple[Survey, Ask], client: Client
) -> None:
    survey, ask = asked
    with acme.session() as session:
        session.get_one(Membership, (ask.tenant_id, survey.launched_by_id)).ended_at = utc_now()
    page = client.get(address(ask), outside=True).text
    assert ("Dana Okafor" in page, "The Acme team, with your name" in page) == (False, True)
    tap(client, ask, 3)
    assert "Our team reads this with your name." in client.get(address(ask), outside=True).text


def test_looking_answers_nothing_and_one_tap_does(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, client: Client
) -> None:
    survey, ask = asked
    client.get(f"{address(ask)}?answer=0", outside=True)
    assert acme.reload(ask).state is AskState.SENT
    assert tap(client, ask, 8) == 303
    row = recipient(acme, survey, as_advocate.advocate)
    assert (acme.reload(ask).state, row.state, row.score) == (AskState.COMPLETED, RecipientState.ANSWERED, 8)
    page = client.get(address(ask), outside=True)
    assert (page.status_code, "You chose 8. What’s the main reason?" in page.text) == (200, True)
    assert 'value="8" type="submit" aria-pressed="true"' in page.text


def test_a_reason_is_added_kept_by_another_tap_and_changed_until_the_last_day(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, client: Client, travel: Travel
) -> None:
    survey, ask = asked
    tap(client, ask, 8)
    tap(client, ask, why="We close on day three.", may_quote="y")
    tap(client, ask, 3)
    row = recipient(acme, survey, as_advocate.advocate)
    assert (row.score, row.why, row.may_quote) == (3, "We close on day three.", True)
    assert row.changed_at is not None
    tap(client, ask, why="")
    row = recipient(acme, survey, as_advocate.advocate)
    assert (row.score, row.why, row.may_quote) == (3, "", False)
    travel(days=16)
    late = client.post(address(ask), {"answer": "10"}, outside=True)
    assert (late.status_code, recipient(acme, survey, as_advocate.advocate).score) == (409, 3)
    closed = client.get(address(ask), outside=True)
    assert 'name="answer"' not in closed.text


def test_not_now_is_one_tap_and_may_still_become_an_answer(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, client: Client
) -> None:
    survey, ask = asked
    page = client.get(f"{address(ask)}/not-now", outside=True).text
    assert "Suggest a colleague" not in page
    client.post(f"{address(ask)}/not-now", {"reason": "too_busy"}, outside=True)
    assert acme.reload(ask).state is AskState.DECLINED
    assert recipient(acme, survey, as_advocate.advocate).state is RecipientState.ASKED
    declined = client.get(address(ask), outside=True).text
    assert "You can change your answer until the end of" in declined  # not “until midnight of the day after”
    tap(client, ask, 9)
    assert acme.reload(ask).state is AskState.COMPLETED
    assert recipient(acme, survey, as_advocate.advocate).score == 9


@pytest.mark.parametrize("nonsense", ["11", "-1", "9.5", "ten", "", "٣", "999999999999"])
def test_what_is_no_answer_changes_nothing_and_says_so(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, client: Client, nonsense: str
) -> None:
    survey, ask = asked
    refused = client.post(address(ask), {"answer": nonsense}, outside=True)
    assert (refused.status_code, "Please tap one of the answers." in refused.text) == (422, True)
    assert acme.reload(ask).state is AskState.SENT
    tap(client, ask, 7)
    again = client.post(address(ask), {"answer": nonsense or "x"}, outside=True)
    assert (again.status_code, recipient(acme, survey, as_advocate.advocate).score) == (422, 7)


def test_too_long_a_reason_is_refused_and_kept_on_the_page(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, client: Client
) -> None:
    survey, ask = asked
    tap(client, ask, 7)
    long = "The import breaks. " * 200
    refused = client.post(address(ask), {"why": long}, outside=True)
    assert (refused.status_code, long.strip() in refused.text) == (422, True)
    assert recipient(acme, survey, as_advocate.advocate).why == ""


def test_after_closing_nothing_can_be_answered_and_the_page_says_so(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, client: Client, run_jobs: Jobs
) -> None:
    survey, ask = asked
    with acme.session() as session:
        actions.close(session, survey.id)
    assert "This survey has closed" in client.get(address(ask), outside=True).text
    late = client.post(address(ask), {"answer": "9", "why": "It saves days."}, outside=True)
    assert late.status_code == 409
    assert "This survey has closed, so nothing was changed." in late.text
    assert "It was too late to add what you wrote: “It saves days.”" in late.text
    run_jobs()
    assert "This survey has closed" in client.get(address(ask), outside=True).text
    assert recipient(acme, survey, as_advocate.advocate).score is None


def test_a_reason_written_while_the_survey_closes_is_shown_once_more(
    acme: World, asked: tuple[Survey, Ask], client: Client
) -> None:
    survey, ask = asked
    tap(client, ask, 9)
    with acme.session() as session:
        actions.close(session, survey.id)
    late = client.post(address(ask), {"why": "It saves days."}, outside=True)
    assert (late.status_code, "You chose 9." in late.text) == (409, True)
    assert "It was too late to add what you wrote: “It saves days.”" in late.text
    assert "too late" not in client.get(address(ask), outside=True).text


def test_a_choice_is_a_button_each_and_keeps_its_place(
    acme: World, as_advocate: Client, client: Client, run_jobs: Jobs
) -> None:
    survey = launch(acme, kind=SurveyKind.CHOICE, question="What helps most?", choices=CHOICES)
    run_jobs()
    ask = ask_of(acme, survey, as_advocate.advocate)
    assert client.get(address(ask), outside=True).text.count('name="answer"') == 3
    assert tap(client, ask, 1) == 303
    assert "You chose Imports." in client.get(address(ask), outside=True).text
    row = recipient(acme, survey, as_advocate.advocate)
    assert (row.choice, row.score) == (1, None)
    assert tap(client, ask, 3) == 422


def test_it_stands_in_the_list_on_the_timeline_and_among_what_help_led_to(
    acme: World, asked: tuple[Survey, Ask], as_advocate: Client, as_manager: Client, client: Client
) -> None:
    _survey, ask = asked
    mine = as_advocate.get("/my/asks").text
    assert (QUESTION in mine, "One tap is enough" in mine) == (True, True)
    tap(client, ask, 9)
    tap(client, ask, why="It just works.")
    person = as_manager.get(f"/advocates/{as_advocate.advocate.id}").text
    assert "Survey “NPS, autumn”: 9 of 10. “It just works.”" in person
    impact = as_advocate.get("/my/impact").text
    assert (QUESTION in impact, "1 person has answered so far." in impact) == (True, True)
    assert "0 favors" not in impact
