"""An admin sets whom emails come from, and gives the workspace an account of its own at the provider."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sendgrid.helpers.eventwebhook import EventWebhook

from portal import secrets
from portal.errors import Unavailable
from portal.outreach.senders import queries
from portal.outreach.senders.default_sender import default_sender as installation
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import SenderIdentity, provider_key, sender_identity
from tenants.models import Role
from tests.client import Client
from tests.world import World

KEY = "SG.abcdefghij-KLMN_op.qrstuvwxyz0123456789ABCDEFGHIJ-_abcde"
FACTS = {
    "name": "Ledgerworks customers",
    "address": "program@Ledgerworks.example",
    "reply_to": "ada@ledgerworks.example",
    "dkim_selector": "s1",
    "sendgrid_key": "",
    "webhook_key": "",
}
SEEN = re.compile(r'name="seen"[^>]*value="(\d+)"')


def public(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    written = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(written).decode()


VERIFICATION_KEY = public(ec.generate_private_key(ec.SECP256R1()))


def save(client: Client, **changed: str) -> tuple[int, str]:
    """The form as the page shows it now, with these changes."""
    seen = SEEN.search(client.get("/settings/sender").text)
    assert seen
    answer = client.post("/settings/sender", {"seen": seen[1]} | FACTS | changed)
    return answer.status_code, answer.text


def sender(world: World) -> Sender | None:
    with world.session() as session:
        return queries.get_sender(session)


def leaves(world: World) -> tuple[SenderIdentity, str]:
    with world.session() as session:
        return sender_identity(session), provider_key(queries.get_sender(session))


def leaves_from(world: World) -> str:
    with world.session() as session:
        return sender_identity(session).address


@contextmanager
def another_data_key(world: World) -> Iterator[None]:
    secrets.configure("e" * 40)
    try:
        yield
    finally:
        secrets.configure(world.settings.data_key)


def test_emails_come_from_the_installation_until_a_workspace_has_a_sender(
    acme: World, globex: World, as_admin: Client
) -> None:
    assert leaves(acme) == (SenderIdentity("Acme", installation.address, ""), "")
    assert save(as_admin, sendgrid_key=KEY)[0] == 303
    mine = SenderIdentity("Ledgerworks customers", "program@ledgerworks.example", "ada@ledgerworks.example")
    assert leaves(acme) == (mine, KEY)
    assert leaves(globex) == (SenderIdentity("Globex", installation.address, ""), "")

    assert save(as_admin, name="", address="", reply_to="")[0] == 303
    assert leaves(acme) == (SenderIdentity("Acme", installation.address, ""), KEY)


def test_what_was_set_is_on_the_page_and_in_the_history(as_admin: Client) -> None:
    save(as_admin)
    save(as_admin, name="Ledger", webhook_key=VERIFICATION_KEY)
    page = as_admin.get("/settings/sender").text
    assert "Name: Ledgerworks customers, now Ledger; Verification key: none, now set" in page
    assert as_admin.member.name in page
    assert "http://localhost/hooks/sendgrid/" in page
    assert installation.address in as_admin.get("/settings?q=sender").text, "until the domain is verified"


def test_the_key_is_sealed_at_once_and_never_shown_again(
    acme: World, as_admin: Client, superuser: psycopg.Connection
) -> None:
    status, page = save(as_admin, sendgrid_key=f" {KEY[:20]}\n{KEY[20:]} ")
    assert status == 303
    assert leaves(acme)[1] == KEY, "as it was pasted, without the line break"
    page = as_admin.get("/settings/sender").text
    assert KEY not in page
    assert "A key has been stored since" in page
    for table in ("senders", "history", "envelopes"):
        rows = superuser.execute(f"SELECT t::text FROM {table} t").fetchall()
        assert not [row for row in rows if KEY in row[0] or KEY[10:30] in row[0]], table


def test_the_key_stays_until_it_is_replaced_or_removed(acme: World, as_admin: Client) -> None:
    save(as_admin, sendgrid_key=KEY)
    save(as_admin, name="Someone else")
    assert leaves(acme)[1] == KEY
    save(as_admin, sendgrid_key=KEY.replace("abc", "xyz"))
    assert leaves(acme)[1] == KEY.replace("abc", "xyz")
    assert as_admin.post("/settings/sender/key/removal").status_code == 303
    assert leaves(acme)[1] == ""
    assert as_admin.post("/settings/sender/key/removal").status_code == 303, "twice is once"
    page = as_admin.get("/settings/sender").text
    assert page.count("The SendGrid key was removed") == 1
    assert page.count("A SendGrid key was added") == 2


def test_a_key_of_another_data_key_is_said_in_words(acme: World, as_admin: Client) -> None:
    save(as_admin, sendgrid_key=KEY)
    with another_data_key(acme):
        page = as_admin.get("/settings/sender")
        assert page.status_code == 200
        assert "The SendGrid key was stored with a different DATA_KEY" in page.text
        with acme.session() as session, pytest.raises(Unavailable, match="Please enter it again"):
            provider_key(queries.get_sender(session))
        assert leaves_from(acme) == installation.address, "nobody vouches for its own any more"
        save(as_admin, sendgrid_key=KEY)
        assert "a different DATA_KEY" not in as_admin.get("/settings/sender").text


WRONG = {
    "an address that is none": ({"address": "ledgerworks.example"}, "Please enter an address like"),
    "an address with a name": ({"address": "Ada <ada@ledgerworks.example>"}, "Please enter an address like"),
    "an address of two lines": ({"address": "a@b.example\r\nBcc: all@b.example"}, "one line"),
    "an answer address that is none": ({"reply_to": "ada@"}, "Please enter an address like"),
    "a name of two lines": ({"name": "Ada\r\nBcc: everybody@example.com"}, "one line"),
    "a name with another line end": ({"name": "Ada\u2028Bcc: everybody@example.com"}, "one line"),
    "a name without end": ({"name": "x" * 81}, "80 characters"),
    "a selector that is a sentence": ({"dkim_selector": "s1._domainkey here"}, "letters, digits and dashes"),
    "a selector that is all dots": ({"dkim_selector": "a..b"}, "letters, digits and dashes"),
    "half a key": ({"sendgrid_key": "SG.abcdefghij"}, "begins with SG."),
    "a key of somebody else": ({"sendgrid_key": "sk_live_abcdefghijklmnop.abcdefghij"}, "begins with SG."),
    "a verification key that is none": ({"webhook_key": "SG.hello"}, "Verification Key"),
    "a verification key cut short": ({"webhook_key": VERIFICATION_KEY[:-8]}, "Verification Key"),
    "a verification key of another kind": (
        {"webhook_key": public(ed25519.Ed25519PrivateKey.generate())},
        "Verification Key",
    ),
    "a verification key of another curve": (
        {"webhook_key": public(ec.generate_private_key(ec.SECP384R1()))},
        "Verification Key",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_nothing_is_saved_of(case: str, acme: World, as_admin: Client) -> None:
    changed, words = WRONG[case]
    status, page = save(as_admin, **changed)
    assert status == 422
    assert re.search(words, page)
    assert changed.get("sendgrid_key", "SG.nothing") not in page
    assert sender(acme) is None


def test_what_people_paste_is_put_right(acme: World, as_admin: Client) -> None:
    in_lines = VERIFICATION_KEY[:64] + "\r\n" + VERIFICATION_KEY[64:] + " "
    status, _ = save(
        as_admin, address=" programm@straße.example. ", webhook_key=in_lines, dkim_selector=" S1 "
    )
    assert status == 303
    kept = sender(acme)
    assert kept is not None
    assert kept.address == "programm@xn--strae-oqa.example"
    assert kept.dkim_selector == "s1"
    assert EventWebhook(kept.webhook_key).public_key is not None


def test_of_two_admins_the_second_is_told(acme: World, as_admin: Client) -> None:
    other = acme.signed_in(Role.ADMIN)
    stale = FACTS | {"seen": "0", "name": "Too late"}
    save(as_admin)
    assert other.post("/settings/sender", stale).status_code == 409
    assert other.post("/settings/sender", stale | {"seen": "nonsense"}).status_code == 409
    assert leaves(acme)[0].name == "Ledgerworks customers"
    version = getattr(sender(acme), "version", None)
    assert save(other)[0] == 303
    assert getattr(sender(acme), "version", None) == version, "nothing was different, so nothing was written"


def test_only_admins_set_the_sender(acme: World) -> None:
    for role in (Role.MANAGER, Role.REP, Role.OWNER, Role.ADVOCATE):
        somebody = acme.signed_in(role)
        assert somebody.get("/settings/sender").status_code == 403
        assert somebody.post("/settings/sender", FACTS | {"seen": "0"}).status_code == 403
        assert somebody.post("/settings/sender/key/removal").status_code == 403
