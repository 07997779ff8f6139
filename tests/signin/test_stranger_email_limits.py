"""What the sign-in page tells people it does not know, and how many emails anybody can cause."""

from sqlalchemy import select

from portal.outbox import Envelope
from tenants.models import Role
from tests.client import Client
from tests.signin.sign_in_emails import newest_request
from tests.world import World


def test_an_unknown_address_gets_no_email_and_cannot_come_in(acme: World, client: Client) -> None:
    client.post(f"/sign-in/{acme.slug}", {"email": "nobody@acme.example"}, outside=True)
    asked = newest_request("nobody@acme.example")
    assert asked.user_id is None
    assert client.post("/check-your-email", {"code": "ABCDEFGH"}, outside=True).status_code == 303
    assert "/sign-in" in client.get("/workspaces", outside=True).location


def test_somebody_who_left_is_unknown(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    with acme.session() as session:
        session.merge(rep).ended_at = rep.joined_at
    client.post("/sign-in", {"email": rep.email}, outside=True)
    assert newest_request(rep.email).user_id is None


def test_what_is_no_address_is_said_beside_the_field(client: Client) -> None:
    refused = client.post("/sign-in", {"email": "ada"}, outside=True)
    assert refused.status_code == 422
    assert "ada@example.com" in refused.text


def test_a_workspace_that_is_not_there_has_no_sign_in(client: Client) -> None:
    assert client.get("/sign-in/nobody-home", outside=True).status_code == 404


def test_the_message_to_the_workers_holds_ids_only(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    client.post("/sign-in", {"email": rep.email}, outside=True)
    with acme.session() as session:
        envelope = session.scalars(select(Envelope).where(Envelope.topic == "SignInRequested")).one()
    assert envelope.queue == "sign_in"
    assert envelope.ids == {"request_id": str(newest_request(rep.email).id)}
