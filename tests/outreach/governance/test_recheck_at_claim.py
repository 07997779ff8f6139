"""An email that waited is asked once more before it leaves: does its reader still want it?"""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.advocates.models import Advocate, AdvocateState
from portal.asks.models import Ask, AskKind, AskState
from portal.declarations.email_content import Recipient, SignedLink
from portal.declarations.email_kinds import EmailKind
from portal.links import LinkPurpose
from portal.outreach.labels import STATUS_TEXTS
from portal.outreach.messages import queries
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email
from portal.outreach.status_codes import StatusCode
from portal.outreach.templates.sample_emails import sample_email
from portal.references.asking.emails import ASK, ASK_RECEIPT, THANKS_OUTCOME
from portal.references.sample_emails import ASK as SAMPLE_ASK
from tenants.clock import utc_now
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.world import World

TRY_AGAIN = re.compile(
    r'<form[^>]* action="([^"]+/retries)"[^>]*>(?:(?!</form>).)*>Try again</button>', re.DOTALL
)


def an_ask(world: Any) -> Ask:
    advocate = world.advocate(email="ada@x.example")
    ask = Ask(
        kind=AskKind.CALL,
        advocate_id=advocate.id,
        subject_type="reference_requests",
        subject_id=world.request().id,
    )
    ask.minutes, ask.due_on, ask.state, ask.sent_at = 20, utc_now().date(), AskState.SENT, utc_now()
    with world.session() as session:
        session.add(ask)
    return ask


def queued(world: Any, ask: Ask, kind: EmailKind = ASK) -> Email:
    to = Recipient("ada@x.example", "Ada Lindqvist", advocate_id=ask.advocate_id)
    links = {"answer": SignedLink(LinkPurpose.ANSWER, ask.id, ask.link_version)}
    with world.session() as session:
        return compose(
            session,
            kind,
            to,
            f"{uuid7()}",
            about=("asks", ask.id),
            fields={**SAMPLE_ASK, **sample_email(kind).fields},
            links={**sample_email(kind).links, **links},
            purpose="calls" if kind in (ASK, THANKS_OUTCOME) else "",
        )


def changed(world: Any, row: Any, **facts: Any) -> None:
    with world.session() as session:
        for name, value in facts.items():
            setattr(session.get_one(type(row), (world.tenant_id, row.id)), name, value)


def press_try_again(client: Client, email: Email, code: StatusCode) -> None:
    """The button of the email's page, which says why there is one."""
    page = client.get(f"/emails/{email.id}").text
    assert STATUS_TEXTS[code] in page
    (button,) = TRY_AGAIN.findall(page)
    assert (
        f"It will be sent again to {email.recipient} within seconds."
        in client.follow(client.post(button)).text
    )


def outcome(world: Any, email: Email) -> tuple[str, StatusCode]:
    email = world.reload(email)
    return email.state.value, email.status_code


@pytest.mark.parametrize(
    ("who", "facts", "code"),
    [
        ("advocate", {"consents": ["name"]}, StatusCode.CONSENT_WITHDRAWN),
        ("advocate", {"state": AdvocateState.DEPARTED}, StatusCode.NOT_IN_PROGRAM),
        ("ask", {"state": AskState.WITHDRAWN}, StatusCode.ASK_CLOSED),
        ("ask", {"link_version": 2}, StatusCode.ASK_CLOSED),
    ],
)
def test_an_ask_that_no_longer_holds_is_kept_back_with_a_word(
    acme: World, mailbox: Mailbox, run_jobs: Jobs, who: str, facts: dict[str, Any], code: StatusCode
) -> None:
    ask = an_ask(acme)
    email, receipt = queued(acme, ask), queued(acme, ask, ASK_RECEIPT)
    advocate = Advocate(id=ask.advocate_id)
    changed(acme, ask if who == "ask" else advocate, **facts)
    run_jobs()
    assert outcome(acme, email) == ("held", code)
    assert outcome(acme, receipt) == ("accepted", StatusCode.NONE)
    assert len(mailbox.all()) == 1


def test_who_still_agrees_gets_the_ask_and_the_thanks(acme: World, mailbox: Mailbox, run_jobs: Jobs) -> None:
    ask = an_ask(acme)
    emails = [queued(acme, ask), queued(acme, ask, THANKS_OUTCOME)]
    run_jobs()
    assert [outcome(acme, email) for email in emails] == [("accepted", StatusCode.NONE)] * 2
    assert len(mailbox.all()) == 2


def test_staff_read_why_it_was_held_and_a_second_try_asks_again(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ask = an_ask(acme)
    email = queued(acme, ask)
    changed(acme, Advocate(id=ask.advocate_id), consents=[])
    run_jobs()
    press_try_again(as_manager, email, code=StatusCode.CONSENT_WITHDRAWN)
    run_jobs()
    assert outcome(acme, email) == ("held", StatusCode.CONSENT_WITHDRAWN), "nothing has changed yet"
    changed(acme, Advocate(id=ask.advocate_id), consents=["calls"])
    press_try_again(as_manager, email, code=StatusCode.CONSENT_WITHDRAWN)
    run_jobs()
    assert outcome(acme, email) == ("accepted", StatusCode.NONE)
    assert len(mailbox.all()) == 1


@pytest.mark.parametrize(
    "lock", [queries.lock_email, lambda session, one: queries.lock_emails(session, [one])[0]]
)
def test_what_a_worker_did_while_a_manager_looked_counts(
    acme: World, lock: Callable[[Session, UUID], Email]
) -> None:
    email = queued(acme, an_ask(acme))
    with acme.session() as looking:
        seen = queries.get(looking, email.id)
        assert seen.state == "queued"
        changed(acme, email, state="accepted", sent_at=utc_now())
        assert lock(looking, email.id) is seen
        assert seen.state == "accepted"
