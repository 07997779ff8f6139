"""A workspace's daily limit counts emails, each on its own day, however often a worker says what became of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.gateways.mail import SendOutcome, SendResult
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.messages import claim as claiming
from portal.outreach.messages import send_results
from portal.outreach.messages.claim import ClaimedEmails
from tenants import clock
from tests.outreach.governance.test_rules import TUESDAY_TEN, news

LEASE = timedelta(seconds=60)
TUESDAY_LATE = TUESDAY_TEN.replace(hour=23, minute=59, second=40)


@pytest.fixture(autouse=True)
def _two_a_day(acme: Any) -> None:
    acme.set_outreach_policies(emails_per_day=2)


def claim(world: Any) -> ClaimedEmails:
    with world.session() as session:
        return claiming.claim(session, "mail", lease=LEASE, limit=10, gateway="smtp")


def mark(world: Any, claimed: ClaimedEmails, verdict: SendOutcome) -> None:
    with world.session() as session:
        send_results.record_results(
            session,
            claimed,
            [SendResult(one.id, verdict, "busy", retry_after=0.001) for one in claimed.emails],
        )


def counted(world: Any) -> list[int]:
    with world.session() as session:
        return list(session.scalars(select(DailyMailStats.claimed).order_by(DailyMailStats.day)))


def test_what_comes_back_after_midnight_frees_no_place_of_the_new_day(acme: Any) -> None:
    clock.set_time(TUESDAY_LATE)
    for _ in range(2):
        news(acme, acme.advocate())
    of_tuesday = claim(acme)
    clock.set_time(TUESDAY_LATE + timedelta(seconds=30))
    for _ in range(2):
        news(acme, acme.advocate())
    of_wednesday = claim(acme)
    assert (len(of_tuesday.emails), len(of_wednesday.emails)) == (2, 2)
    mark(acme, of_tuesday, SendOutcome.RETRY)
    mark(acme, of_wednesday, SendOutcome.ACCEPTED)
    clock.set_time(TUESDAY_LATE + timedelta(seconds=40))
    assert claim(acme).emails == []
    assert counted(acme) == [0, 2]


def test_what_is_marked_twice_is_given_back_once(acme: Any) -> None:
    clock.set_time(TUESDAY_TEN)
    news(acme, acme.advocate())
    mark(acme, claim(acme), SendOutcome.ACCEPTED)
    news(acme, acme.advocate())
    claimed = claim(acme)
    for _ in range(2):
        mark(acme, claimed, SendOutcome.RETRY)
    assert counted(acme) == [1]
