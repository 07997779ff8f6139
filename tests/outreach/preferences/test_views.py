"""Behind every email, without signing in: take back, pause, or hear nothing any more. A link never gives."""

import re
from datetime import timedelta

import pytest
from markupsafe import escape
from sqlalchemy import select

from portal.advocates.consent_texts import DEFAULT_TEXTS, add_default_texts
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.outbox import Envelope
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.outreach.recipients import (
    agree,
    consent_history,
    preferences_address,
    reader,
    suppressions_of,
    words_of,
)
from tests.time_zones import move_to_hour, today
from tests.world import World

WITHDRAWN = "Saved. We won’t ask you for what you withdrew."
UNCHANGED = "Nothing changed: your choices stay as they are."


@pytest.fixture
def ada(acme: World) -> Advocate:
    with acme.session() as session:
        add_default_texts(session)
    return reader(acme, ConsentPurpose.CALLS, ConsentPurpose.NEWS)


def may(page: str, act: str) -> bool:
    """Is there a form for this on the page?"""
    return re.search(rf'action="[^"]+/{act}"', page) is not None


def kept(world: World, *purposes: ConsentPurpose) -> dict[str, list[str]]:
    return {"consent_text_ids": [str(words_of(world)[purpose].id) for purpose in purposes]}


def test_what_loses_its_tick_ends_in_the_ledger_and_for_every_email(
    acme: World, ada: Advocate, client: Client
) -> None:
    page = client.get(preferences_address(ada), outside=True).text
    assert str(escape(words_of(acme)[ConsentPurpose.CALLS].text)) in page, "the exact words"
    done = client.post(preferences_address(ada), kept(acme, ConsentPurpose.NEWS), outside=True)
    assert WITHDRAWN in client.follow(done).text
    assert acme.reload(ada).consents == ["news"]
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "calls")}
    assert consent_history(acme, ada)[-1] == ("calls", False, "letter")


def test_who_saves_without_a_change_reads_that_nothing_was_different(
    acme: World, ada: Advocate, client: Client
) -> None:
    before = consent_history(acme, ada)
    done = client.post(
        preferences_address(ada), kept(acme, ConsentPurpose.CALLS, ConsentPurpose.NEWS), outside=True
    )
    shown = client.follow(done).text
    assert (UNCHANGED in shown, WITHDRAWN in shown) == (True, False)
    assert (consent_history(acme, ada), suppressions_of(acme, ada.email)) == (before, set())


def test_the_link_takes_back_and_gives_nothing(acme: World, ada: Advocate, client: Client) -> None:
    everything = kept(acme, *DEFAULT_TEXTS)
    client.post(preferences_address(ada), everything, outside=True)
    assert acme.reload(ada).consents == ["calls", "news"]
    assert (
        client.post(preferences_address(ada), {"consent_text_ids": ["nonsense"]}, outside=True).status_code
        == 422
    )


@pytest.mark.parametrize(("span", "days"), [("14", 14), ("30", 30), ("90", 90)])
def test_a_pause_lasts_as_long_as_chosen(
    acme: World, ada: Advocate, client: Client, span: str, days: int
) -> None:
    done = client.post(f"{preferences_address(ada)}/pause", {"span": span}, outside=True)
    assert may(client.follow(done).text, "return")
    paused = acme.reload(ada)
    assert (paused.state, paused.paused_until) == (AdvocateState.PAUSED, today(acme) + timedelta(days=days))
    assert client.post(f"{preferences_address(ada)}/pause", {"span": "14"}, outside=True).status_code == 409


def test_a_pause_until_a_day_needs_a_day_that_is_to_come(acme: World, ada: Advocate, client: Client) -> None:
    address, day = f"{preferences_address(ada)}/pause", today(acme) + timedelta(days=40)
    for wrong in ("", "2020-01-01", "soon"):
        assert client.post(address, {"span": "day", "until": wrong}, outside=True).status_code == 422
    assert client.post(address, {"span": "", "until": ""}, outside=True).status_code == 422, "for ever"
    client.post(address, {"span": "day", "until": day.isoformat()}, outside=True)
    assert acme.reload(ada).paused_until == day


@pytest.mark.parametrize(("place", "hour"), [("Pacific/Auckland", 9), ("America/Los_Angeles", 20)])
def test_a_pause_of_two_weeks_begins_on_the_day_of_the_workspace(
    acme: World, ada: Advocate, client: Client, travel: Travel, place: str, hour: int
) -> None:
    here, address = move_to_hour(acme, travel, place, hour), f"{preferences_address(ada)}/pause"
    typed = {"span": "14", "until": here.isoformat()}
    assert client.post(address, typed, outside=True).status_code == 422, "today would be over at once"
    client.post(address, {"span": "14"}, outside=True)
    assert acme.reload(ada).paused_until == here + timedelta(days=14)


def test_a_day_that_was_typed_is_the_choice_whatever_is_ticked(
    acme: World, ada: Advocate, client: Client
) -> None:
    address, day = f"{preferences_address(ada)}/pause", today(acme) + timedelta(days=190)
    for wrong in ("2020-01-01", today(acme).isoformat(), "soon"):
        refused = client.post(address, {"span": "14", "until": wrong}, outside=True)
        assert refused.status_code == 422
        assert 'href="#until"' in refused.text, "the day is named as what is wrong"
    assert acme.reload(ada).state is AdvocateState.ENROLLED
    done = client.post(address, {"span": "14", "until": day.isoformat()}, outside=True)
    assert may(client.follow(done).text, "return")
    assert acme.reload(ada).paused_until == day


def test_who_is_on_a_pause_comes_back_with_one_press(acme: World, ada: Advocate, client: Client) -> None:
    page = preferences_address(ada)
    assert not may(client.get(page, outside=True).text, "return")
    client.post(f"{page}/pause", {"span": "90"}, outside=True)
    assert may(client.get(page, outside=True).text, "return")
    done = client.post(f"{page}/return", outside=True)
    assert may(client.follow(done).text, "pause")
    back = acme.reload(ada)
    assert (back.state, back.paused_until, back.consents) == (AdvocateState.ENROLLED, None, ["calls", "news"])
    again = client.post(f"{page}/return", outside=True)
    assert may(client.follow(again).text, "pause")
    with acme.session() as session:
        topics = list(session.scalars(select(Envelope.topic)))
    assert topics.count("AdvocateResumed") == 1, "by which what the pause held is free, once"


def test_nothing_any_more_means_nothing(acme: World, ada: Advocate, client: Client) -> None:
    done = client.post(f"{preferences_address(ada)}/silence", outside=True)
    assert not may(client.follow(done).text, "silence"), "there is nothing left to end"
    assert acme.reload(ada).consents == []
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "")}
    client.post(f"{preferences_address(ada)}/silence", outside=True)
    assert [line for line in consent_history(acme, ada) if not line[1]] == [
        ("calls", False, "letter"),
        ("news", False, "letter"),
    ]
    with acme.session() as session:
        topics = list(session.scalars(select(Envelope.topic)))
    assert topics.count("ConsentWithdrawn") == 1


@pytest.mark.parametrize("is_away", [False, True])
def test_who_agreed_to_nothing_is_offered_no_pause(
    acme: World, ada: Advocate, client: Client, is_away: bool
) -> None:
    page = preferences_address(ada)
    assert may(client.get(page, outside=True).text, "pause")
    if is_away:
        client.post(f"{page}/pause", {"span": "14"}, outside=True)
    shown = client.follow(client.post(f"{page}/silence", outside=True)).text
    assert "/sign-in" in shown, "to agree again"
    assert not [act for act in ("pause", "return") if may(shown, act)]


def test_who_agrees_again_on_the_own_page_gets_emails_again(
    acme: World, ada: Advocate, client: Client, run_jobs: Jobs
) -> None:
    client.post(f"{preferences_address(ada)}/silence", outside=True)
    agree(acme, ada, ConsentPurpose.CALLS)
    run_jobs()
    assert suppressions_of(acme, ada.email) == set()
    assert acme.reload(ada).consents == ["calls"]


def test_who_was_only_invited_says_no(acme: World, ada: Advocate, client: Client) -> None:
    bo = acme.advocate(state=AdvocateState.INVITED, enrolled_at=None, consents=[])
    page = client.get(preferences_address(bo), outside=True).text
    assert may(page, "silence")
    client.post(f"{preferences_address(bo)}/silence", outside=True)
    assert acme.reload(bo).state is AdvocateState.REFUSED
    assert suppressions_of(acme, bo.email) == {("unsubscribed", "")}


def test_an_old_link_still_takes_back(acme: World, ada: Advocate, client: Client) -> None:
    with acme.session() as session:
        session.get_one(type(ada), (ada.tenant_id, ada.id)).link_version = 9
    for version in (1, 3):
        address = preferences_address(ada, version)
        assert 'name="consent_text_ids"' in client.get(address, outside=True).text
        client.post(address, kept(acme, *([ConsentPurpose.NEWS] if version == 1 else [])), outside=True)
    assert acme.reload(ada).consents == []


def test_a_scanner_that_opens_the_link_changes_nothing(acme: World, ada: Advocate, client: Client) -> None:
    before = acme.reload(ada).version
    for method in ("GET", "HEAD") * 3:
        assert client.open(preferences_address(ada), method=method).status_code == 200
    assert acme.reload(ada).version == before
    assert suppressions_of(acme, ada.email) == set()
