"""Times to offer: working hours of both sides, in days that are worked."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.references.meetings import suggested_times
from portal.references.meetings.suggested_times import SuggestedDay

FRIDAY = datetime(2026, 11, 27, 9, tzinfo=UTC)


def offered(
    here: str,
    there: str,
    now: datetime = FRIDAY,
    until: date = date(2026, 12, 4),
    minutes: int = 20,
) -> list[SuggestedDay]:
    return suggested_times.suggested_days(here, there, now, until, minutes)


def test_stockholm_meets_chicago_in_its_late_afternoon() -> None:
    days = offered("Europe/Stockholm", "America/Chicago")
    assert [day.on.day for day in days] == [30, 1, 2, 3, 4]
    first = [at.astimezone(ZoneInfo("Europe/Stockholm")).strftime("%H:%M") for at in days[0].times]
    assert first == ["15:30", "16:30", "17:30"]


@pytest.mark.parametrize(
    "there", ["Asia/Tokyo", "Pacific/Auckland", "America/Los_Angeles", "Europe/Stockholm"]
)
def test_there_are_three_times_a_day_however_far_apart_they_live(there: str) -> None:
    for day in offered("Europe/Stockholm", there):
        assert len(day.times) == 3
        assert all(8 <= at.astimezone(ZoneInfo("Europe/Stockholm")).hour < 20 for at in day.times)


def test_a_day_that_is_too_near_still_leaves_a_week_to_choose_from() -> None:
    assert len(offered("Europe/Berlin", "Europe/Berlin", until=date(2026, 11, 28))) >= 5


def test_nobody_is_offered_a_weekend_or_a_public_holiday() -> None:
    days = offered(
        "Europe/Berlin", "Europe/Berlin", now=datetime(2026, 12, 23, 9, tzinfo=UTC), until=date(2026, 12, 31)
    )
    assert [day.on.day for day in days][:3] == [24, 28, 29]


def test_a_long_visit_ends_before_the_evening() -> None:
    (last, *_) = offered("Europe/Berlin", "Europe/Berlin", minutes=90)[0].times[::-1]
    assert last.astimezone(ZoneInfo("Europe/Berlin")).hour < 17
