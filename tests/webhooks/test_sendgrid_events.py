"""Thousands of events come in one post: each is kept once, and a bad one costs none of the others."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal import inbox
from portal.gateways import email_ids
from portal.outreach.models import Email
from portal.web.dispatch import Portal
from tests.fakes.sendgrid_events import Event, event
from tests.outreach.recipients import email_to
from tests.webhooks.sendgrid_provider import Provider, about, kept, provider_of
from tests.world import World

MANY = inbox.SMALL_BATCH * 4
STRANGE = "550 \\N \\. C:\\temp\tgone\r\nfor “good”\0\ud800 \\"
STORED = "550 \\N \\. C:\\temp\tgone\r\nfor “good” \\"


@pytest.fixture
def provider(app: Portal) -> Iterator[Provider]:
    with provider_of(app) as made:
        yield made


@pytest.fixture
def email(acme: World) -> Email:
    return email_to(acme, acme.advocate())


def ids(world: World) -> list[str]:
    return sorted(row.external_id for row in kept(world))


def test_told_in_one_post_twice_and_in_any_order_each_is_kept_once(
    acme: World, globex: World, provider: Provider, email: Email
) -> None:
    told = [about(email, "bounce", reason=f"{n} {STRANGE}") for n in range(MANY)]
    theirs = event("open", email_ids.encode(globex.tenant_id, email.id))
    nobodys = [event("open", word, "nobody@at.example") for word in ("", "x" * 43, email.provider_id)]
    assert provider.tell(*told[: MANY // 2], *told, theirs, *nobodys).status_code == 204
    with ThreadPoolExecutor(3) as posts:
        answers = posts.map(lambda _: provider.tell(*random.sample(told, MANY)), range(6))
        assert {answer.status_code for answer in answers} == {204}
    assert ids(acme) == sorted(each["sg_event_id"] for each in told)
    assert ids(globex) == [theirs["sg_event_id"]]
    assert {row.payload["reason"].partition(" ")[2] for row in kept(acme)} == {STORED}


BAD = {
    "no event": b"null, 7, [[], {}], ",
    "a number without end": b'{"gw": "x", "timestamp": ' + b"9" * 5000 + b"}, ",
    "brackets without end": b'{"gw": "x", "deep": ' + b"[" * 20_000 + b"]" * 20_000 + b"}, ",
    "words that are none": b'{"gw": "x", "reason": "unterminated\\q, ]} \\" "}, ',
    "bytes that are no text": b'{"gw": "x", "reason": "M\xfcller \xed\xa0\x80"}, ',
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("times", [1, inbox.SMALL_BATCH + 1])
def test_a_bad_event_costs_none_of_the_others(
    acme: World, provider: Provider, email: Email, bad: bytes, times: int
) -> None:
    good: list[Event] = [about(email, "delivered", response='a ], } "b" \\') for _ in range(times + 1)]
    before, *after = (json.dumps(each).encode() for each in good)
    body = b"[" + before + b", " + bad + b", ".join(after) + b"]"
    assert provider.post(body).status_code == 204
    assert ids(acme) == sorted(each["sg_event_id"] for each in good)


def test_an_event_that_is_bad_itself_is_kept_as_far_as_it_can_be_read(
    acme: World, provider: Provider, email: Email
) -> None:
    body = json.dumps([about(email, "bounce", reason="Müller", timestamp=0)], ensure_ascii=False)
    body = body.replace('"timestamp": 0', f'"timestamp": {"9" * 5000}')
    assert provider.post(body.encode("latin-1")).status_code == 204
    (row,) = kept(acme)
    assert (row.payload["reason"], row.payload["timestamp"]) == ("M\ufffdller", 2**33)


@pytest.mark.parametrize("body", [b"[", b"{}", b"[1", b"]", b"", b'["', b"\x1f\x8b\x08 packed", b"[" * 10**5])
def test_what_is_no_list_is_said_to_be_none(provider: Provider, body: bytes) -> None:
    assert provider.post(body).status_code == 400
