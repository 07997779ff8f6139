"""What counts in which month, and who was active when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from portal import policies
from portal.advocates import actions as advocates
from portal.advocates.models import Advocate, AdvocateState
from portal.advocates.policies import ACTIVE_DAYS
from portal.metrics.queries import EnrollmentCount, MonthCounts, ReferenceVolume, RequestCohort, count
from portal.references.models import RequestState
from tenants.clock import utc_now
from tenants.models import Role
from tests.fixture_types import Travel
from tests.metrics.past_records import act, asked, at
from tests.world import World

AUTUMN = [at(2026, 9, 1, 0), at(2026, 10, 1, 0), at(2026, 11, 1, 0)]


def autumn(world: World) -> list[MonthCounts]:
    """September and October."""
    with world.session() as session:
        return list(count(session, AUTUMN, [], []).months)


def pool_at(world: World, *moments: datetime, days: int = 180) -> list[EnrollmentCount]:
    with world.session() as session:
        return list(count(session, AUTUMN, moments, [days] * len(moments)).enrollments)


def test_requests_count_in_the_month_they_were_sent_by_what_became_of_them(acme: World) -> None:
    first = asked(acme, at(2026, 9, 3), RequestState.DELIVERED)
    asked(acme, at(2026, 9, 4), RequestState.CLOSED)
    asked(acme, at(2026, 9, 5), RequestState.MATCHING)
    asked(acme, at(2026, 9, 6), RequestState.CONTENT_ACCEPTED)
    asked(acme, at(2026, 9, 7), RequestState.UNFULFILLED)
    asked(acme, at(2026, 9, 8), RequestState.WITHDRAWN)
    asked(acme, at(2026, 9, 9), RequestState.DUPLICATE, duplicate_of_id=first.id)
    asked(acme, at(2026, 10, 1), RequestState.DELIVERED, off_platform=True)
    september, october = (month.cohort for month in autumn(acme))
    assert september == RequestCohort(
        requested=5, delivered=2, open=1, content=1, unfulfilled=1, withdrawn=1, duplicates=1
    )
    assert october == RequestCohort(requested=1, delivered=1, off_platform=1)


def test_the_last_minute_of_a_month_is_the_workspaces_own(acme: World) -> None:
    asked(acme, at(2026, 10, 1, 0) - timedelta(seconds=1), RequestState.MATCHING)
    asked(acme, at(2026, 10, 1, 0), RequestState.MATCHING)
    assert [month.cohort.requested for month in autumn(acme)] == [1, 1]


def test_references_count_on_the_day_they_were_delivered_each_of_them(acme: World) -> None:
    ada, grace = acme.advocate(), acme.advocate()
    act(acme, ada, at(2026, 9, 30, 23))
    act(acme, grace, at(2026, 10, 2))
    act(acme, ada, at(2026, 10, 2), off_platform=True)
    act(acme, ada, at(2026, 10, 3), subject_type="reviews")
    assert [month.volume for month in autumn(acme)] == [ReferenceVolume(1, 0), ReferenceVolume(2, 1)]


def test_a_month_without_anything_counts_nothing(acme: World) -> None:
    assert autumn(acme) == [MonthCounts(), MonthCounts()]
    assert pool_at(acme, *AUTUMN) == [EnrollmentCount(has_begun=False)] * 3


def test_one_act_makes_active_for_as_many_days_as_the_setting_says(acme: World) -> None:
    ada = acme.advocate(enrolled_at=at(2026, 1, 1))
    acme.advocate(enrolled_at=at(2026, 1, 1))
    done = at(2026, 3, 1).astimezone(UTC)
    act(acme, ada, done)
    act(acme, ada, done)
    second, last = timedelta(seconds=1), done + timedelta(days=180)
    assert pool_at(acme, done, done + second, last, last + second) == [
        EnrollmentCount(2, 0), EnrollmentCount(2, 1), EnrollmentCount(2, 1), EnrollmentCount(2, 0),
    ]  # fmt: skip


def test_a_new_rule_leaves_the_months_that_are_over_as_they_were_counted(acme: World, travel: Travel) -> None:
    """Ada acted 100 days ago; from today on an act counts for 30 days only."""
    ada = acme.advocate(enrolled_at=utc_now() - timedelta(days=200))
    act(acme, ada, utc_now() - timedelta(days=100))
    admin = acme.member(Role.ADMIN)
    yesterday = utc_now() - timedelta(days=1)
    with acme.session() as session:
        policies.change(session, ACTIVE_DAYS, 30, by=admin)
    travel(minutes=1)
    moments = [yesterday, utc_now()]
    with acme.session() as session:
        days = policies.values_at(session, ACTIVE_DAYS, moments)
        then, now = count(session, AUTUMN, moments, days).enrollments
    assert days == [180, 30]
    assert (then.active, now.active) == (1, 0)


def test_only_who_is_enrolled_that_day_counts(acme: World) -> None:
    candidate = acme.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None)
    acme.advocate(state=AdvocateState.INVITED, enrolled_at=None)
    acme.advocate(state=AdvocateState.REFUSED, enrolled_at=None, left_at=at(2026, 9, 1))
    acme.advocate(state=AdvocateState.PAUSED, paused_at=at(2026, 9, 1), enrolled_at=at(2026, 9, 1))
    gone = acme.advocate(state=AdvocateState.DEPARTED, enrolled_at=at(2026, 2, 1), left_at=at(2026, 10, 15))
    act(acme, gone, at(2026, 9, 1))
    act(acme, candidate, at(2026, 9, 1))
    assert pool_at(acme, at(2026, 8, 31), at(2026, 10, 1), at(2026, 10, 16), at(2026, 11, 1)) == [
        EnrollmentCount(1, 0), EnrollmentCount(2, 1), EnrollmentCount(1, 0), EnrollmentCount(1, 0),
    ]  # fmt: skip


def again(world: World, ada: Advocate, act_on: Callable[..., None]) -> None:
    with world.session() as session:
        act_on(session, session.get_one(Advocate, (ada.tenant_id, ada.id)))


def test_somebody_who_left_and_came_back_was_not_there_in_between(acme: World, travel: Travel) -> None:
    ada = acme.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None)
    moments = [utc_now()]
    for move in (advocates.enroll, advocates.depart, advocates.enroll):
        travel(days=10)
        again(acme, ada, move)
        moments.append(utc_now())
    assert [pool.enrolled for pool in pool_at(acme, *moments)] == [0, 1, 0, 1]


def test_the_same_moment_twice_counts_everybody_once(acme: World) -> None:
    act(acme, acme.advocate(enrolled_at=at(2026, 1, 1)), at(2026, 9, 1))
    assert pool_at(acme, at(2026, 10, 1), at(2026, 10, 1)) == [EnrollmentCount(1, 1)] * 2


def test_another_workspaces_numbers_are_its_own(acme: World, globex: World) -> None:
    asked(globex, at(2026, 9, 3), RequestState.DELIVERED)
    act(globex, globex.advocate(enrolled_at=at(2026, 1, 1)), at(2026, 9, 3))
    assert autumn(acme)[0] == MonthCounts()
    assert pool_at(acme, AUTUMN[1]) == [EnrollmentCount(has_begun=False)]
