"""From an email's page to what the email is about."""

from sqlalchemy import select

from portal.outreach.models import Email, EmailState
from portal.references.asking.emails import ASK
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.outreach.messages.stored_emails import email
from tests.references.calls import Call
from tests.references.steps import asked
from tests.rules.query_counter import statements
from tests.world import World


def test_whoever_reads_an_ask_opens_its_request(acme: World, as_manager: Client) -> None:
    request = acme.request()
    asked(as_manager, request, acme.advocate())
    with acme.session() as session:
        sent = session.scalars(select(Email).where(Email.kind == ASK.name)).one()
    with statements() as questions:
        page = as_manager.get(f"/emails/{sent.id}").text
    assert f"/requests/{request.id}" in page
    assert len(questions) <= 8, questions
    assert as_manager.get(f"/requests/{request.id}").status_code == 200


def test_notices_and_calls_lead_to_their_request_too(
    acme: World,
    as_rep: Client,
    as_manager: Client,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    deliver: Jobs,
) -> None:
    meeting = Call(acme, as_rep, as_manager, client, mailbox, run_jobs, deliver).meeting
    its = meeting.request_id
    for kind, row in (("reference_requests", its), ("meetings", meeting.id)):
        sent = email(acme, state=EmailState.ACCEPTED, subject_type=kind, subject_id=row)
        assert f"/requests/{its}" in as_manager.get(f"/emails/{sent.id}").text


def test_an_email_about_nothing_else_leads_nowhere(acme: World, as_manager: Client) -> None:
    plain = email(acme, state=EmailState.ACCEPTED)
    other = email(acme, state=EmailState.ACCEPTED, subject_type="asks", subject_id=plain.id)
    for one in (plain, other):
        assert "The request" not in as_manager.get(f"/emails/{one.id}").text
