"""Settings count from the day they were changed: no month, quarter or target of before moves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import policies
from portal.metrics.calculations import MetricReading, report
from portal.policies import Policy
from portal.references.metrics import FULFILLMENT_TARGET, VOLUME_TARGET
from portal.references.models import RequestState
from portal.reporting.calendar import ReportingCalendar, reporting_calendar
from portal.reporting.periods import PeriodChoice, months_period
from portal.reporting.policies import FISCAL_YEAR_START
from portal.workspace.brand_actions import BrandSettings, change_settings
from portal.zone_changes import EVER, NEVER, ZonePeriod, day_at, day_starts
from tenants import clock
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Membership, Role
from tests.metrics.past_records import asked
from tests.world import World

Travel = Callable[..., None]
ZONES = (
    *("Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "UTC"),
    *("Pacific/Kiritimati", "Pacific/Pago_Pago"),
)


@pytest.fixture
def admin(acme: World) -> Membership:
    return acme.member(Role.ADMIN)


@pytest.fixture
def at_moment(travel: Travel) -> Callable[[datetime], None]:
    return lambda moment: travel(seconds=(moment - utc_now()).total_seconds())


@contextmanager
def calendar(world: World) -> Iterator[ReportingCalendar]:
    with world.session() as session:
        yield reporting_calendar(session)


def set_policy(world: World, policy: Policy, value: int, by: Membership) -> None:
    with world.session() as session:
        policies.change(session, policy, value, by=by)


def move_to(world: World, zone: str, by: Membership) -> None:
    with world.session() as session:
        here = tenant(session)
        given = {name: getattr(here, name) for name in BrandSettings.__dataclass_fields__}
        change_settings(session, BrandSettings(**given | {"time_zone": zone}), by=by)


def readings(world: World, choice: PeriodChoice) -> dict[str, MetricReading]:
    with world.session() as session:
        return {one.metric.name: one for one in report(session, choice).readings}


def in_zone(zone: str, *day: int) -> datetime:
    return datetime(*day, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]


NEXT = utc_now().year + 1  # tests travel ahead only


def test_a_month_that_closed_in_the_old_zone_keeps_its_bounds(
    acme: World, admin: Membership, at_moment: Callable[[datetime], None]
) -> None:
    berlin, angeles = "Europe/Berlin", "America/Los_Angeles"
    at_moment(in_zone(berlin, NEXT, 3, 10, 12))
    move_to(acme, angeles, admin)
    with calendar(acme) as here:
        march, april = here.starts([date(NEXT, 3, 1), date(NEXT, 4, 1)])
        assert here.zone == angeles
    assert (march, april) == (in_zone(berlin, NEXT, 3, 1), in_zone(angeles, NEXT, 4, 1))


def test_a_request_stays_in_its_month_when_the_workspace_moves(
    acme: World, admin: Membership, at_moment: Callable[[datetime], None]
) -> None:
    """Sent at half past midnight of 1 March in Berlin, which is still February in Los Angeles."""
    at_moment(in_zone("Europe/Berlin", NEXT, 4, 20, 12))
    asked(acme, in_zone("Europe/Berlin", NEXT, 3, 1, 0, 30), RequestState.DELIVERED)
    trends = []
    for zone in ("Europe/Berlin", "America/Los_Angeles"):
        move_to(acme, zone, admin)
        counts = readings(acme, PeriodChoice.TWELVE_MONTHS)["fulfillment"].trend
        trends.append([count.numbers["counted"] for count in counts])
    assert trends[0] == trends[1] == [0] * 10 + [1, 0]


def test_a_workspace_that_moves_west_in_the_first_hours_of_a_month_stays_in_it(
    acme: World, admin: Membership, at_moment: Callable[[datetime], None]
) -> None:
    """Clocks there show the last day of the month before, whose end has passed."""
    at_moment(in_zone("Europe/Berlin", NEXT, 11, 1, 3))
    asked(acme, in_zone("Europe/Berlin", NEXT, 10, 31, 23), RequestState.DELIVERED)
    asked(acme, in_zone("Europe/Berlin", NEXT, 11, 1, 2), RequestState.DELIVERED)
    move_to(acme, "America/Los_Angeles", admin)
    asked(acme, utc_now(), RequestState.DELIVERED)
    with calendar(acme) as here:
        assert here.today == date(NEXT, 11, 1)
    for choice in (PeriodChoice.QUARTER, PeriodChoice.TWELVE_MONTHS):
        trend = readings(acme, choice)["fulfillment"].trend
        assert [count.numbers["counted"] for count in trend] == [0] * 10 + [1, 2]


def zones_through_time(zones: list[str], hours: list[int]) -> list[ZonePeriod]:
    """The first zone from ever; each of the others so many hours after the one before."""
    first, steps = datetime(2026, 1, 1, tzinfo=UTC), accumulate(hours[: len(zones) - 1])
    moments = [EVER, *(first + timedelta(hours=step) for step in steps), NEVER]
    return [ZonePeriod(ZoneInfo(zone), *moments[n : n + 2]) for n, zone in enumerate(zones)]


@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    hours=st.lists(st.integers(1, 40), min_size=3, max_size=3),
    since=st.integers(0, 100),
)
def test_today_is_the_day_that_began_last(zones: list[str], hours: list[int], since: int) -> None:
    periods = zones_through_time(zones, hours)
    now = max(periods[-1].since, datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(hours=since)
    today = day_at(periods, now)
    start, end = day_starts(periods, [today, today + timedelta(days=1)])
    assert start <= now < end


@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    hours=st.lists(st.integers(1, 4000), min_size=3, max_size=3),
)
def test_days_follow_one_another_however_often_the_zone_changes(zones: list[str], hours: list[int]) -> None:
    """What had passed at a change stays; the day of a moment never goes back over a bound."""
    periods = zones_through_time(zones, hours)
    moments = [period.since for period in periods]
    days = [date(2025, 12, 20) + timedelta(days=n) for n in range(0, 400, 3)]
    starts = day_starts(periods, days)
    assert starts == sorted(set(starts))
    for number, change in enumerate(moments[1:], 1):
        before = day_starts(
            [*periods[: number - 1], ZonePeriod(periods[number - 1].zone, moments[number - 1], NEVER)], days
        )
        assert [start for start in starts if start < change] == [start for start in before if start < change]


def test_a_target_counts_from_its_day_and_leaves_earlier_months_alone(
    acme: World, admin: Membership, at_moment: Callable[[datetime], None]
) -> None:
    at_moment(in_zone("Europe/Berlin", NEXT, 5, 20, 12))
    set_policy(acme, FULFILLMENT_TARGET, 60, admin)
    at_moment(in_zone("Europe/Berlin", NEXT, 7, 5, 12))
    now, last = (
        readings(acme, choice)["fulfillment"] for choice in (PeriodChoice.QUARTER, PeriodChoice.LAST_QUARTER)
    )
    assert now.targets == [80] * 9 + [60] * 3, "from May on"
    assert last.target == 60
    set_policy(acme, FULFILLMENT_TARGET, 90, admin)
    at_moment(in_zone("Europe/Berlin", NEXT, 7, 6, 12))
    assert readings(acme, PeriodChoice.LAST_QUARTER)["fulfillment"].target == 60
    assert readings(acme, PeriodChoice.QUARTER)["fulfillment"].targets == [80] * 9 + [60, 60, 90]


def test_a_years_target_is_that_of_each_of_its_quarters(
    acme: World, admin: Membership, at_moment: Callable[[datetime], None]
) -> None:
    at_moment(in_zone("Europe/Berlin", NEXT, 5, 20, 12))
    set_policy(acme, VOLUME_TARGET, 60, admin)
    at_moment(in_zone("Europe/Berlin", NEXT, 12, 5, 12))
    set_policy(acme, VOLUME_TARGET, 90, admin)
    at_moment(in_zone("Europe/Berlin", NEXT, 12, 6, 12))
    targets = {choice: readings(acme, choice)["volume"].target for choice in PeriodChoice}
    assert targets == {
        PeriodChoice.QUARTER: 90,
        PeriodChoice.LAST_QUARTER: 60,
        PeriodChoice.YEAR: 30 + 60 + 60 + 90,
        PeriodChoice.LAST_YEAR: 4 * 30,
        PeriodChoice.TWELVE_MONTHS: 30 + 60 + 60 + 90,
    }


def test_a_new_fiscal_year_begins_with_the_next_of_its_quarters(
    acme: World, admin: Membership, at_moment: Callable[[datetime], None]
) -> None:
    at_moment(in_zone("Europe/Berlin", NEXT, 5, 10, 12))
    set_policy(acme, FISCAL_YEAR_START, 2, admin)
    at_moment(in_zone("Europe/Berlin", NEXT, 9, 20, 12))
    with calendar(acme) as here:
        now, last = here.period(PeriodChoice.QUARTER), here.period(PeriodChoice.LAST_QUARTER)
    assert (last.start, last.end) == (date(NEXT, 4, 1), date(NEXT, 8, 1))
    assert (now.start, now.end) == (date(NEXT, 8, 1), date(NEXT, 11, 1))


def test_people_are_counted_at_the_end_of_a_period_or_now(acme: World) -> None:
    with calendar(acme) as here:
        today = here.today
        closed = months_period(date(today.year - 1, 3, 1), date(today.year - 1, 4, 1), today)
        running = here.period(PeriodChoice.QUARTER)
        assert here.rows_window(closed).at == here.starts([closed.end])[0]
        assert here.rows_window(running).at == here.now
    assert clock.offset() == timedelta()
