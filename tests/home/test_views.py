"""Each role comes home to what needs them."""

import re
from datetime import timedelta
from uuid import uuid4

from portal import history
from portal.accounts.models import Health
from portal.advocates.actions import Nomination, nominate
from portal.advocates.models import AdvocateState, Provenance
from portal.advocates.profile import ContactDetails
from portal.asks import actions as asks
from portal.asks.history_actions import AskAction
from portal.asks.models import Ask, AskKind, AskState
from portal.declarations.email_kinds import EmailClass
from portal.outreach.models import Email, EmailState, HoldReason
from portal.references.models import RequestState, WaitingFor
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Travel
from tests.references.calls import call_today
from tests.rules.query_counter import statements
from tests.world import World

LONG_AGO = timedelta(days=30)


def things(page: str) -> list[str]:
    """Where the lines of what needs attention lead, without the workspace."""
    (listed,) = re.findall(r'aria-label="Needs attention">(.*?)</section>', page, re.DOTALL)
    return [re.sub(r"^/[^/]+", "", href) for href in re.findall(r'<a class="gw-link" href="([^"?]+)', listed)]


def held_email(world: World) -> None:
    with world.session() as session:
        session.add(
            Email(
                kind="ask", email_class=EmailClass.PROGRAM, occasion=str(uuid4()), recipient="ada@x.example",
                recipient_norm="ada@x.example", state=EmailState.HELD,
                hold_reason=HoldReason.DELIVERY_UNKNOWN,
            )
        )  # fmt: skip


def test_a_new_workspace_says_where_to_start(as_manager: Client) -> None:
    assert "Start with your customers" in as_manager.get("/").text


def test_a_manager_sees_what_is_late_who_waits_and_what_is_stuck(as_manager: Client, acme: World) -> None:
    late = acme.request(prospect="Meridian Bank", state=RequestState.MATCHING, due_at=utc_now() - LONG_AGO)
    acme.request(prospect="Hooli", state=RequestState.MATCHING, due_at=utc_now() + LONG_AGO)
    noor = acme.member(Role.REP, name="Noor Haddad")
    rashid = acme.advocate(
        first_name="Rashid", last_name="Osei", state=AdvocateState.PENDING, enrolled_at=None,
        provenance=Provenance.NOMINATED, nominated_by_id=noor.id,
    )  # fmt: skip
    held_email(acme)
    page = as_manager.get("/").text
    assert things(page) == [f"/requests/{late.id}", f"/advocates/{rashid.id}", "/emails"]
    for name in ("Meridian Bank", "Noor Haddad", "Rashid Osei"):
        assert name in page
    assert page.count("btn-primary") == 1


def test_whoever_was_asked_past_the_budget_is_owed_a_rest(
    as_manager: Client, acme: World, travel: Travel
) -> None:
    ada = acme.advocate(first_name="Ada", last_name="Lindqvist")
    for reason in ("", "Ada offered it herself"):
        request = acme.request(
            requester=as_manager.member, due_at=utc_now() + LONG_AGO, state=RequestState.SCHEDULED
        )
        with acme.session() as session:
            ask = asks.propose(session, AskKind.CALL, ada, request, request.needed_by)
            asks.send(session, ask, as_manager.member, override_reason=reason)
    page = as_manager.get("/").text
    assert len(things(page)) == 1
    assert ("Ada Lindqvist" in page, "Ada offered it herself" in page) == (True, True)
    travel(days=80)
    assert "Ada offered it herself" not in as_manager.get("/").text


def test_a_new_request_needs_an_answer_before_it_is_late(as_manager: Client, acme: World) -> None:
    new = acme.request(prospect="Northwind", due_at=utc_now() + LONG_AGO)
    assert things(as_manager.get("/").text) == [f"/requests/{new.id}"]


def test_a_request_that_waits_for_its_rep_does_not_press(as_manager: Client, acme: World) -> None:
    acme.account()
    acme.request(due_at=utc_now() - LONG_AGO, waiting_since=utc_now(), waiting_for=WaitingFor.CONTACT_NEEDED)
    assert things(as_manager.get("/").text) == []


def test_more_than_the_list_holds_is_counted(as_manager: Client, acme: World) -> None:
    rep = acme.member(Role.REP)
    for _ in range(7):
        acme.request(requester=rep, state=RequestState.MATCHING, due_at=utc_now() - LONG_AGO)
        acme.advocate(state=AdvocateState.PENDING, enrolled_at=None, provenance=Provenance.SELF_JOINED)
    page = as_manager.get("/").text
    for words in ("14 things need your attention", "2 more requests", "2 more people to approve"):
        assert words in page
    listed = things(page)
    assert [sum(part in href for href in listed) for part in ("/requests/", "/advocates/")] == [5, 5]


def test_whoever_was_asked_past_the_limits_is_named_until_they_are_free_beside_whoever_would_join(
    as_manager: Client, acme: World
) -> None:
    acme.account()
    soon = utc_now().date() + timedelta(days=9)
    person, free = acme.advocate(available_from=soon), acme.advocate()
    joins = acme.advocate(
        state=AdvocateState.PENDING,
        enrolled_at=None,
        provenance=Provenance.SELF_JOINED,
        account=acme.account("Wabtec"),
    )
    with acme.session() as session:
        for each in (person, free):
            ask = Ask(
                kind=AskKind.CALL, minutes=20, state=AskState.SENT, due_on=soon, advocate_id=each.id,
                subject_type="reference_requests", subject_id=uuid4(), sent_at=utc_now(),
                override_reason="The board asked.", override_by_id=as_manager.member.id,
            )  # fmt: skip
            session.add(ask)
            session.flush()
            history.record(session, ask, AskAction.BUDGET_OVERRIDDEN, by=as_manager.member)
    page = as_manager.get("/").text
    assert sorted(things(page)) == sorted(f"/advocates/{each.id}" for each in (person, joins))
    for words in (f"{person.name} was asked more than the limit allows", "“The board asked.”", "Wabtec"):
        assert words in page


def test_todays_calls_stand_beside_what_needs_attention(as_manager: Client, acme: World) -> None:
    call_today(acme)
    call_today(acme, starts_at=utc_now() + timedelta(days=3))
    page = as_manager.get("/").text
    assert "Wabtec" in page
    assert "Meeting link missing" in page
    assert "Next: Initech" in page


def test_a_rep_sees_their_own_requests_what_waits_for_them_first(acme: World) -> None:
    noor = acme.member(Role.REP)
    acme.request(
        requester=noor,
        prospect="Initech",
        state=RequestState.MATCHING,
        waiting_since=utc_now(),
        waiting_for=WaitingFor.QUESTION,
        waiting_question="Which site?",
    )
    acme.request(requester=noor, prospect="Hooli", state=RequestState.MATCHING)
    acme.request(requester=noor, prospect="Umbra", state=RequestState.DELIVERED, delivered_at=utc_now())
    acme.request(prospect="Globex")
    page = acme.signed_in(as_member=noor).get("/").text
    assert "One request is waiting for you" in page
    assert (
        page.index("Initech")
        < page.index("Hooli")
        < page.index("How did these deals turn out?")
        < page.index("Umbra")
    )
    assert "Globex" not in page


def test_an_owner_sees_their_accounts_and_whom_they_nominated(acme: World) -> None:
    mika = acme.member(Role.OWNER)
    soon = utc_now().date() + timedelta(days=30)
    wabtec = acme.account("Wabtec", owner_id=mika.id, renewal_on=soon, health=Health.UNKNOWN)
    acme.account("Corvid")
    acme.advocate(account=wabtec)
    rashid = Nomination(
        ContactDetails(name="Rashid Osei", email=f"rashid@{acme.slug}.example"), "Happy since May."
    )
    with acme.session() as session:
        nominate(session, rashid, by=mika)
    page = acme.signed_in(as_member=mika).get("/").text
    for words in (
        "One of your accounts renews soon", "Wabtec is first, on", "1 person from your accounts",
        "Nominate someone", "Rashid", "Sent to a manager",
    ):  # fmt: skip
        assert words in page
    assert "Corvid" not in page
    assert "Health" not in page  # nobody knows it


def test_somebody_with_nothing_yet_is_told_what_to_do(as_rep: Client, as_owner: Client) -> None:
    assert "Ask for your first reference" in as_rep.get("/").text
    assert "You don’t own any accounts yet" in as_owner.get("/").text


def test_an_advocate_comes_home_to_their_asks(as_advocate: Client) -> None:
    assert as_advocate.get("/").location.endswith("/my/asks")


def test_what_needs_attention_elsewhere_is_not_shown_here(
    as_manager: Client, acme: World, globex: World
) -> None:
    acme.account()
    globex.request(prospect="Secret Bank", due_at=utc_now() - LONG_AGO)
    call_today(globex)
    held_email(globex)
    page = as_manager.get("/").text
    assert things(page) == []
    assert "Secret Bank" not in page


def test_home_is_a_few_statements_whatever_the_size(
    as_manager: Client, as_rep: Client, as_owner: Client, acme: World
) -> None:
    held_email(acme)
    for _ in range(8):
        acme.request(requester=as_rep.member, due_at=utc_now() - LONG_AGO)
        acme.advocate(state=AdvocateState.PENDING, enrolled_at=None)
        acme.account(owner_id=as_owner.member.id)
        call_today(acme)
    for client in (as_manager, as_rep, as_owner):
        with statements() as seen:
            client.get("/")
        assert len(seen) <= 8, seen
