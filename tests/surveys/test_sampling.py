"""A sample asks everybody once a quarter, in the week that is theirs, and never sooner than 90 days later."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.audience import WEEKS, quarter_of, week_of_person, week_of_quarter

DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))
SURVEY = UUID("01a22c71-9e91-73b5-b407-047ba9f0e2d3")
WORKED_OUT = [0, 8, 4, 8, 1, 11]  # with another program: printf of both ids | sha256sum


def first_day_of_week(week: int, quarter: date) -> date:
    """Found by looking at every day."""
    return next(day for n in range(95) if week_of_quarter(day := quarter + timedelta(days=n)) == week)


@given(DAYS)
def test_a_quarter_has_thirteen_weeks_and_no_day_without_one(day: date) -> None:
    quarter = quarter_of(day)
    assert (quarter.day, quarter.month % 3, quarter <= day) == (1, 1, True)
    following = (quarter + timedelta(days=95)).replace(day=1)
    assert quarter_of(following) == following > day
    weeks = [week_of_quarter(quarter + timedelta(days=n)) for n in range((following - quarter).days)]
    assert weeks == sorted(weeks)
    assert set(weeks) == set(range(WEEKS))
    assert all(weeks.count(week) == 7 for week in range(WEEKS - 1))


@given(DAYS, st.integers(0, WEEKS - 1))
def test_between_two_turns_of_a_person_lie_at_least_90_days(day: date, week: int) -> None:
    quarter = quarter_of(day)
    following = (quarter + timedelta(days=95)).replace(day=1)
    assert first_day_of_week(week, following) - first_day_of_week(week, quarter) >= timedelta(days=90)


def test_the_week_of_a_person_follows_from_the_two_ids_alone() -> None:
    """Worked out elsewhere: sha256 of the sixteen bytes of each id, as a number, modulo 13."""
    assert [week_of_person(SURVEY, UUID(int=number)) for number in range(6)] == WORKED_OUT


def test_people_spread_evenly_over_the_weeks() -> None:
    weeks = Counter(week_of_person(SURVEY, UUID(int=number * 7919)) for number in range(13_000))
    assert set(weeks) == set(range(WEEKS))
    assert all(880 < many < 1120 for many in weeks.values())  # 1,000 expected; four deviations are 120
