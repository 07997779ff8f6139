"""Working time: weekends, holidays and the two nights a year when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from portal.references.business_calendar import DAY, BusinessCalendar, calendar_of

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = BusinessCalendar(BERLIN)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_two_working_days_after_monday_is_wednesday_at_the_same_hour() -> None:
    assert OFFICE.add_working_time(at("2026-11-23 09:14"), 2 * DAY) == at("2026-11-25 09:14")


def test_a_weekend_does_not_count() -> None:
    assert OFFICE.add_working_time(at("2026-11-20 17:00"), DAY) == at("2026-11-23 17:00")
    assert OFFICE.add_working_time(at("2026-11-21 12:00"), DAY) == at("2026-11-24 00:00")
    assert OFFICE.working_time_between(at("2026-11-20 22:00"), at("2026-11-23 02:00")) == timedelta(hours=4)


def test_the_hour_stays_when_the_clocks_change_over_the_weekend() -> None:
    assert OFFICE.add_working_time(at("2026-10-23 09:00"), DAY) == at("2026-10-26 09:00")
    assert OFFICE.add_working_time(at("2027-03-26 09:00"), DAY) == at("2027-03-29 09:00")
    assert OFFICE.working_time_between(at("2026-10-23 09:00"), at("2026-10-26 09:00")) == DAY


def test_the_country_of_the_zone_decides_what_is_a_holiday() -> None:
    unity_day = date(2025, 10, 3)
    assert not calendar_of("Europe/Berlin").is_open(unity_day)
    assert calendar_of("America/Chicago").is_open(unity_day)
    assert calendar_of("Europe/Berlin", with_holidays=False).is_open(unity_day)
    assert calendar_of("UTC").is_open(unity_day)


def test_nothing_falls_due_while_nobody_works() -> None:
    assert OFFICE.within_office_hours(at("2026-11-25 09:14")) == at("2026-11-25 09:14")
    assert OFFICE.within_office_hours(at("2026-11-25 00:00")) == at("2026-11-24 18:00")
    assert OFFICE.within_office_hours(at("2026-12-05 00:00")) == at("2026-12-04 18:00")
    assert OFFICE.within_office_hours(at("2026-11-23 07:00")) == at("2026-11-20 18:00")
    assert OFFICE.within_office_hours(at("2026-11-23 20:00")) == at("2026-11-23 18:00")


def test_days_to_answer_skip_what_is_closed() -> None:
    assert calendar_of("Europe/Berlin").days_after(date(2026, 12, 23), 2) == date(2026, 12, 28)


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
def test_what_passes_until_it_is_due_is_what_was_allowed(start: datetime, allowed: timedelta) -> None:
    """The nights of change aside, when the wall clock shows an hour twice or not at all."""
    due = OFFICE.add_working_time(start, allowed)
    assert abs(OFFICE.working_time_between(start, due) - allowed) <= timedelta(hours=1)
    assert OFFICE.is_open(due.astimezone(BERLIN).date()) or due.astimezone(BERLIN).hour == 0
