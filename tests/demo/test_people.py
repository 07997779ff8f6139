"""The demo's workspace uses everything there is."""

from portal.declarations import program_switches
from portal.declarations.programs import PROGRAMS
from portal.demo import people
from tests.asks.dinners import DINNERS, declared
from tests.world import World


def test_every_program_is_on_in_the_demo(acme: World) -> None:
    with declared(DINNERS), acme.session() as session:
        assert not program_switches.is_on(session, DINNERS)
        people.add_members(session)
        assert program_switches.programs_on(session) == list(PROGRAMS)
