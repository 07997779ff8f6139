"""A manager sends a text to themselves before anybody else reads it."""

from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.advocates.emails import ENROLL_INVITATION, WELCOME
from portal.declarations.email_content import Recipient
from portal.declarations.email_kinds import EmailClass, EmailKind
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email
from portal.references.asking.emails import ASK
from portal.references.meetings.time_emails import SLOTS_FOR_PROSPECT
from tenants.models import Role
from tests.client import Client
from tests.mailbox import Mailbox
from tests.outreach.templates.test_views import ASK_PAGE, INVITATION_PAGE, LINK_PAGE, parts
from tests.world import World


def test_a_test_reaches_whoever_asked_for_it_and_saves_nothing(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Any
) -> None:
    acme.set_outreach_policies(
        send_from_hour=3, send_until_hour=4, emails_per_week=1
    )  # an email to oneself keeps to no hours
    form = parts(ASK, subject="Would you? {{question}}")
    answer = as_manager.post(f"{ASK_PAGE}/tests", form)
    assert "A test is on its way" in answer.text
    assert "Would you?" in answer.text
    run_jobs()
    (email,) = mailbox.to(as_manager.member.email)
    assert email.subject.startswith("Test: Would you? Could you talk to")
    assert "Default text" in as_manager.get(ASK_PAGE).text
    with acme.session() as session:
        assert session.scalars(select(Email.email_class)).all() == [EmailClass.TRANSACTIONAL]


@pytest.mark.parametrize(
    ("kind", "foot"),
    [
        (ASK, "Ines Albrecht"),
        (ENROLL_INVITATION, "Ines Albrecht\nAcme"),
        (SLOTS_FOR_PROSPECT, "Ines Albrecht\nAcme"),
        (WELCOME, "Acme"),
    ],
)
def test_whoever_looks_at_an_email_or_tries_it_has_signed_it_as_it_would_leave(
    acme: World, mailbox: Mailbox, run_jobs: Any, kind: EmailKind, foot: str
) -> None:
    ines = acme.signed_in(as_member=acme.member(Role.ADMIN, name="Ines Albrecht"))
    assert "signed emails carry your name." in ines.get(f"/emails/templates/{kind.name}").text
    shown = ines.post(f"/emails/templates/{kind.name}/preview", parts(kind) | {"as": "text"}).text
    ines.post(f"/emails/templates/{kind.name}/tests", parts(kind))
    run_jobs()
    (tried,) = mailbox.to(ines.member.email)
    for text in (shown, tried.text):
        assert f"\n\n{foot}\n\n" in text.replace("\r", "")
        assert "Dana Okafor" not in text


def test_a_colleague_is_invited_by_whoever_looks_at_the_invitation(acme: World, as_admin: Client) -> None:
    shown = as_admin.get("/emails/templates/member_invitation/preview?as=text").text
    assert as_admin.member.name in shown
    assert "Dana Okafor" not in shown


def test_the_same_test_within_a_minute_is_said_to_be_there_already(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Any, travel: Any
) -> None:
    form, said = parts(ASK, subject="Would you?"), []
    for seconds in (0, 5, 61):
        travel(seconds=seconds)
        said.append("A test is on its way" in as_manager.post(f"{ASK_PAGE}/tests", form).text)
        run_jobs()
    assert said == [True, False, True]
    assert len(mailbox.to(as_manager.member.email)) == 2


def test_a_manager_may_try_the_invitation_as_often_as_needed_and_be_invited_still(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Any
) -> None:
    for number in range(3):
        form = parts(ENROLL_INVITATION, subject=f"Try {number}")
        assert "A test is on its way" in as_manager.post(f"{INVITATION_PAGE}/tests", form).text
    me = Recipient(as_manager.member.email, "Dana")
    for _ in range(2):
        with acme.session() as session:
            compose(session, ENROLL_INVITATION, me, str(uuid7()))
    again = parts(ENROLL_INVITATION, subject="And once more")
    assert "A test is on its way" in as_manager.post(f"{INVITATION_PAGE}/tests", again).text
    run_jobs()
    tried = [email for email in mailbox.to(me.email) if email.subject.startswith("Test: ")]
    assert len(tried) == 4


def test_twenty_tests_an_hour_are_enough(as_manager: Client) -> None:
    answers = [as_manager.post(f"{LINK_PAGE}/tests", parts(reason=f"Try {number}")) for number in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert "Your new link" in answers[-1].text
