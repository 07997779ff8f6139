"""What a provider tells of an email: it moves up and never down, whatever the order, and counts once."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from jobs import delivery_events
from portal import inbox
from portal.advocates.models import ConsentPurpose
from portal.outreach.delivery_events import actions
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.status_codes import NO_STATUS, StatusCode
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tests.outreach.recipients import agree, consent_history, email_to, reader, suppressions_of
from tests.webhooks.sendgrid_provider import Provider, about, days, kept, lines, provider_of, take_in
from tests.world import World

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"
AT = 1764000000  # seconds; a delivery
NOW = utc_now()
NOT_TAKEN: dict[str, dict[str, Any]] = {
    "queued": {"due_at": NOW},
    "sending": {"due_at": NOW, "lease_until": NOW},
    "unknown": {
        "state": "unknown",
        "due_at": NOW,
        "outcome_unknown": True,
        "status_code": StatusCode.NO_ANSWER,
    },
    "held": {
        "hold_reason": HoldReason.DELIVERY_UNKNOWN,
        "outcome_unknown": True,
        "status_code": StatusCode.NO_ANSWER,
    },
    "failed": {"given_up_at": NOW, "status_code": StatusCode.NO_ANSWER},
}


FRESH: dict[str, Any] = {"sent_at": None}


@pytest.fixture
def provider(app: Portal) -> Iterator[Provider]:
    with provider_of(app) as made:
        yield made


@pytest.fixture
def email(acme: World) -> Email:
    return email_to(acme, acme.advocate())


def tell_of(email: Email, what: dict[str, Any] | str) -> dict[str, Any]:
    facts = {"event": what} if isinstance(what, str) else what
    return about(email, facts["event"]) | facts


def hear(world: World, provider: Provider, email: Email, *told: dict[str, Any] | str) -> Email:
    """Tell of an email, and see what became of it."""
    provider.tell(*(tell_of(email, what) for what in told))
    while take_in(world):
        pass
    return world.reload(email)


@pytest.mark.parametrize("kind", ["processed", "deferred", "delivered", "open", "click", "unsubscribe"])
@pytest.mark.parametrize("state", NOT_TAKEN)
def test_any_news_proves_that_the_email_was_taken(
    acme: World, provider: Provider, state: str, kind: str
) -> None:
    email = email_to(acme, acme.advocate(), **NOT_TAKEN[state] | FRESH | {"state": state})
    heard = hear(acme, provider, email, kind)
    assert heard.state == ("delivered" if kind == "delivered" else "accepted")
    assert (heard.lease_until, heard.outcome_unknown, heard.status, heard.given_up_at) == (
        None,
        False,
        NO_STATUS,
        None,
    )
    assert heard.hold_reason is HoldReason.NONE
    assert heard.sent_at is not None
    assert heard.first_event_at is not None
    assert days(acme)["accepted"] == 1


BOUNCE = {"event": "bounce", "type": "bounce", "reason": "550 nobody"}
DROP = {"event": "dropped", "reason": "Bounced Address"}
FATES = {  # what is told, and what the days count besides the accepted
    "delivered": (("processed", "deferred", "delivered", "open"), ["delivered"]),
    "bounced": (("processed", "delivered", BOUNCE), ["delivered", "bounced"]),
    "complained": (("processed", "delivered", "spamreport", "click"), ["delivered", "complained"]),
    "failed": (("processed", DROP, "deferred"), []),
}


@pytest.mark.parametrize("state", FATES)
def test_in_any_order_it_ends_the_same(acme: World, provider: Provider, state: str) -> None:
    """An email for each order; the news comes bit by bit, each bit twice."""
    told, counted = FATES[state]
    orders = list(itertools.permutations(told))
    emails = [email_to(acme, None, **NOT_TAKEN["unknown"] | FRESH) for _ in orders]
    for step in range(len(told)):
        for email, order in zip(emails, orders, strict=True):
            bit = tell_of(email, order[step])
            provider.tell(bit, bit)
        take_in(acme)
    heard = [acme.reload(email) for email in emails]
    assert {email.state for email in heard} == {EmailState(state)}
    assert len({str(email.status) for email in heard}) == 1
    assert days(acme) == dict.fromkeys(["accepted", *counted], len(orders))


def test_an_address_that_does_not_exist_gets_no_more_emails(
    acme: World, provider: Provider, email: Email
) -> None:
    heard = hear(acme, provider, email, {"event": "bounce", "type": "bounce", "reason": "550 no such user"})
    assert (heard.state, heard.status) == (
        "bounced",
        (StatusCode.NO_SUCH_MAILBOX, {"reason": "550 no such user"}),
    )
    assert suppressions_of(acme, email.recipient) == {("bounced", "")}


@pytest.mark.parametrize("kind", ["blocked", "expired"])
def test_an_email_that_was_turned_away_once_does_not_end_the_address(
    acme: World, provider: Provider, email: Email, kind: str
) -> None:
    heard = hear(acme, provider, email, {"event": "bounce", "type": kind, "reason": "554 not today"})
    assert (heard.state, heard.status) == (
        "bounced",
        (StatusCode.TURNED_AWAY, {"reason": "554 not today"}),
    )
    assert suppressions_of(acme, email.recipient) == set()
    assert days(acme) == {"bounced": 1}


def test_who_marks_an_email_as_spam_gets_no_more(acme: World, provider: Provider, email: Email) -> None:
    assert hear(acme, provider, email, "spamreport").state == "complained"
    assert suppressions_of(acme, email.recipient) == {("complained", "")}


def test_what_the_provider_drops_failed_and_says_why(acme: World, provider: Provider, email: Email) -> None:
    heard = hear(acme, provider, email, {"event": "dropped", "reason": "Spam Content"})
    assert (heard.state, heard.status) == ("failed", (StatusCode.DROPPED, {"reason": "Spam Content"}))
    assert suppressions_of(acme, email.recipient) == set(), "that is no word about its reader"


@pytest.mark.parametrize(
    ("reason", "listed"),
    [
        ("Bounced Address", ("bounced", "")),
        ("Spam Reporting Address", ("complained", "")),
        ("Unsubscribed Address", ("unsubscribed", "news")),
    ],
)
def test_an_address_on_a_list_of_the_provider_comes_onto_ours(
    acme: World, provider: Provider, reason: str, listed: tuple[str, str]
) -> None:
    ada = reader(acme, ConsentPurpose.NEWS)
    ledger = consent_history(acme, ada)
    heard = hear(acme, provider, email_to(acme, ada, "news"), {"event": "dropped", "reason": reason})
    assert (heard.state, heard.status) == ("failed", (StatusCode.DROPPED, {"reason": reason}))
    assert suppressions_of(acme, ada.email) == {listed}
    assert (days(acme), consent_history(acme, ada)) == ({}, ledger), (
        "nothing came back today, nobody said no today"
    )


@pytest.mark.parametrize("kind", ["unsubscribe", "group_unsubscribe"])
def test_who_unsubscribes_with_the_provider_is_out_of_that_purpose(
    acme: World, provider: Provider, kind: str
) -> None:
    ada = reader(acme, ConsentPurpose.NEWS, ConsentPurpose.CALLS)
    heard = hear(acme, provider, email_to(acme, ada, "news"), kind)
    assert heard.state == "accepted"
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "news")}
    assert consent_history(acme, ada)[-1] == ("news", False, "letter")


def test_who_agreed_again_is_not_thrown_out_by_an_old_event_told_once_more(
    acme: World, provider: Provider, travel: Any
) -> None:
    ada = reader(acme, ConsentPurpose.NEWS)
    left = about(email_to(acme, ada, "news"), "unsubscribe")
    provider.tell(left)
    take_in(acme)
    agree(acme, ada, ConsentPurpose.NEWS)
    travel(days=31)
    with acme.session() as session:
        actions.delete_old_events(session)
    ledger = consent_history(acme, ada)
    provider.tell(left)
    assert take_in(acme) == 1
    assert (consent_history(acme, ada), len(lines(acme))) == (ledger, 1)


def open_by(agent: str = PHONE, at: int = AT + 60, **more: Any) -> dict[str, Any]:
    return {"event": "open", "useragent": agent, "timestamp": at} | more


def click_by(url: str = "https://x.example/1", at: int = AT + 60, agent: str = PHONE) -> dict[str, Any]:
    return {"event": "click", "useragent": agent, "timestamp": at, "url": url}


DELIVERED = {"event": "delivered", "timestamp": AT}
SEEN = {  # what happens after a delivery -> (opens, clicks, machine opens, machine clicks)
    "a person reads it": ([open_by(), click_by(at=AT + 70)], (1, 1, 0, 0)),
    "a person reads it twice": ([open_by(), open_by(at=AT + 4000)], (2, 0, 0, 0)),
    "a person presses a link twice": ([click_by(), click_by(at=AT + 61)], (0, 2, 0, 0)),
    "a mail app fetches pictures for its owner": ([open_by(sg_machine_open=True)], (0, 0, 1, 0)),
    "a proxy of Gmail asks when it is opened": ([open_by("Mozilla/5.0 GoogleImageProxy")], (1, 0, 0, 0)),
    "a scanner says who it is": ([click_by(agent="Barracuda Sentinel (EE)")], (0, 0, 0, 1)),
    "somebody without a name": ([click_by(agent="")], (0, 0, 0, 1)),
    "a scanner is quicker than any reader": ([open_by(at=AT + 3), click_by(at=AT + 9)], (0, 0, 1, 1)),
    "a scanner opens every link at once": (
        [click_by(f"https://x.example/{n}", AT + 90 + n) for n in range(3)],
        (0, 0, 0, 3),
    ),
    "a scanner opens one link three times": ([click_by(at=AT + 90) for _ in range(3)], (0, 0, 0, 3)),
    "a scanner loads the picture, too": (
        [open_by(at=AT + 91), *(click_by(f"https://x.example/{n}", AT + 90) for n in range(2))],
        (0, 0, 1, 2),
    ),
    "a scanner before, a person after": ([click_by(at=AT), click_by(at=AT + 600)], (0, 1, 0, 1)),
}


@pytest.mark.parametrize("story", SEEN)
def test_people_are_told_from_machines_in_any_order(
    acme: World, provider: Provider, email: Email, story: str
) -> None:
    told, counted = SEEN[story]
    backwards = email_to(acme, acme.advocate())
    for each in (DELIVERED, *told):
        hear(acme, provider, email, each)
    for each in (*reversed(told), DELIVERED):
        hear(acme, provider, backwards, each)
    for one in (acme.reload(email), acme.reload(backwards)):
        assert (one.opens, one.clicks, one.machine_opens, one.machine_clicks) == counted
        assert one.state == "delivered"


def test_what_machines_do_decides_nothing(acme: World, provider: Provider, email: Email) -> None:
    heard = hear(acme, provider, email, click_by(agent="Mimecast"), open_by(sg_machine_open=True))
    assert (heard.state, heard.status, suppressions_of(acme, email.recipient)) == (
        "accepted",
        NO_STATUS,
        set(),
    )
    assert days(acme) == {}


def test_one_event_that_cannot_be_handled_does_not_stop_the_others(
    acme: World, provider: Provider, email: Email
) -> None:
    with acme.session() as session:
        inbox.store_events(session, "sendgrid", [("broken", {"event": "open", "email_id": "no id"})])
    assert hear(acme, provider, email, "delivered").state == "delivered"
    assert all(row.handled_at for row in kept(acme))


def test_events_are_forgotten_after_thirty_days_unless_nobody_looked_at_them(
    acme: World, provider: Provider, email: Email, travel: Any
) -> None:
    hear(acme, provider, email, "processed", "delivered")
    provider.tell(about(email, "open"))
    for days_on, left in ((29, 3), (2, 1)):
        travel(days=days_on)
        with acme.session() as session:
            actions.delete_old_events(session)
        assert len(kept(acme)) == left
    assert len(lines(acme)) == 2


def test_workers_at_once_take_in_each_event_once(acme: World, provider: Provider) -> None:
    emails = [email_to(acme, None, **NOT_TAKEN["unknown"] | FRESH) for _ in range(300)]
    for kind in ("delivered", "processed", "open"):
        provider.tell(*(about(email, kind) for email in emails))
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: delivery_events.handle(), range(4)))
    while take_in(acme):
        pass
    assert days(acme) == {"accepted": 300, "delivered": 300}
    assert len(lines(acme)) == 900
    assert all(acme.reload(email).state == "delivered" for email in emails[::50])


def test_the_ticker_wakes_somebody_while_events_wait(acme: World, provider: Provider, email: Email) -> None:
    assert acme.tenant_id not in delivery_events.due()
    provider.tell(about(email, "delivered"))
    assert acme.tenant_id in delivery_events.due()
    take_in(acme)
    assert acme.tenant_id not in delivery_events.due()
    assert timedelta(days=30) == actions.RETENTION
