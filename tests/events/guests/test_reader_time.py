"""Organizer, guest and server in three zones: whose clock stands on the page."""

from datetime import UTC, datetime

import pytest

from portal.events.guests.reader_time import ReaderTime
from portal.events.models import Event, EventFormat

BERLIN, KOLKATA, LONDON = "Europe/Berlin", "Asia/Kolkata", "Europe/London"
STARTS, ENDS = datetime(2027, 1, 21, 17, tzinfo=UTC), datetime(2027, 1, 21, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("where", "own", "large", "small", "one_day"),
    [
        ("in_person", KOLKATA, BERLIN, KOLKATA, True),  # at the place its clock counts
        ("online", KOLKATA, KOLKATA, BERLIN, False),
        ("hybrid", LONDON, LONDON, BERLIN, True),
        ("online", "Europe/Stockholm", "Europe/Stockholm", "", True),  # both show the same
        ("online", "", BERLIN, "", True),
    ],
)
def test_a_place_has_its_own_clock_and_an_event_online_the_readers(
    where: str, own: str, large: str, small: str, one_day: bool
) -> None:
    event = Event(starts_at=STARTS, ends_at=ENDS, time_zone=BERLIN, format=EventFormat(where))
    time = ReaderTime.of(event, own)
    assert (time.zone, time.other_zone, time.is_one_day) == (large, small, one_day)
