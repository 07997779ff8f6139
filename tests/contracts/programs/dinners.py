"""Dinners, the program that lives in tests alone: guests say which dish, may change their mind, and get no email."""

from datetime import timedelta

from portal.advocates.models import Advocate
from portal.asks import actions, queries
from portal.asks.models import Ask
from tenants.clock import utc_now
from tenants.models import Membership
from tests.asks.dinners import DINNERS, KIND
from tests.contracts.program_case import ProgramCase
from tests.fixture_types import Travel
from tests.world import World


def invite(world: World, by: Membership, person: Advocate) -> None:
    today = utc_now().date()
    dinner = world.deal("Initech", close_on=today + timedelta(days=10))
    with world.session() as session:
        due = today + timedelta(days=5)
        ask = actions.propose(
            session, KIND, person, dinner, due, helps_name="Porto", why="You know the cook."
        )
        actions.send(session, ask, by)


def dine(world: World, by: Membership, ask: Ask, travel: Travel) -> None:
    with world.session() as session:
        actions.complete(session, queries.get(session, ask.id))


CASES = (
    ProgramCase(
        program=DINNERS,
        kind=KIND,
        ask=invite,
        yes=lambda world, ask: {"dish": "Bacalhau"},
        finish=dine,
        needs_manager=lambda world, by: "Book a table",
    ),
)
