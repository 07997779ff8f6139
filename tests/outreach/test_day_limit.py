"""A workspace's daily limit counts letters, each on its own day, however often a worker says what became of them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.gateways.mail import Receipt, Verdict
from portal.outreach import claims
from portal.outreach.claims import Claim
from portal.outreach.models import MailDay
from tenants import clock
from tests.outreach.test_governance import TUESDAY_TEN, news

LEASE = timedelta(seconds=60)
TUESDAY_LATE = TUESDAY_TEN.replace(hour=23, minute=59, second=40)


@pytest.fixture(autouse=True)
def _two_a_day(acme: Any) -> None:
    acme.allows(letters_a_day=2)


def claim(world: Any) -> Claim:
    with world.session() as session:
        return claims.claim(session, "mail", lease=LEASE, most=10, gateway="smtp")


def mark(world: Any, claimed: Claim, verdict: Verdict) -> None:
    with world.session() as session:
        claims.mark(
            session, claimed, [Receipt(one.id, verdict, "busy", wait=0.001) for one in claimed.letters]
        )


def counted(world: Any) -> list[int]:
    with world.session() as session:
        return list(session.scalars(select(MailDay.claimed).order_by(MailDay.day)))


def test_what_comes_back_after_midnight_frees_no_place_of_the_new_day(acme: Any) -> None:
    clock.go_to(TUESDAY_LATE)
    for _ in range(2):
        news(acme, acme.advocate())
    of_tuesday = claim(acme)
    clock.go_to(TUESDAY_LATE + timedelta(seconds=30))
    for _ in range(2):
        news(acme, acme.advocate())
    of_wednesday = claim(acme)
    assert (len(of_tuesday.letters), len(of_wednesday.letters)) == (2, 2)
    mark(acme, of_tuesday, Verdict.RETRY)
    mark(acme, of_wednesday, Verdict.ACCEPTED)
    clock.go_to(TUESDAY_LATE + timedelta(seconds=40))
    assert claim(acme).letters == []
    assert counted(acme) == [0, 2]


def test_what_is_marked_twice_is_given_back_once(acme: Any) -> None:
    clock.go_to(TUESDAY_TEN)
    news(acme, acme.advocate())
    mark(acme, claim(acme), Verdict.ACCEPTED)
    news(acme, acme.advocate())
    claimed = claim(acme)
    for _ in range(2):
        mark(acme, claimed, Verdict.RETRY)
    assert counted(acme) == [1]
