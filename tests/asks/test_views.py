"""An advocate's own list."""

import re
from typing import Any

from portal.advocates.models import Advocate
from portal.asks import actions, queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import Ask, AskKind
from tenants.models import Role
from tests.client import Client
from tests.world import World


def ask(world: World, advocate: Advocate, kind: AskKind = AskKind.CALL, **facts: Any) -> Ask:
    request = world.request(kind=kind, **facts)
    with world.session() as session:
        made = actions.propose(
            session, kind, advocate, request, request.needed_by, why="You know the move well."
        )
        actions.send(session, made, world.member(Role.MANAGER, name="Dana Okafor"), "Ada offered it")
    return made


def test_the_list_says_who_asks_what_and_why_and_leads_to_the_answer(
    acme: World, as_advocate: Client, client: Client
) -> None:
    ask(acme, as_advocate.advocate)
    page = as_advocate.get("/my/asks")
    for words in (
        "1 request is waiting for you",
        "Could you talk to Initech for 20 minutes?",
        "You know the move well.",
    ):
        assert words in page.text, words
    no, yes = re.findall(r'href="(/a/[^"]+)"', page.text)
    assert no == f"{yes}/not-now"
    assert client.get(yes, outside=True).status_code == 200


def test_what_is_over_stands_below_what_waits(acme: World, as_advocate: Client) -> None:
    made = ask(acme, as_advocate.advocate)
    with acme.session() as session:
        actions.decline(session, queries.get_and_lock_ask(session, made.id), DeclineReason.NOT_NOW)
    page = as_advocate.get("/my/asks")
    assert "You’re all caught up" in page.text
    assert "You said not now" in page.text


def test_asks_of_others_are_not_shown_and_an_empty_list_says_what_will_come(
    acme: World, as_advocate: Client
) -> None:
    ask(acme, acme.advocate(), prospect="Hooli")
    page = as_advocate.get("/my/asks")
    assert "Hooli" not in page.text
    assert "No requests yet" in page.text


def test_staff_have_no_list_of_asks_of_their_own(as_manager: Client) -> None:
    assert as_manager.get("/my/asks").status_code == 403
