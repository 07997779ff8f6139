"""Where a workspace is at home, and which day it is there."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from portal.asks import calendar_days
from tenants.clock import utc_now
from tenants.database import tenant
from tests.fixture_types import Travel
from tests.world import World


def today(world: World) -> date:
    with world.session() as session:
        return calendar_days.today(session)


def move_to_hour(world: World, travel: Travel, place: str, hour: int) -> date:
    """The workspace moves there and the clock on, to that hour of tomorrow; its day is told."""
    with world.session() as session:
        tenant(session).time_zone = place
    there = utc_now().astimezone(ZoneInfo(place)) + timedelta(days=1)
    then = there.replace(hour=hour, minute=0).astimezone(UTC)
    travel(seconds=(then - utc_now()).total_seconds())
    return today(world)
