"""One press ends emails for good; a scanner that opens every link ends nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text
from uuid_utils.compat import uuid7

from portal import links
from portal.advocates import queries
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.declarations.email_content import Recipient
from portal.outbox import Envelope
from portal.outreach.models import Email
from portal.outreach.sequences.models import StopReason
from portal.outreach.suppressions.models import Suppression
from portal.outreach.suppressions.unsubscribe_actions import ALL_PURPOSES, unsubscribe_advocate
from portal.web.dispatch import Portal
from tests.client import Client
from tests.fixture_types import Jobs
from tests.outreach.recipients import (
    consent_history,
    email_to,
    invitation_to,
    reader,
    suppressions_of,
    unsubscribe_address,
)
from tests.outreach.sequences.factory import a_sequence, on_the_way
from tests.present import present
from tests.world import World

pytestmark = pytest.mark.usefixtures("words")  # what they agreed to
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
AS_FORM, AS_PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
LINES = ("emails", "suppressions", "consent_entries", "advocates", "envelopes", "history")


def rows(world: World) -> dict[str, Sequence[Any]]:
    with world.session() as session:
        return {
            table: session.execute(text(f"SELECT t.*, t.xmin FROM {table} t ORDER BY t.id")).all()
            for table in LINES
        }


def test_one_press_takes_the_consent_back_and_holds_every_email_of_that_purpose(
    acme: World, ada: Advocate, mail_program: FlaskClient
) -> None:
    email = email_to(acme, ada, "calls")
    assert mail_program.post(unsubscribe_address(email), data=ONE_CLICK).status_code == 200
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "calls")}
    assert consent_history(acme, ada)[-1] == ("calls", False, "letter")
    assert acme.reload(ada).consents == ["news"]
    with acme.session() as session:
        assert session.scalars(select(Suppression.email_id)).one() == email.id


def test_an_invited_person_who_unsubscribes_has_said_no(
    acme: World, bo: Advocate, mail_program: FlaskClient
) -> None:
    mail_program.post(unsubscribe_address(invitation_to(acme, bo)), data=ONE_CLICK)
    assert suppressions_of(acme, bo.email) == {("unsubscribed", "")}
    assert acme.reload(bo).state is AdvocateState.REFUSED


def test_a_reader_whom_we_know_by_address_alone_can_unsubscribe_too(
    acme: World, mail_program: FlaskClient
) -> None:
    email = email_to(acme, None, "events")
    assert mail_program.post(unsubscribe_address(email)).status_code == 200
    assert suppressions_of(acme, email.recipient) == {("unsubscribed", "events")}


def test_two_hundred_presses_without_cookies_in_both_encodings_are_all_fine(
    acme: World, mail_program: FlaskClient
) -> None:
    readers = [reader(acme, ConsentPurpose.CALLS) for _ in range(5)]
    addresses = [unsubscribe_address(email_to(acme, each, "calls")) for each in readers for _ in range(10)]
    answers = [
        mail_program.post(address, data=ONE_CLICK, content_type=encoding)
        for address in addresses
        for encoding in (AS_FORM, AS_PARTS) * 2
    ]
    assert len(answers) == 200
    assert {(answer.status_code, answer.headers.get("Set-Cookie")) for answer in answers} == {(200, None)}
    took_back = [("calls", True, "own_page"), ("calls", False, "letter")]
    assert [consent_history(acme, each) for each in readers] == [took_back] * 5


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", None),
        (b"", AS_FORM),
        (b"\xff\x00 nonsense", AS_FORM),
        (b"no boundary here", AS_PARTS),
        (b'{"a": 1}', "application/json"),
    ],
)
def test_whatever_a_mail_program_sends_along_is_fine(
    acme: World, ada: Advocate, mail_program: FlaskClient, body: bytes, kind: str | None
) -> None:
    address = unsubscribe_address(email_to(acme, ada, "calls"))
    assert mail_program.post(address, data=body, content_type=kind).status_code == 200
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "calls")}


def test_a_scanner_that_opens_every_link_three_times_changes_nothing(
    acme: World, ada: Advocate, bo: Advocate, mail_program: FlaskClient
) -> None:
    emails = [email_to(acme, ada, "calls"), invitation_to(acme, bo)]
    before = rows(acme)
    for email in emails * 3:
        for method in ("GET", "HEAD"):
            answer = mail_program.open(unsubscribe_address(email), method=method)
            assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    assert rows(acme) == before


def test_not_even_a_message_waiting_in_the_browser_is_touched(
    acme: World, ada: Advocate, as_manager: Client
) -> None:
    as_manager.post("/emails/suppressed", {"address": "tom@x.example", "note": "Asked"})
    address = unsubscribe_address(email_to(acme, ada, "calls"))
    answers = [as_manager.open(address, method=method) for method in ("GET", "POST")]
    assert [answer.headers.get("Set-Cookie") for answer in answers] == [None, None]
    assert "tom@x.example" in as_manager.get("/emails/suppressed").text.partition("<table")[0]


def test_a_person_reads_what_ends_before_it_ends(acme: World, ada: Advocate, client: Client) -> None:
    address = unsubscribe_address(email_to(acme, ada, "calls"))
    page = client.get(address, outside=True).text
    assert "Stop emails about “Reference calls”?" in page
    assert "thinking of buying its products" in page
    assert "/u/" in page
    done = client.open(address, method="POST").text
    assert "No more emails about “Reference calls”" in done
    assert "Stop these emails" not in client.get(address, outside=True).text


def test_an_invited_person_reads_it_too(acme: World, bo: Advocate, client: Client) -> None:
    address = unsubscribe_address(invitation_to(acme, bo))
    assert "Stop all emails from this program?" in client.get(address, outside=True).text
    assert "invite you again" in client.open(address, method="POST").text


def test_two_presses_at_the_same_moment_leave_one_line_each(
    app: Portal, acme: World, ada: Advocate, bo: Advocate
) -> None:
    addresses = [
        unsubscribe_address(email) for email in (email_to(acme, ada, "calls"), invitation_to(acme, bo))
    ]
    with ThreadPoolExecutor(8) as pool:
        presses = [pool.submit(app.test_client().open, address, method="POST") for address in addresses * 8]
    assert {press.result().status_code for press in presses} == {200}
    assert consent_history(acme, ada).count(("calls", False, "letter")) == 1
    with acme.session() as session:
        assert len(session.scalars(select(Suppression.id)).all()) == 2
        assert len(session.scalars(select(Envelope.id).where(Envelope.topic == "Unsubscribed")).all()) == 2


@pytest.mark.parametrize("ended", ["calls", "all"])
def test_sequences_about_it_stop_and_reminders_of_agreed_calls_go_on(
    acme: World, ada: Advocate, mail_program: FlaskClient, run_jobs: Jobs, ended: str
) -> None:
    ways = {
        purpose: on_the_way(
            acme, a_sequence(acme, 60), to=Recipient(ada.email, "Ada", advocate_id=ada.id), purpose=purpose
        )
        for purpose in ("calls", "news", "")
    }
    if ended == "calls":
        mail_program.post(unsubscribe_address(email_to(acme, ada, "calls")))
    else:
        wants_nothing_more(acme, ada)
    run_jobs()
    stopped = {
        purpose for purpose, way in ways.items() if acme.reload(way).stop_reason is StopReason.UNSUBSCRIBED
    }
    assert stopped == ({"calls"} if ended == "calls" else {"calls", "news"})


def wants_nothing_more(world: World, person: Advocate) -> None:
    with world.session() as session:
        unsubscribe_advocate(session, present(queries.lock_advocate(session, person.id)), ALL_PURPOSES)


def test_an_email_that_is_gone_is_no_error(acme: World, ada: Advocate, mail_program: FlaskClient) -> None:
    email = email_to(acme, ada, "calls")
    with acme.session() as session:
        session.execute(delete(Email).where(Email.id == email.id))
    for method in ("GET", "POST"):
        assert mail_program.open(unsubscribe_address(email), method=method).status_code == 200
    assert "no longer on file" in mail_program.get(unsubscribe_address(email)).text


def test_a_person_who_was_erased_is_no_error(acme: World, ada: Advocate, mail_program: FlaskClient) -> None:
    email = email_to(acme, ada, "calls")
    with acme.session() as session:
        queries.get(session, ada.id).state = AdvocateState.ERASED
        session.get_one(Email, (email.tenant_id, email.id)).recipient = ""
    for method in ("GET", "POST"):
        assert mail_program.open(unsubscribe_address(email), method=method).status_code == 200


def test_a_link_we_did_not_make_ends_nothing(acme: World, ada: Advocate, mail_program: FlaskClient) -> None:
    email = email_to(acme, ada, "calls")
    address = unsubscribe_address(email)
    forged = address[:-9] + ("A" if address[-9] != "A" else "B") + address[-8:]
    other = links.token(links.LinkPurpose.PREFERENCES, email.tenant_id, email.id)
    for wrong in (forged, f"/unsubscribe/{other}", f"/unsubscribe/{uuid7()}"):
        assert [mail_program.open(wrong, method=method).status_code for method in ("GET", "POST")] == [
            410,
            410,
        ]
    assert suppressions_of(acme, ada.email) == set()


def test_a_press_in_one_workspace_is_nothing_to_another(
    acme: World, globex: World, mail_program: FlaskClient
) -> None:
    ours, theirs = (reader(world, ConsentPurpose.CALLS, email="ada@both.example") for world in (acme, globex))
    before = rows(acme)
    mail_program.post(unsubscribe_address(email_to(globex, theirs, "calls")))
    assert rows(acme) == before
    assert suppressions_of(acme, ours.email) == set()
    assert suppressions_of(globex, theirs.email) == {("unsubscribed", "calls")}
    in_the_wrong_one = links.token(
        links.LinkPurpose.UNSUBSCRIBE, acme.tenant_id, email_to(globex, theirs, "news").id
    )
    assert mail_program.post(f"/unsubscribe/{in_the_wrong_one}").status_code == 200
    assert rows(acme) == before


def test_a_press_while_a_manager_works_on_the_person_is_not_lost(
    acme: World, bo: Advocate, app: Portal
) -> None:
    address = unsubscribe_address(invitation_to(acme, bo))
    with ThreadPoolExecutor(1) as pool:
        with acme.session() as session:
            session.get_one(Advocate, (bo.tenant_id, bo.id)).title = "CFO"
            session.flush()
            pressed = pool.submit(app.test_client().open, address, method="POST")
        assert pressed.result().status_code == 200
    assert (acme.reload(bo).state, acme.reload(bo).title) == (AdvocateState.REFUSED, "CFO")
