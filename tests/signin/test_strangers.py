"""What the door tells people it does not know, and how many letters anybody can cause."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select

from portal.errors import Throttled
from portal.outbox import Envelope
from portal.signin.throttle import network, throttle
from portal.web.dispatch import Portal
from tenants.database import door, system_session
from tenants.models import Role, SignInRequest
from tests.client import Client
from tests.signin.letters import newest_request
from tests.world import World


def statements_of(act: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(door.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(door.engine, "before_cursor_execute", note)
    return seen


def test_an_unknown_address_costs_the_same_work_and_gets_the_same_answer(
    app: Portal, acme: World, stranger: Client
) -> None:
    rep, other = acme.member(Role.REP), Client(app)
    for client in (stranger, other):
        client.get("/sign-in", outside=True)
    known = statements_of(lambda: stranger.post("/sign-in", {"email": rep.email}, outside=True))
    unknown = statements_of(lambda: other.post("/sign-in", {"email": "nobody@nowhere.example"}, outside=True))
    assert [each.split()[:3] for each in known] == [each.split()[:3] for each in unknown]

    pages = [each.get("/check-your-mail", outside=True).text for each in (stranger, other)]
    assert pages[0].count("<p") == pages[1].count("<p")
    assert "nobody@nowhere.example is known here" in pages[1]


def test_an_unknown_address_gets_no_letter_and_cannot_come_in(acme: World, stranger: Client) -> None:
    stranger.post(f"/sign-in/{acme.slug}", {"email": "nobody@acme.example"}, outside=True)
    asked = newest_request("nobody@acme.example")
    assert asked.user_id is None
    assert stranger.post("/check-your-mail", {"code": "ABCDEFGH"}, outside=True).status_code == 303
    assert "/sign-in" in stranger.get("/workspaces", outside=True).location


def test_somebody_who_left_is_unknown(acme: World, stranger: Client) -> None:
    rep = acme.member(Role.REP)
    with acme.session() as session:
        session.merge(rep).ended_at = rep.joined_at
    stranger.post("/sign-in", {"email": rep.email}, outside=True)
    assert newest_request(rep.email).user_id is None


def test_what_is_no_address_is_said_beside_the_field(stranger: Client) -> None:
    refused = stranger.post("/sign-in", {"email": "ada"}, outside=True)
    assert refused.status_code == 422
    assert "ada@example.com" in refused.text


def test_a_workspace_that_is_not_there_has_no_door(stranger: Client) -> None:
    assert stranger.get("/sign-in/nobody-home", outside=True).status_code == 404


def test_the_fourth_letter_within_an_hour_is_refused(
    app: Portal, acme: World, travel: Callable[..., None]
) -> None:
    rep = acme.member(Role.REP)
    answers = [Client(app).post("/sign-in", {"email": rep.email}, outside=True) for _ in range(4)]
    assert [each.status_code for each in answers] == [303, 303, 303, 429]
    assert "Three letters" in answers[3].text

    travel(hours=1, minutes=1)
    assert Client(app).post("/sign-in", {"email": rep.email}, outside=True).status_code == 303


def test_the_twenty_first_letter_of_one_source_is_refused(acme: World, stranger: Client) -> None:
    answers = [
        stranger.post("/sign-in", {"email": f"guess{n}@acme.example"}, outside=True).status_code
        for n in range(21)
    ]
    assert answers == [303] * 20 + [429]


def test_join_letters_count_too(app: Portal) -> None:
    address = "eager@customer.example"
    for kind in ("join", "sign_in", "join"):
        with system_session() as session:
            throttle(session, address, "192.0.2.77", kind)
    with pytest.raises(Throttled), system_session() as session:
        throttle(session, address, "192.0.2.78", "join")


def test_ten_at_the_same_moment_cause_three_letters(app: Portal) -> None:
    def want(n: int) -> bool:
        try:
            with system_session() as session:
                throttle(session, "crowd@acme.example", f"198.51.100.{n}")
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(want, range(10))) == 3
    counted = select(func.count()).where(SignInRequest.email_norm == "crowd@acme.example")
    with system_session(read_only=True) as session:
        assert session.scalar(counted) == 3


def test_one_home_is_one_source_whatever_its_address() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:aaaa::9")
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") == "192.0.2.1"


def test_the_message_to_the_workers_holds_ids_only(acme: World, stranger: Client) -> None:
    rep = acme.member(Role.REP)
    stranger.post("/sign-in", {"email": rep.email}, outside=True)
    with acme.session() as session:
        envelope = session.scalars(select(Envelope).where(Envelope.topic == "SignInAsked")).one()
    assert envelope.queue == "sign_in"
    assert envelope.ids == {"request_id": str(newest_request(rep.email).id)}
