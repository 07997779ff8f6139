"""The advocate's own page: consents with the exact words, limits, a pause, leaving."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from jobs.advocates import run_hourly
from portal import links
from portal.advocates import consent_chain, consent_verification, queries
from portal.advocates.consent_texts import add_default_texts, add_version
from portal.advocates.models import AdvocateState, ConsentPurpose, ConsentSource, ConsentText
from portal.links import LinkPurpose as Link
from tests.client import Client
from tests.fixture_types import Travel
from tests.time_zones import move_to_hour, today
from tests.world import World


@pytest.fixture
def me(acme: World) -> Client:
    """A signed-in advocate who agreed to calls on the join page."""
    client = acme.signed_in_advocate(consents=[], accepted_ask_kinds=["call"])
    with acme.session() as session:
        add_default_texts(session)
        words = session.scalars(select(ConsentText).where(ConsentText.purpose == ConsentPurpose.CALLS)).one()
        consent_chain.give(
            session, queries.get(session, client.advocate.id), words, ConsentSource.JOIN, "203.0.113.7"
        )
    return client


def words(world: World) -> dict[ConsentPurpose, str]:
    with world.session() as session:
        return {each.purpose: str(each.id) for each in session.scalars(select(ConsentText))}


def test_consents_stand_there_with_the_words_and_the_day(me: Client, acme: World) -> None:
    page = me.get("/my/me")
    assert "thinking of buying its products" in page.text
    assert "on the join page" in page.text
    assert page.text.count("checked") == 1 + 1, "calls, and the span of a pause"


def test_what_is_ticked_holds_and_what_is_not_is_taken_back(me: Client, acme: World) -> None:
    known = words(acme)
    me.post(
        "/my/me/consents", {"consent_text_ids": [known[ConsentPurpose.NAME], known[ConsentPurpose.EVENTS]]}
    )
    after = acme.reload(me.advocate)
    assert after.consents == ["events", "name"]
    with acme.session() as session:
        lines = queries.consent_entries(session, after)
        said = [(entry.purpose.value, entry.granted, entry.source.value) for entry, _ in lines]
        chain = consent_verification.verify(
            [entry for entry, _ in lines], {shown.id: shown for _, shown in lines}
        )
    assert said[0] == ("calls", True, "join")
    assert set(said[1:]) == {
        ("calls", False, "own_page"),
        ("name", True, "own_page"),
        ("events", True, "own_page"),
    }
    assert chain


def test_new_words_do_not_change_what_was_agreed_to(me: Client, acme: World) -> None:
    with acme.session() as session:
        add_version(session, ConsentPurpose.CALLS, "Calls", "We may call you at night.")
    page = me.get("/my/me")
    assert "at night" not in page.text
    me.post("/my/me/consents", {"consent_text_ids": [words(acme)[ConsentPurpose.CALLS], *_shown(page)]})
    assert "calls" in acme.reload(me.advocate).consents


def _shown(page: TestResponse) -> list[str]:
    return [part.partition('"')[0] for part in page.text.split('name="consent_text_ids" value="')[1:]]


def test_own_limits_and_topics_are_kept(me: Client, acme: World) -> None:
    shown = me.get("/my/me/preferences")
    assert 'value="Ledger Pro" checked' in shown.text
    given = {
        "accepted_ask_kinds": ["quote"],
        "limit_minutes": "20",
        "products": ["Ledger Pro"],
        "time_zone": "Asia/Tokyo",
    }
    assert me.post("/my/me/preferences", given).status_code == 303
    after = acme.reload(me.advocate)
    assert (after.accepted_ask_kinds, after.limit_minutes, after.time_zone) == (["quote"], 20, "Asia/Tokyo")
    assert me.post("/my/me/preferences", given | {"time_zone": "Mars/Olympus"}).status_code == 422


def test_a_pause_ends_by_hand_or_by_itself(me: Client, acme: World) -> None:
    day = today(acme) + timedelta(days=30)
    me.post("/my/me/pause", {"span": "30"})
    paused = acme.reload(me.advocate)
    assert (paused.state, paused.paused_until) == (AdvocateState.PAUSED, day)
    assert "You’re paused" in me.get("/my/me").text
    me.post("/my/me/resumption")
    assert acme.reload(me.advocate).state is AdvocateState.ENROLLED
    assert me.post("/my/me/pause", {"span": "day", "until": ""}).status_code == 422


@pytest.mark.parametrize(("place", "hour"), [("Pacific/Auckland", 9), ("America/Los_Angeles", 20)])
@pytest.mark.parametrize("page", ["my/me", "email"])
def test_whoever_pauses_until_tomorrow_means_the_day_after_the_workspaces_today(
    me: Client, acme: World, client: Client, travel: Travel, place: str, hour: int, page: str
) -> None:
    """The day has begun in Auckland while it is yesterday in London, and goes on in Los Angeles when it is tomorrow."""
    here = move_to_hour(acme, travel, place, hour)
    address = f"{preferences(me)}/pause" if page == "email" else "/my/me/pause"

    def pause(until: date) -> TestResponse:
        given = {"span": "day", "until": until.isoformat()}
        return (client if page == "email" else me).post(address, given, outside=page == "email")

    assert pause(here).status_code == 422, "today would be over at once"
    assert pause(here + timedelta(days=1)).status_code == 303
    hourly(acme)
    assert acme.reload(me.advocate).state is AdvocateState.PAUSED
    travel(days=1)
    hourly(acme)
    assert acme.reload(me.advocate).state is AdvocateState.ENROLLED


def test_leaving_says_what_it_means_and_then_does_it(me: Client, acme: World) -> None:
    assert "We won’t ask you for anything again" in me.get("/my/me/leaving").text
    gone = me.post("/my/me/leaving")
    assert gone.location.endswith(f"/join/{acme.slug}")
    assert acme.reload(me.advocate).state is AdvocateState.DEPARTED
    assert me.get("/my/me").status_code == 404, "the own pages are closed"


def test_all_that_is_kept_is_shown_in_plain_words(me: Client) -> None:
    page = me.get("/my/me/data")
    assert "1 entry in your consent history" in page.text
    assert me.advocate.email in page.text


def preferences(me: Client) -> str:
    return f"/u/{links.token(Link.PREFERENCES, me.advocate.tenant_id, me.advocate.id)}"


def test_behind_an_email_one_takes_back_without_signing_in_but_gives_nothing(
    me: Client, acme: World, client: Client
) -> None:
    page = client.get(preferences(me), outside=True)
    assert "Reference calls" in page.text
    assert "My name in writing" not in page.text
    client.post(preferences(me), {"consent_text_ids": [words(acme)[ConsentPurpose.NAME]]}, outside=True)
    assert acme.reload(me.advocate).consents == []


def test_behind_an_email_one_pauses_and_asks_for_silence(me: Client, acme: World, client: Client) -> None:
    assert client.post(f"{preferences(me)}/pause", {"span": "90"}, outside=True).status_code == 303
    assert acme.reload(me.advocate).state is AdvocateState.PAUSED
    done = client.post(f"{preferences(me)}/silence", outside=True)
    assert "You’re unsubscribed" in client.follow(done).text
    assert acme.reload(me.advocate).consents == []


def test_silence_from_an_invited_person_is_a_no(acme: World, client: Client) -> None:
    bo = acme.advocate(state=AdvocateState.INVITED, enrolled_at=None, consents=[])
    link = f"/u/{links.token(Link.PREFERENCES, bo.tenant_id, bo.id)}"
    client.post(f"{link}/silence", outside=True)
    assert acme.reload(bo).state is AdvocateState.REFUSED


def test_a_pause_is_over_on_its_day_without_anybody_doing_anything(
    me: Client, acme: World, travel: Travel
) -> None:
    me.post("/my/me/pause", {"span": "30"})
    travel(days=29)
    hourly(acme)
    assert acme.reload(me.advocate).state is AdvocateState.PAUSED
    travel(days=1)
    hourly(acme)
    assert acme.reload(me.advocate).state is AdvocateState.ENROLLED


def hourly(world: World) -> None:
    with world.session() as session:
        run_hourly(session)
