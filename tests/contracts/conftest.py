"""Every test here is run for every program, in a workspace that uses it."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from portal.declarations.programs import PROGRAMS
from tests.asks.dinners import declared
from tests.client import Client
from tests.contracts.cases import CASES
from tests.contracts.program_case import ProgramCase
from tests.contracts.program_world import ProgramWorld
from tests.world import World


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Iterator[ProgramCase]:
    """`parametrize("case", BY_EMAIL, indirect=True, ids=str)` for a promise that some programs make."""
    given: ProgramCase = request.param
    is_listed = given.program.name in PROGRAMS
    with nullcontext() if is_listed else declared(given.program):
        yield given


@pytest.fixture
def here(case: ProgramCase, acme: World, client: Client) -> ProgramWorld:
    return ProgramWorld.of(case, acme, client)


@pytest.fixture
def next_door(case: ProgramCase, globex: World, client: Client) -> ProgramWorld:
    """Another workspace that uses the same program."""
    return ProgramWorld.of(case, globex, client)
