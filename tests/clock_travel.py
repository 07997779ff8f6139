"""It is another time, for this process and for all that read the clock of the demo."""

from datetime import datetime, timedelta
from math import ceil

from tenants import clock
from tenants.database import system_session
from tenants.models import ClockOffset


def travel_to(moment: datetime) -> None:
    """The row keeps whole seconds: with a part of one beside it, a worker would be behind what was just written."""
    clock.set_time(moment)
    seconds = ceil(clock.offset().total_seconds())
    clock.set_offset(timedelta(seconds=seconds))
    with system_session() as session:
        session.merge(ClockOffset(is_set=True, seconds=seconds))
