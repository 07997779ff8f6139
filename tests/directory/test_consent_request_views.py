"""A manager sees who agreed to what, who may be asked and who not and why, and asks all or one."""

import re

import pytest
from werkzeug.test import TestResponse

from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.outreach.consent_requests.people import (
    CONSENTS,
    EVENTS,
    FEEDBACK,
    asks,
    asks_everybody,
    emails,
    new_words,
    requests,
    says_yes,
)
from tests.outreach.recipients import reader, words_of
from tests.world import World

CALLS = ConsentPurpose.CALLS


@pytest.fixture
def people(acme: World) -> list[Advocate]:
    """Ada and Bo may be asked for surveys; Cem has agreed; Dee is on a break; Eva agreed to nothing."""
    return [
        reader(acme, CALLS, first_name="Ada"),
        reader(acme, CALLS, first_name="Bo"),
        reader(acme, CALLS, FEEDBACK, first_name="Cem"),
        reader(acme, CALLS, first_name="Dee", state=AdvocateState.PAUSED, paused_at=utc_now()),
        reader(acme, first_name="Eva"),
    ]


def counted(page: TestResponse) -> dict[str, int]:
    """Reason to number, as the page of one purpose lists them."""
    lines = re.findall(r"<li><b>(\d+)</b><span>(.*?)</span>", page.text)
    return {words: int(number) for number, words in lines}


def listed(page: TestResponse) -> list[str]:
    return sorted(re.findall(r">(\w+) Lindqvist\d+</a>", page.text))


def test_every_purpose_is_counted_for_everybody_in_the_program(
    acme: World, as_manager: Client, people: list[Advocate]
) -> None:
    page = as_manager.get(CONSENTS).text
    assert "5 people are in the program." in page
    for text in words_of(acme).values():
        assert text.title in page
    (row,) = re.findall(r"Surveys and research</a>.*?</tr>", page, re.DOTALL)
    assert [int(number) for number in re.findall(r">\s*(\d+)<", row)] == [1, 2, 2]
    assert 'href="{}"'.format(f"/{acme.slug}/advocates/consents") in as_manager.get("/advocates").text


def test_of_one_purpose_it_says_who_is_left_out_and_why(as_manager: Client, people: list[Advocate]) -> None:
    page = as_manager.get(f"{CONSENTS}/feedback")
    assert counted(page) == {
        "agreed": 1,
        "may be asked": 2,
        "taking a break": 1,
        "agreed to nothing, so there’s no consent an email could rely on": 1,
    }
    assert listed(page) == ["Ada", "Bo"]
    assert listed(as_manager.get(f"{CONSENTS}/feedback?reason=paused")) == ["Dee"]
    assert as_manager.get(f"{CONSENTS}/nonsense").status_code == 404
    assert as_manager.get(f"{CONSENTS}/feedback?reason=nonsense").status_code == 200
    assert as_manager.get(f"{CONSENTS}/feedback?after=nonsense").status_code == 404


def test_she_asks_all_who_may_be_asked_and_sees_what_came_of_it(
    acme: World, as_manager: Client, people: list[Advocate], client: Client
) -> None:
    assert "Ask 2 people…" in as_manager.get(f"{CONSENTS}/feedback").text
    told = as_manager.follow(asks_everybody(as_manager, acme))
    assert "2 people are asked. Their emails leave in their office hours." in told.text
    assert counted(told)["asked for a consent within a year"] == 2
    assert {request.advocate_id for request in requests(acme)} == {people[0].id, people[1].id}
    again = as_manager.follow(asks_everybody(as_manager, acme, EVENTS)).text
    assert "1 person is asked" in again, "Cem, who was not asked so far"
    says_yes(client, acme, requests(acme)[0])
    page = as_manager.get(f"{CONSENTS}/feedback").text
    assert "Asked in the last 12 months: 2. Agreed: 1. Said no: 0. No answer so far: 1." in page
    nobody = as_manager.follow(asks_everybody(as_manager, acme)).text
    assert "Nobody was asked" in nobody
    assert len(emails(acme)) == 3


def test_words_that_changed_while_the_page_was_open_are_asked_of_nobody(
    acme: World, as_manager: Client, people: list[Advocate]
) -> None:
    shown = words_of(acme)[FEEDBACK]
    new_words(acme)
    answer = as_manager.post(f"{CONSENTS}/feedback", {"text_id": shown.id})
    assert (answer.status_code, "Nobody was asked" in answer.text) == (409, True)
    assert as_manager.post(f"{CONSENTS}/feedback").status_code == 409
    assert requests(acme) == []


def test_one_person_is_asked_from_their_page(acme: World, as_manager: Client, people: list[Advocate]) -> None:
    ada = people[0]
    assert f"/advocates/{ada.id}/consent-request" in as_manager.get(f"/advocates/{ada.id}").text
    page = f"/advocates/{ada.id}/consent-request"
    assert words_of(acme)[FEEDBACK].text in as_manager.get(page).text
    assert "Please choose one." in as_manager.post(page, {}).text
    for wrong in ({}, {"purpose": "nonsense"}):
        assert as_manager.post(page, wrong).status_code == 422
    told = as_manager.follow(as_manager.post(page, {"purpose": "feedback"})).text
    assert f"{ada.name} is asked by email." in told
    assert [(one.advocate_id, one.by_id) for one in requests(acme)] == [(ada.id, as_manager.member.id)]
    assert as_manager.post(page, {"purpose": "events"}).status_code == 409
    assert "Once a year is the most" in as_manager.get(page).text


def test_who_cannot_be_asked_stands_there_with_the_reason(
    acme: World, as_manager: Client, people: list[Advocate]
) -> None:
    dee, eva = people[3], people[4]
    assert "They’re taking a break." in as_manager.get(f"/advocates/{dee.id}/consent-request").text
    assert "They’ve agreed to nothing" in as_manager.get(f"/advocates/{eva.id}/consent-request").text
    everything = reader(acme, *ConsentPurpose)
    assert (
        "They’ve agreed to everything" in as_manager.get(f"/advocates/{everything.id}/consent-request").text
    )
    candidate = acme.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None)
    assert as_manager.get(f"/advocates/{candidate.id}/consent-request").status_code == 409
    assert "consent-request" not in as_manager.get(f"/advocates/{candidate.id}").text


def test_of_two_managers_the_second_is_told(acme: World, as_manager: Client, people: list[Advocate]) -> None:
    page = f"/advocates/{people[0].id}/consent-request"
    as_manager.get(page)
    asks(acme, people[0], acme.member(Role.MANAGER))
    assert as_manager.post(page, {"purpose": "feedback"}).status_code == 409
    assert len(emails(acme)) == 1


def test_reps_have_no_business_there(acme: World, as_rep: Client, people: list[Advocate]) -> None:
    for page in (CONSENTS, f"{CONSENTS}/feedback", f"/advocates/{people[0].id}/consent-request"):
        assert as_rep.get(page).status_code == 403


def test_a_long_list_goes_on_on_the_next_page(acme: World, as_manager: Client) -> None:
    for _ in range(27):
        reader(acme, CALLS)
    first = as_manager.get(f"{CONSENTS}/feedback").text
    (more,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = as_manager.get(more.replace("&amp;", "&"), outside=True).text
    names = re.compile(r"Ada Lindqvist\d+")
    assert (len({*names.findall(first)}), len({*names.findall(second)})) == (25, 2)
    assert not {*names.findall(first)} & {*names.findall(second)}
