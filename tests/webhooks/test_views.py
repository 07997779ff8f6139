"""SendGrid's events come in signed, once or 46 times, in any order; whatever is not SendGrid's is turned away."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.gateways import email_ids
from portal.outreach.models import Email
from portal.outreach.senders.models import Sender
from portal.web.dispatch import Portal
from portal.webhooks.sendgrid_events import without_token
from portal.webhooks.signatures import SIGNATURE, TIMESTAMP, is_signed
from tests.client import Client
from tests.fakes.sendgrid_events import Signer, event
from tests.outreach.recipients import email_to
from tests.webhooks.sendgrid_provider import Provider, about, kept, lines, provider_of, take_in
from tests.world import World

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TOKEN = "q" * 67


@pytest.fixture
def provider(app: Portal) -> Iterator[Provider]:
    with provider_of(app) as made:
        yield made


@pytest.fixture
def email(acme: World) -> Email:
    return email_to(acme, acme.advocate())


def test_an_event_is_kept_with_what_we_need_and_no_more(
    acme: World, provider: Provider, email: Email
) -> None:
    click = about(
        email,
        "click",
        url=f"https://goodword.example/a/{TOKEN}?ref=x#y",
        useragent="Mozilla/5.0 (Macintosh)\0\ud800",
        ip="203.0.113.7",
        timestamp=1764000000,
        category=["x"],
    )
    answer = provider.tell(click)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Set-Cookie" not in answer.headers
    (row,) = kept(acme)
    assert (row.source, row.external_id, row.handled_at) == ("sendgrid", click["sg_event_id"], None)
    assert row.payload == {
        "email_id": str(email.id),
        "event": "click",
        "url": "https://goodword.example/a/…",
        "useragent": "Mozilla/5.0 (Macintosh)",
        "timestamp": 1764000000,
    }


def test_where_a_reader_sat_and_what_nobody_reads_is_never_stored(
    acme: World, provider: Provider, email: Email
) -> None:
    bounce = about(email, "bounce", type="blocked", reason="554 not today", timestamp=1764000000)
    provider.tell(bounce | {"ip": "203.0.113.7", "status": "5.7.1", "bounce_classification": "Reputation"})
    (row,) = kept(acme)
    assert row.payload == {
        "email_id": str(email.id),
        "event": "bounce",
        "type": "blocked",
        "reason": "554 not today",
        "timestamp": 1764000000,
    }


def test_told_46_times_and_shuffled_it_is_known_once(acme: World, provider: Provider, email: Email) -> None:
    told = [about(email, kind) for kind in ("processed", "delivered", "open", "open", "click")]
    for _ in range(45):
        random.shuffle(told)
        assert provider.tell(*told, told[0]).status_code == 204
    with ThreadPoolExecutor(4) as posts:
        answers = list(posts.map(lambda _: Provider.tell(provider, *random.sample(told, 5)), range(8)))
    assert {answer.status_code for answer in answers} == {204}
    assert len(kept(acme)) == 5
    take_in(acme)
    provider.tell(*told)
    take_in(acme)
    assert (len(kept(acme)), len(lines(acme))) == (5, 5)


def test_an_event_without_an_id_is_known_by_what_it_says(
    acme: World, provider: Provider, email: Email
) -> None:
    nameless = about(email, "dropped", reason="Invalid")
    for strange in (None, "", 7, "x" * 201, "\0", ["a"]):
        nameless["sg_event_id"] = strange
        provider.tell(nameless, nameless)
        provider.tell(nameless)
    assert len({row.external_id for row in kept(acme)}) == len(kept(acme)) == 6


@pytest.mark.parametrize("at", [0, 1500000000, 4000000000])
def test_an_event_that_was_signed_long_ago_is_taken(
    acme: World, provider: Provider, email: Email, at: int
) -> None:
    """SendGrid tries again for a day; what is told twice is harmless."""
    body = json.dumps([about(email, "delivered")]).encode()
    assert provider.post(body, **provider.signer.headers(body, at)).status_code == 204


def test_what_is_not_signed_exactly_so_is_turned_away(acme: World, provider: Provider, email: Email) -> None:
    body = json.dumps([about(email, "delivered")]).encode()
    right = provider.signer.headers(body)
    stamp, signature = right[TIMESTAMP], right[SIGNATURE]
    wrong: list[dict[str, str]] = [
        {"X-Nothing": "at all"},
        {SIGNATURE: signature},
        {TIMESTAMP: stamp},
        Signer().headers(body),
        right | {TIMESTAMP: str(int(stamp) + 1)},
        right | {TIMESTAMP: f" {stamp}0"},
        right | {TIMESTAMP: "yesterday"},
        right | {TIMESTAMP: ""},
        right | {SIGNATURE: ""},
        right | {SIGNATURE: signature[:-8]},
        right | {SIGNATURE: "not base64!"},
        right | {SIGNATURE: "AAAA" * 20},
        right | {SIGNATURE: f"{signature}, {signature}"},
    ]
    assert [provider.post(body, **headers).status_code for headers in wrong] == [401] * len(wrong)
    for other in (body + b" ", body.replace(b", ", b","), b"", b"\xff" + body):
        assert provider.post(other, **right).status_code == 401
    assert kept(acme) == []
    assert provider.post(body, **right).status_code == 204


@FUZZ
@given(
    body=st.binary(max_size=60),
    signature=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=120),
    stamp=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30),
)
def test_no_header_however_strange_breaks_anything(
    provider: Provider, body: bytes, signature: str, stamp: str
) -> None:
    assert provider.post(body, **{SIGNATURE: signature, TIMESTAMP: stamp}).status_code == 401
    right = provider.signer.headers(body)
    assert provider.post(body, **right | {SIGNATURE: signature}).status_code == 401
    assert provider.post(body, **right | {TIMESTAMP: stamp}).status_code in {401, 400, 204}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("event", "type", "timestamp", "url", "useragent", "sg_event_id", "sg_machine_open", "reason", "gw")


@FUZZ
@given(facts=st.dictionaries(st.sampled_from(FIELDS[:-1]), ANY), stray=ANY)
def test_no_event_however_strange_breaks_anything(
    acme: World, provider: Provider, email: Email, facts: dict[str, Any], stray: Any
) -> None:
    assert provider.tell(about(email, "open") | facts, {"gw": stray}, stray).status_code == 204
    take_in(acme)
    assert all(row.handled_at for row in kept(acme))


@pytest.mark.parametrize("garbage", [b"", b"{}", b"[", b"7", b"null", b'"x"', b"[" * 100_000, b"\xe4"])
def test_signed_garbage_is_bad_input(provider: Provider, garbage: bytes) -> None:
    expected = {401, 400} if garbage == b"\xe4" else {400}
    assert provider.post(garbage, **provider.signer.headers(garbage)).status_code in expected


def test_a_body_without_end_is_not_read(provider: Provider) -> None:
    assert provider.post(b" " * (5 * 1024 * 1024 + 1)).status_code == 413


def test_events_about_nobody_we_know_are_of_no_interest(acme: World, provider: Provider) -> None:
    strange = [
        event("delivered", email_ids.encode(uuid4(), uuid4())),
        event("delivered", "?" * 43),
        event("delivered", email_ids.encode(acme.tenant_id, uuid4())),
        {"event": "account_status_change"},
    ]
    assert provider.tell(*strange).status_code == 204
    assert take_in(acme) == 1
    assert lines(acme) == []


def test_each_workspace_hears_of_its_own_emails(
    acme: World, globex: World, provider: Provider, email: Email
) -> None:
    theirs = email_to(globex, globex.advocate())
    provider.tell(about(email, "delivered"), about(theirs, "bounce", type="bounce"))
    for world, own in ((acme, email), (globex, theirs)):
        assert [row.payload["email_id"] for row in kept(world)] == [str(own.id)]


@pytest.fixture
def own_account(app: Portal, acme: World) -> Provider:
    """A workspace with a key of its own."""
    made = Provider(app)
    with acme.session() as session:
        session.add(Sender(webhook_key=made.signer.public_key))
    return made


def test_a_workspace_with_its_own_account_hears_of_its_own_emails_alone(
    acme: World, globex: World, own_account: Provider, email: Email
) -> None:
    theirs, path = email_to(globex, globex.advocate()), f"/hooks/sendgrid/{acme.slug}"
    told = about(email, "delivered"), about(theirs, "bounce", type="bounce")
    assert own_account.tell(*told, path=path).status_code == 204
    assert ([row.payload["email_id"] for row in kept(acme)], kept(globex)) == ([str(email.id)], [])


def test_a_key_opens_one_address(
    acme: World, globex: World, provider: Provider, own_account: Provider, email: Email
) -> None:
    told = about(email, "delivered")
    assert own_account.tell(told).status_code == 401
    assert own_account.tell(told, path=f"/hooks/sendgrid/{globex.slug}").status_code == 401
    assert own_account.tell(told, path="/hooks/sendgrid/nowhere").status_code == 404
    assert provider.tell(told, path=f"/hooks/sendgrid/{acme.slug}").status_code == 401
    assert kept(acme) == kept(globex) == []


def test_without_a_key_nobody_is_believed(app: Portal, acme: World, email: Email) -> None:
    anybody, body = Provider(app), json.dumps([about(email, "delivered")]).encode()
    for path in ("/hooks/sendgrid", f"/hooks/sendgrid/{acme.slug}"):
        assert anybody.post(body, path, **anybody.signer.headers(body)).status_code == 401
    headers = anybody.signer.headers(body)
    for no_key in ("", "x", "MFkw", "AAAA", "ä", "\0"):
        assert not is_signed(no_key, body, headers[SIGNATURE], headers[TIMESTAMP])


def test_a_key_copied_with_its_frame_is_the_same_key() -> None:
    signer = Signer()
    key = f"{signer.public_key[:64]}\n{signer.public_key[64:]}"
    framed = f"-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n"
    headers = signer.headers(b"[]")
    assert is_signed(framed, b"[]", headers[SIGNATURE], headers[TIMESTAMP])


def test_nothing_is_there_to_look_at(provider: Provider, client: Client, acme: World) -> None:
    for path in ("/hooks/sendgrid", f"/hooks/sendgrid/{acme.slug}"):
        assert client.get(path, outside=True).status_code == 405


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://x.example/a/{TOKEN}", "https://x.example/a/…"),
        ("https://me:secret@x.example:8443/reviews/2026?key=1#2", "https://x.example/reviews/2026"),
        (f"/u/{TOKEN}", "/u/…"),
        ("http://[", ""),
        ("mailto:ada@example.com", "ada@example.com"),
    ],
)
def test_links_lose_what_makes_them_somebodys_own(url: str, shown: str) -> None:
    assert without_token(url) == shown
