"""Somebody's address changes: it counts once its own link was used, and what they said follows them."""

import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from portal.advocates.models import Advocate
from portal.declarations.email_kinds import EmailClass
from portal.outreach.models import Email
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from portal.outreach.suppressions.queries import suppressions_of
from portal.outreach.suppressions.unsubscribe_actions import unsubscribe
from portal.web.dispatch import Portal
from tenants.database import system_session
from tenants.models import Membership, Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.world import World

NEW = "ada.lovelace@new.example"


@pytest.fixture(autouse=True)
def nobody_wrote_there_today(app: Portal) -> None:
    """The limit of a stranger's mailbox is one for all workspaces, and so for all tests."""
    with system_session() as session:
        session.execute(text("DELETE FROM rate_limits"))


@pytest.fixture
def ada(as_advocate: Client, acme: World) -> Advocate:
    with acme.session() as session:
        session.merge(as_advocate.advocate).email = as_advocate.advocate.email
    return as_advocate.advocate


def enter(as_manager: Client, ada: Advocate, email: str = NEW) -> TestResponse:
    return as_manager.post(f"/advocates/{ada.id}/address", {"email": email})


def link_in(mailbox: Mailbox, address: str = NEW) -> str:
    return paths(mailbox.last(address), "/address/")[0]


def test_a_new_address_counts_once_its_own_link_is_posted(
    as_manager: Client,
    as_advocate: Client,
    client: Client,
    ada: Advocate,
    acme: World,
    mailbox: Mailbox,
    run_jobs: Jobs,
) -> None:
    old = ada.email
    waiting = as_manager.follow(enter(as_manager, ada))
    assert f"New address {NEW}: not confirmed yet" in waiting.text
    run_jobs()
    link = link_in(mailbox)
    shown = client.get(link, outside=True)
    assert NEW in shown.text
    assert acme.reload(ada).email == old, "a GET changes nothing"

    for _ in range(2):  # pressed twice, it says the same
        assert "your address is confirmed" in client.post(link, outside=True).text
    run_jobs()
    now = acme.reload(ada)
    assert (now.email, now.email_norm) == (NEW, NEW)
    assert f"Email: {old} → {NEW}" in as_manager.get(f"/advocates/{ada.id}").text
    assert len(mailbox.to(NEW)) == 1
    assert "This wasn’t you?" in mailbox.last(old).text
    assert as_advocate.get("/my/me").status_code == 404, "the old address signs in nobody here any more"
    with acme.session() as session:
        member = session.scalars(select(Membership).where(Membership.id == now.membership_id)).one()
        assert (member.email_norm, member.roles) == (NEW, ["advocate"])
    assert client.get(link, outside=True).status_code == 410


def test_unsubscribes_follow_the_person_and_bounces_do_not(
    as_manager: Client, client: Client, ada: Advocate, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    with acme.session() as session:
        suppress(session, ada.email, SuppressionReason.UNSUBSCRIBED, purpose="news")
        suppress(session, ada.email, SuppressionReason.BOUNCED)
    enter(as_manager, ada)
    run_jobs()
    client.post(link_in(mailbox), outside=True)
    with acme.session() as session:
        assert suppressions_of(session, NEW) == [(SuppressionReason.UNSUBSCRIBED, "news")]


def test_an_email_that_has_not_left_goes_to_the_new_address(
    as_manager: Client, client: Client, ada: Advocate, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    enter(as_manager, ada)
    run_jobs()
    with acme.session() as session:
        waiting = session.scalars(select(Email).where(Email.recipient_norm == NEW)).one()
        later = Email(
            kind="own",
            email_class=waiting.email_class,
            occasion="later",
            recipient=ada.email,
            recipient_norm=ada.email_norm,
            advocate_id=ada.id,
            due_at=waiting.created_at,
            state="held",
            hold_reason="quiet_hours",
        )
        session.add(later)
    client.post(link_in(mailbox), outside=True)
    assert acme.reload(later).recipient == NEW


@pytest.mark.parametrize("whose", ["taken", "own", "colleague", "suppressed", "nonsense"])
def test_an_address_that_cannot_be_is_refused_in_words_and_kept_in_the_form(
    as_manager: Client, ada: Advocate, acme: World, whose: str
) -> None:
    acme.advocate(email="taken@new.example")
    with acme.session() as session:
        suppress(session, "suppressed@new.example", SuppressionReason.BOUNCED)
    acme.member(Role.REP, email="colleague@new.example")
    email = {"own": ada.email, "nonsense": "ada@@x"}.get(whose, f"{whose}@new.example")
    refused = enter(as_manager, ada, email)
    assert refused.status_code == 422
    assert f'value="{email}"' in refused.text
    assert "gw-error" in refused.text


def test_a_colleagues_sign_in_cannot_be_taken_over(as_manager: Client, acme: World) -> None:
    boss = acme.member(Role.ADMIN, Role.ADVOCATE)
    ada = acme.advocate(email=boss.email, membership_id=boss.id)
    assert "Ask an admin" in enter(as_manager, ada, "mine@evil.example").text


def test_a_newer_address_or_a_withdrawal_ends_the_link_before(
    as_manager: Client, client: Client, ada: Advocate, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    enter(as_manager, ada)
    run_jobs()
    first = link_in(mailbox)
    enter(as_manager, ada, "other@new.example")
    run_jobs()
    assert client.post(first, outside=True).status_code == 410
    as_manager.post(f"/advocates/{ada.id}/address/withdrawal")
    assert client.post(link_in(mailbox, "other@new.example"), outside=True).status_code == 410
    assert acme.reload(ada).email_norm == ada.email_norm


def test_three_emails_an_hour_apart_and_no_fourth(
    as_manager: Client, ada: Advocate, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    enter(as_manager, ada)
    again = f"/advocates/{ada.id}/address/email"
    assert as_manager.post(again).status_code == 409
    for _ in range(2):
        travel(hours=2)
        assert as_manager.post(again).status_code == 303
    travel(hours=2)
    assert as_manager.post(again).status_code == 409
    assert enter(as_manager, ada).status_code == 422, "entered anew, it is the same change"
    run_jobs()
    assert len(mailbox.to(NEW)) <= 3


def test_many_managers_entries_send_a_stranger_six_emails_a_day(
    as_manager: Client, acme: World, run_jobs: Jobs, mailbox: Mailbox
) -> None:
    for _ in range(8):
        enter(as_manager, acme.advocate())
    run_jobs()
    assert len(mailbox.to(NEW)) == 6


def test_what_was_sent_to_the_former_address_opens_nothing_and_the_new_one_gets_what_is_open(
    as_manager: Client, client: Client, ada: Advocate, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    request = acme.request()
    as_manager.post(f"/requests/{request.id}/asks", {"advocate_id": str(ada.id)})
    run_jobs()
    asked = mailbox.last(ada.email)
    old = [paths(asked, "/a/")[0], paths(asked, "/u/")[0]]
    assert [client.get(link, outside=True).status_code for link in old] == [200, 200]
    enter(as_manager, ada)
    run_jobs()
    client.post(link_in(mailbox), outside=True)
    run_jobs()
    assert client.get(old[1], outside=True).status_code == 410
    assert "Yes" not in client.get(old[0], outside=True).text
    assert client.get(paths(mailbox.last(NEW), "/a/")[0], outside=True).status_code == 200


def test_who_was_invited_is_invited_at_the_new_address(
    as_manager: Client, client: Client, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = acme.advocate(state="candidate", enrolled_at=None, consents=[])
    as_manager.post(f"/advocates/{ada.id}/invitation", {"version": acme.reload(ada).version})
    run_jobs()
    assert paths(mailbox.last(ada.email), "/i/")
    enter(as_manager, ada)
    run_jobs()
    client.post(link_in(mailbox), outside=True)
    run_jobs()
    page = client.get(paths(mailbox.last(NEW), "/i/")[0], outside=True)
    assert page.status_code == 200


def test_whoever_unsubscribes_late_from_an_email_to_the_former_address_is_suppressed_at_the_new_one(
    as_manager: Client, client: Client, ada: Advocate, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    with acme.session() as session:
        email = Email(
            kind="own",
            email_class=EmailClass.PROGRAM,
            purpose="news",
            occasion="before",
            recipient=ada.email,
            recipient_norm=ada.email_norm,
            advocate_id=ada.id,
            state="delivered",
        )
        session.add(email)
    enter(as_manager, ada)
    run_jobs()
    client.post(link_in(mailbox), outside=True)
    with acme.session() as session:
        unsubscribe(session, session.merge(email))
        assert suppressions_of(session, NEW) == [(SuppressionReason.UNSUBSCRIBED, "news")]
