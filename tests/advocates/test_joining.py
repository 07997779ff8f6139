"""A stranger fills in the join page; nothing counts before the email's link is opened and pressed."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from portal import links
from portal.advocates import queries
from portal.advocates.consent_texts import DEFAULT_TEXTS, add_default_texts
from portal.advocates.joining_actions import delete_unconfirmed
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose, ConsentText, JoinRequest
from tenants.models import Membership, Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.present import present
from tests.world import World

GRACE = {"name": "Grace Hopper", "email": "", "company": "Harbour Ltd"}


@pytest.fixture(autouse=True)
def a_place_of_her_own(client: Client, acme: World) -> None:
    """Each test has its own Grace on her own network: emails are counted per address and per network."""
    number = int(acme.slug.rpartition("-")[2])
    client.environ_base["REMOTE_ADDR"] = f"10.1.{number // 250}.{number % 250}"
    GRACE["email"] = f"grace@{acme.slug}-harbour.example"


def words_of(world: World, *purposes: ConsentPurpose) -> list[str]:
    """The ids of the words shown for these purposes."""
    with world.session() as session:
        add_default_texts(session)
        found = session.scalars(select(ConsentText).where(ConsentText.purpose.in_(purposes)))
        return [str(words.id) for words in found]


def join_requests_of(world: World) -> Sequence[JoinRequest]:
    with world.session() as session:
        return session.scalars(select(JoinRequest).order_by(JoinRequest.id)).all()


def colleague(world: World) -> Advocate:
    """Somebody of Grace's company whom the workspace knows."""
    return world.advocate(email=GRACE["email"].replace("grace", "admiral"))


def known(world: World, email: str) -> Advocate | None:
    with world.session() as session:
        return queries.by_address(session, email)


def confirm_address(join_request: JoinRequest, *, version: int = 1) -> str:
    return f"/join/confirm/{links.token(links.LinkPurpose.JOIN, join_request.tenant_id, join_request.id, version)}"


def ask(client: Client, world: World, **answers: Any) -> JoinRequest:
    response = client.post(f"/join/{world.slug}", GRACE | answers, outside=True)
    assert response.status_code == 303
    return join_requests_of(world)[-1]


def test_nothing_is_ticked_before_the_reader_ticks_it(client: Client, acme: World) -> None:
    words_of(acme, *DEFAULT_TEXTS)
    page = client.get(f"/join/{acme.slug}", outside=True)
    assert page.status_code == 200
    assert page.text.count('name="consent_text_ids"') == len(DEFAULT_TEXTS)
    assert "checked" not in page.text


def test_a_join_request_counts_only_when_its_email_is_confirmed(client: Client, acme: World) -> None:
    admiral = colleague(acme)
    calls = words_of(acme, ConsentPurpose.CALLS)
    join_request = ask(client, acme, consent_text_ids=calls, time_zone="America/New_York")
    assert known(acme, GRACE["email"]) is None

    shown = client.get(confirm_address(join_request), outside=True)
    assert "Grace Hopper" in shown.text
    assert known(acme, GRACE["email"]) is None, "looking is not pressing: mail scanners look too"

    done = client.post(confirm_address(join_request), outside=True)
    assert "You’re in, Grace" in client.follow(done).text
    grace = present(known(acme, GRACE["email"]))
    assert (grace.state, grace.consents, grace.accepted_ask_kinds) == (
        AdvocateState.ENROLLED,
        ["calls"],
        ["call"],
    )
    assert (grace.time_zone, grace.account_id) == ("America/New_York", admiral.account_id)


def test_a_page_that_was_open_during_an_upgrade_loses_no_box(client: Client, acme: World) -> None:
    """It sends its fields by the names of the release before."""
    colleague(acme)
    join_request = ask(client, acme, words=words_of(acme, ConsentPurpose.CALLS), willing=["call", "quote"])
    client.post(confirm_address(join_request), outside=True)
    grace = known(acme, GRACE["email"])
    assert grace is not None
    assert (grace.consents, set(grace.accepted_ask_kinds)) == (["calls"], {"call", "quote"})


def test_whoever_joins_can_open_their_own_pages(client: Client, acme: World) -> None:
    colleague(acme)
    join_request = ask(client, acme)
    client.post(confirm_address(join_request), outside=True)
    with acme.session() as session:
        member = present(queries.by_address(session, GRACE["email"])).membership_id
    assert member is not None


def test_a_second_click_changes_nothing(client: Client, acme: World) -> None:
    colleague(acme)
    join_request = ask(client, acme, consent_text_ids=words_of(acme, ConsentPurpose.CALLS))
    answers = [client.post(confirm_address(join_request), outside=True).status_code for _ in range(2)]
    assert answers == [303, 303]
    grace = present(known(acme, GRACE["email"]))
    with acme.session() as session:
        assert len(queries.consent_entries(session, grace)) == 1
    assert "You’re in" in client.get(confirm_address(join_request), outside=True).text


def test_a_stranger_from_an_unknown_company_waits_for_a_manager(client: Client, acme: World) -> None:
    join_request = ask(client, acme, consent_text_ids=words_of(acme, ConsentPurpose.CALLS))
    client.post(confirm_address(join_request), outside=True)
    grace = present(known(acme, GRACE["email"]))
    assert (grace.state, grace.company, grace.membership_id) == (AdvocateState.PENDING, "Harbour Ltd", None)
    assert (
        "someone at Acme will review your request"
        in client.get(confirm_address(join_request), outside=True).text
    )


def test_the_proved_address_beats_a_typed_company_and_a_manager_decides(client: Client, acme: World) -> None:
    admiral, corvid = colleague(acme), acme.account("Corvid")
    for _ in range(2):
        client.post(confirm_address(ask(client, acme, company="Corvid")), outside=True)
    grace = present(known(acme, GRACE["email"]))
    assert (grace.state, grace.account_id) == (AdvocateState.PENDING, admiral.account_id)
    assert admiral.account_id != corvid.id


def test_a_free_mail_address_speaks_for_no_company(client: Client, acme: World) -> None:
    acme.advocate(email="somebody@gmail.com")
    join_request = ask(client, acme, email=f"grace.{acme.slug}@gmail.com")
    client.post(confirm_address(join_request), outside=True)
    assert present(known(acme, f"grace.{acme.slug}@gmail.com")).state is AdvocateState.PENDING


def test_the_page_answers_the_same_whether_or_not_it_knows_the_address(client: Client, acme: World) -> None:
    known_address = colleague(acme).email
    answers = [
        client.post(f"/join/{acme.slug}", GRACE | {"email": email}, outside=True)
        for email in (known_address, GRACE["email"])
    ]
    assert {(each.status_code, each.location) for each in answers} == {(303, f"/join/{acme.slug}/sent")}
    assert len(join_requests_of(acme)) == 2


def test_what_is_known_of_a_person_is_not_emptied_by_the_public_page(client: Client, acme: World) -> None:
    acme.advocate(email=GRACE["email"], products=["Ledger Pro"], limit_minutes=40, title="Rear Admiral")
    join_request = ask(client, acme)
    client.post(confirm_address(join_request), outside=True)
    grace = present(known(acme, GRACE["email"]))
    assert (grace.products, grace.limit_minutes, grace.title) == (["Ledger Pro"], 40, "Rear Admiral")


def test_after_seven_days_the_link_is_over_and_a_new_one_is_offered(
    client: Client, acme: World, travel: Travel
) -> None:
    join_request = ask(client, acme)
    travel(days=8)
    assert client.post(confirm_address(join_request), outside=True).status_code == 410
    late = client.get(confirm_address(join_request), outside=True)
    assert (late.status_code, "Send me a new link" in late.text) == (410, True)

    client.post(f"{confirm_address(join_request)}/email", outside=True)
    assert client.get(confirm_address(join_request), outside=True).status_code == 410, (
        "the old link is revoked"
    )
    client.post(confirm_address(join_request, version=2), outside=True)
    assert known(acme, GRACE["email"]) is not None


def test_a_page_that_lacks_something_says_so_and_keeps_the_rest(client: Client, acme: World) -> None:
    calls = words_of(acme, ConsentPurpose.CALLS)
    page = client.post(
        f"/join/{acme.slug}", GRACE | {"email": "no address", "consent_text_ids": calls}, outside=True
    )
    assert page.status_code == 422
    assert "This isn’t a valid email address" in page.text
    assert 'value="Grace Hopper"' in page.text
    assert page.text.count("checked") == 1, "the box stays checked"
    assert join_requests_of(acme) == []


def test_words_of_another_workspace_are_no_choice(client: Client, acme: World, globex: World) -> None:
    theirs = words_of(globex, ConsentPurpose.CALLS)
    assert (
        client.post(f"/join/{acme.slug}", GRACE | {"consent_text_ids": theirs}, outside=True).status_code
        == 422
    )


def test_a_link_that_was_changed_by_one_sign_opens_nothing(client: Client, acme: World) -> None:
    address = confirm_address(ask(client, acme))
    other = (
        address[:-9] + ("A" if address[-9] != "A" else "B") + address[-8:]
    )  # the last sign holds spare bits
    assert client.post(other, outside=True).status_code == 410


def test_what_nobody_confirmed_is_forgotten_after_a_month(
    client: Client, acme: World, travel: Travel
) -> None:
    ask(client, acme)
    travel(days=31)
    with acme.session() as session:
        delete_unconfirmed(session)
    assert join_requests_of(acme) == []


def test_the_email_leads_to_the_button_and_the_button_to_the_welcome(
    client: Client, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    colleague(acme)
    ask(client, acme, consent_text_ids=words_of(acme, ConsentPurpose.CALLS))
    run_jobs()
    [link] = paths(mailbox.last(GRACE["email"]), "/join/confirm/")
    client.post(link, outside=True)
    run_jobs()
    subjects = [email.subject for email in mailbox.to(GRACE["email"])]
    assert [subject.partition(" ")[0] for subject in subjects] == ["Please", "Welcome"]


def test_every_manager_is_told_that_a_stranger_waits(
    client: Client, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    managers = [acme.member(Role.MANAGER) for _ in range(2)]
    client.post(confirm_address(ask(client, acme)), outside=True)
    run_jobs()
    for manager in managers:
        assert mailbox.last(manager.email).subject == "Someone would like to join Acme"


def test_the_desks_emails_go_to_those_who_joined_and_to_the_admin_while_there_is_no_manager(
    client: Client, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    admin, invited = acme.member(Role.ADMIN), acme.member(Role.MANAGER)
    with acme.session() as session:
        session.get_one(Membership, (invited.tenant_id, invited.id)).joined_at = None
    client.post(confirm_address(ask(client, acme)), outside=True)
    run_jobs()
    assert mailbox.last(admin.email).subject == "Someone would like to join Acme"
    assert mailbox.to(invited.email) == []
