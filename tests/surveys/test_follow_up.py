"""Whoever was unhappy waits for a call, with the owner of the account, else with the managers, until it is done."""

import re

import pytest

from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.surveys.surveys import (
    answered,
    ask_of,
    launch,
    recipient,
    recipients,
    switch_on,
    tap,
)
from tests.world import World

ANSWERS = re.compile(r"/surveys/answers/([0-9a-f-]+)")


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


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


def test_everybody_who_waits_for_a_call_is_reached_page_by_page_who_pays_most_first(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    lee = acme.signed_in(Role.OWNER)
    people = [acme.advocate(account=acme.account("Corvid", owner_id=lee.member.id, arr_cents=5_000_000))]
    people += [acme.advocate(account=acme.account(owner_id=lee.member.id, arr_cents=100)) for _ in range(28)]
    people.append(acme.advocate())
    survey = launch(acme)
    run_jobs()
    answered(acme, survey, dict.fromkeys(people, 3))
    rows = recipients(acme, survey)
    corvid, alone = (str(rows[person.id].id) for person in (people[0], people[-1]))
    for client, first, total in ((as_manager, [alone, corvid], 30), (lee, [corvid], 29)):
        page = client.get("/surveys/to-call")
        assert f"{total} unhappy customers to call" in page.text
        ids = ANSWERS.findall(page.text)
        while following := re.search(r'rel="next" href="([^"]+)"', page.text):
            page = client.get(following[1].replace("&amp;", "&"), outside=True)
            ids += ANSWERS.findall(page.text)
        found = list(dict.fromkeys(ids))
        assert (len(found), found[: len(first)]) == (total, first)


def test_switched_off_whoever_was_unhappy_stays_until_somebody_calls(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    lee = acme.signed_in(Role.OWNER)
    people = {"Corvid": acme.advocate(account=acme.account("Corvid", owner_id=lee.member.id))}
    people["Stellan Bygg"] = acme.advocate(account=acme.account("Stellan Bygg"))
    survey = launch(acme)
    run_jobs()
    answered(acme, survey, dict.fromkeys(people.values(), 3))
    switch_on(acme, on=False)
    for client, company in ((lee, "Corvid"), (as_manager, "Stellan Bygg")):
        assert f"{company} gave 3" in client.get("/").text
        page = f"/surveys/answers/{recipient(acme, survey, people[company]).id}"
        client.post(f"{page}/follow-up", {"note": "Called."})
        assert f"{company} gave 3" not in client.get("/").text
    assert ">Surveys<" not in as_manager.get("/").text


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
