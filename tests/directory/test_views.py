"""The directory as a manager sees it: who is there, who can be asked, who waits."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.accounts.models import Health
from portal.advocates import queries
from portal.advocates.consent_texts import add_default_texts
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose, Provenance
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.outreach.recipients import email_to, preferences_address, reader, unsubscribe_address, words_of
from tests.present import present
from tests.time_zones import move_to_hour
from tests.world import World


def names(page: TestResponse) -> list[str]:
    return [name for name in ("Ada", "Bo", "Cleo", "Dan", "Eve") if f">{name} " in page.text]


def person(world: World, first: str, **facts: Any) -> Advocate:
    return world.advocate(
        first_name=first, last_name=f"{first}son", email=f"{first}@{world.slug}.example".lower(), **facts
    )


def test_the_directory_says_who_joined_and_who_can_be_asked(as_manager: Client, acme: World) -> None:
    today = utc_now().date()
    person(acme, "Ada", limit_minutes=60)
    person(acme, "Bo", account=acme.account(renewal_on=today + timedelta(days=9)))
    person(acme, "Cleo", account=acme.account(health=Health.RED))
    person(acme, "Dan", available_from=today + timedelta(days=20))
    person(acme, "Eve", state=AdvocateState.CANDIDATE, enrolled_at=None)
    page = as_manager.get("/advocates")
    assert names(page) == ["Ada", "Bo", "Cleo", "Dan"]
    for words in (
        "Own limit: 60 min",
        "Renewal on",
        "Account health is red",
        "4 people have joined. 1 is free this week.",
    ):
        assert words in page.text
    assert names(as_manager.get("/advocates?view=free")) == ["Ada"]
    assert names(as_manager.get("/advocates?view=candidates")) == ["Eve"]


def test_a_search_finds_any_part_of_names_and_companies(as_manager: Client, acme: World) -> None:
    person(acme, "Ada", account=acme.account("Nordlicht Versicherung"))
    person(acme, "Bo")
    assert names(as_manager.get("/advocates?q=versich")) == ["Ada"]
    assert names(as_manager.get("/advocates?q=boson bo")) == ["Bo"]
    assert "No one matches these filters" in as_manager.get("/advocates?q=sicherheit").text


def test_filters_narrow_and_come_off_again(as_manager: Client, acme: World) -> None:
    person(acme, "Ada", products=["Ledger Pro"], account=acme.account(region="EMEA"))
    person(acme, "Bo", products=["Pay"], consents=["news"])
    assert names(as_manager.get("/advocates?product=Pay")) == ["Bo"]
    assert names(as_manager.get("/advocates?region=EMEA&agreed=calls")) == ["Ada"]
    assert "Product: Pay" in as_manager.get("/advocates?product=Pay").text


def test_a_long_pool_is_read_page_by_page(as_manager: Client, acme: World) -> None:
    company = acme.account()
    for number in range(30):
        acme.advocate(last_name=f"Person{number:02}", account=company)
    first = as_manager.get("/advocates")
    assert "Person24" in first.text
    assert "Person25" not in first.text
    after = first.text.partition("after=")[2].partition('"')[0]
    second = as_manager.get(f"/advocates?after={after}")
    assert "Person25" in second.text
    assert "Person24" not in second.text


def test_a_formula_in_a_name_is_text_on_the_page_and_defused_in_the_file(
    as_manager: Client, acme: World
) -> None:
    acme.advocate(first_name="=cmd()", last_name="<script>", title="+1")
    page, file = as_manager.get("/advocates"), as_manager.get("/advocates/export")
    assert "=cmd() &lt;script&gt;" in page.text
    assert file.mimetype == "text/csv"
    line = file.text.splitlines()[1]
    assert line.startswith("'=cmd() <script>,")
    assert ",'+1," in line


def test_one_person_is_shown_with_budget_consents_and_what_happened(as_manager: Client, acme: World) -> None:
    ada = person(acme, "Ada", available_from=utc_now().date() + timedelta(days=5))
    page = as_manager.get(f"/advocates/{ada.id}")
    assert page.status_code == 200
    for words in ("Ada Adason", "0 of 120", "Free for a call again on", "Company, 90 days"):
        assert words in page.text


def test_what_somebody_agreed_to_took_back_and_unsubscribed_from_stands_in_what_happened(
    as_manager: Client, acme: World, client: Client, travel: Travel
) -> None:
    with acme.session() as session:
        add_default_texts(session)
    ada, news = (
        reader(acme, ConsentPurpose.CALLS, ConsentPurpose.NEWS, ConsentPurpose.NAME),
        words_of(acme)[ConsentPurpose.NEWS],
    )
    travel(hours=1)
    client.post(unsubscribe_address(email_to(acme, ada, "calls")), outside=True)
    travel(hours=1)
    client.post(preferences_address(ada), {"consent_text_ids": [str(news.id)]}, outside=True)
    travel(hours=1)
    client.post(f"{preferences_address(ada)}/silence", outside=True)
    page = unescape(as_manager.get(f"/advocates/{ada.id}").text)
    told = [
        "Unsubscribed from all emails, on the preferences page",
        "Consent withdrawn from an email: news",
        "Unsubscribed from emails about name in writing, on the preferences page",
        "Consent withdrawn from an email: name in writing",
        "Unsubscribed from emails about calls, from a link in an email",
        "Consent withdrawn from an email: calls",
        "Consent given on their own page: calls, news, name in writing",
    ]
    assert re.findall(r"(?:Unsubscribed from|Consent given|Consent withdrawn)[^<]*", page)[-7:] == told


def test_two_managers_at_once_one_wins_and_the_other_is_told(as_manager: Client, acme: World) -> None:
    ada = person(acme, "Ada")
    answers = [
        as_manager.post(
            f"/advocates/{ada.id}/pause", {"version": ada.version, "reason": "Asked by phone"}
        ).status_code
        for _ in range(2)
    ]
    assert answers == [303, 409]
    assert acme.reload(ada).state is AdvocateState.PAUSED


def test_an_act_that_hurts_asks_for_a_reason(as_manager: Client, acme: World) -> None:
    ada = person(acme, "Ada")
    answer = as_manager.post(f"/advocates/{ada.id}/departure", {"version": ada.version})
    assert answer.status_code == 422
    assert "Please give a short reason" in answer.text
    assert acme.reload(ada).state is AdvocateState.ENROLLED


def test_a_manager_pauses_ends_the_pause_and_lets_somebody_go(as_manager: Client, acme: World) -> None:
    ada = person(acme, "Ada")
    until = (utc_now() + timedelta(days=20)).date().isoformat()
    for act, data in (("pause", {"until": until}), ("resumption", {}), ("departure", {})):
        given = {"version": acme.reload(ada).version, "reason": "Said so"} | data
        assert as_manager.post(f"/advocates/{ada.id}/{act}", given).status_code == 303
    page = as_manager.get(f"/advocates/{ada.id}")
    for words in ("Paused, until", "Resumed", "Left the program", "Said so"):
        assert words in page.text


@pytest.mark.parametrize(("place", "hour"), [("Pacific/Auckland", 9), ("America/Los_Angeles", 20)])
def test_a_manager_pauses_somebody_by_the_days_of_the_workspace(
    acme: World, travel: Travel, place: str, hour: int
) -> None:
    ada, here = person(acme, "Ada"), move_to_hour(acme, travel, place, hour)
    manager, given = acme.signed_in(Role.MANAGER), {"version": ada.version, "reason": "Said so"}
    tomorrow = here + timedelta(days=1)
    for until, status in ((here, 422), (tomorrow, 303)):
        asked = given | {"until": until.isoformat()}
        assert manager.post(f"/advocates/{ada.id}/pause", asked).status_code == status
    assert acme.reload(ada).paused_until == tomorrow


def test_whom_to_invite_is_named_before_an_email_goes(
    as_manager: Client, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    bo = person(acme, "Bo", state=AdvocateState.CANDIDATE, enrolled_at=None)
    twice = person(acme, "Cleo", state=AdvocateState.INVITED, enrolled_at=None, invitation_count=2)
    picked = {"picked": [str(bo.id), str(twice.id)]}
    preview = as_manager.post("/lists/advocates/acts/invite", picked)
    asked = as_manager.follow(preview)
    assert "Send 1 invitation?" in asked.text
    assert "Invited twice already" in asked.text
    sent = as_manager.post(f"{preview.location}/start", outside=True)
    run_jobs()
    assert "1 invitation is on its way" in as_manager.follow(sent).text
    assert acme.reload(bo).state is AdvocateState.INVITED
    assert [email.recipient for email in mailbox.all()] == [bo.email]


def test_somebody_typed_in_is_invited_and_known_addresses_are_not_added_twice(
    as_manager: Client, acme: World
) -> None:
    typed = {"name": "Grace Hopper", "email": f"grace@{acme.slug}.example", "company": "Harbour"}
    assert as_manager.post("/advocates/invitations/person", typed).status_code == 303
    assert as_manager.post("/advocates/invitations/person", typed).status_code == 409
    with acme.session() as session:
        grace = present(queries.by_address(session, typed["email"]))
        assert (grace.state, grace.provenance, grace.invitation_count) == (
            AdvocateState.INVITED,
            Provenance.INVITED,
            1,
        )


def test_a_waiting_person_is_let_in_with_what_they_said(as_manager: Client, acme: World) -> None:
    with acme.session() as session:
        add_default_texts(session)
    bo = person(
        acme, "Bo", state=AdvocateState.PENDING, enrolled_at=None, account_id=None, company="Harbour Ltd"
    )
    page = as_manager.get("/advocates?view=waiting")
    assert names(page) == ["Bo"]
    done = as_manager.post(f"/advocates/{bo.id}/approval", {"version": bo.version})
    assert done.status_code == 303
    with acme.session() as session:
        after = queries.get(session, bo.id)
        assert (after.state, present(after.account).name) == (AdvocateState.INVITED, "Harbour Ltd")
