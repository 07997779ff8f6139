"""The hours in which people read emails: by their own clock, on the days they work."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.outreach.governance.sending_hours import SendingHours

OFFICE = SendingHours(8, 18, weekdays_only=True)


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-12-01 10:00", None),
        ("2026-12-01 07:59", "2026-12-01 08:00"),
        ("2026-12-01 18:00", "2026-12-02 08:00"),
        ("2026-12-04 17:59", None),
        ("2026-12-04 18:01", "2026-12-07 08:00"),
        ("2026-12-05 12:00", "2026-12-07 08:00"),
        ("2026-12-06 23:59", "2026-12-07 08:00"),
    ],
)
@pytest.mark.parametrize(
    "zone", ["Europe/Stockholm", "America/Chicago", "Asia/Kathmandu", "Pacific/Auckland"]
)
def test_people_are_written_to_in_their_own_office_hours(when: str, opens: str | None, zone: str) -> None:
    here = ZoneInfo(zone)
    at = datetime.fromisoformat(when).replace(tzinfo=here)
    found = OFFICE.next_opening(at, here)
    assert found == (datetime.fromisoformat(opens).replace(tzinfo=here).astimezone(UTC) if opens else None)


def test_on_the_day_the_clocks_change_eight_is_eight() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    saturday_night = datetime(2026, 3, 28, 23, 0, tzinfo=berlin)
    assert SendingHours(8, 18, weekdays_only=False).next_opening(saturday_night, berlin) == datetime(
        2026, 3, 29, 6, tzinfo=UTC
    )
