"""What counts in which month, and who was active when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from portal import policies
from portal.advocates import actions as advocates
from portal.advocates.models import Advocate, AdvocateState
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.metrics import ACTIVATION
from portal.declarations.metrics import CountWindows, Metric
from portal.metrics.queries import Count, CounterResult, count
from portal.references.metrics import FULFILLMENT, VOLUME
from portal.references.models import RequestState
from tenants.clock import utc_now
from tenants.models import Role
from tests.metrics.past_records import act, asked, at
from tests.world import World

AUTUMN = [at(2026, 9, 1, 0), at(2026, 10, 1, 0), at(2026, 11, 1, 0)]


def counted(world: World, metric: Metric, *moments: datetime) -> CounterResult:
    with world.session() as session:
        windows = CountWindows(AUTUMN, sorted(set(moments)))
        return count(session, [FULFILLMENT, VOLUME, ACTIVATION], windows)[metric.counter]


def autumn(world: World, metric: Metric) -> list[dict[str, int]]:
    """September and October: the parts that are not zero."""
    found = counted(world, metric)
    return [{name: number for name, number in found.at(n).numbers.items() if number} for n in (1, 2)]


def pool_at(world: World, *moments: datetime) -> list[tuple[int, int]]:
    """Enrolled and active."""
    found, places = counted(world, ACTIVATION, *moments), sorted(set(moments))
    counts = [found.at(places.index(moment) + 1).numbers for moment in moments]
    assert all(one["quiet"] == one["everyone"] - one["active"] for one in counts)
    return [(one["everyone"], one["active"]) for one in counts]


def test_requests_count_in_the_month_they_were_sent_by_what_became_of_them(acme: World) -> None:
    first = asked(acme, at(2026, 9, 3), RequestState.DELIVERED)
    asked(acme, at(2026, 9, 4), RequestState.CLOSED)
    asked(acme, at(2026, 9, 5), RequestState.MATCHING)
    asked(acme, at(2026, 9, 6), RequestState.CONTENT_ACCEPTED)
    asked(acme, at(2026, 9, 7), RequestState.UNFULFILLED)
    asked(acme, at(2026, 9, 8), RequestState.WITHDRAWN)
    asked(acme, at(2026, 9, 9), RequestState.DUPLICATE, duplicate_of_id=first.id)
    asked(acme, at(2026, 10, 1), RequestState.DELIVERED, off_platform=True)
    september, october = autumn(acme, FULFILLMENT)
    assert september == {
        "counted": 5, "delivered": 2, "decided": 4, "open": 1, "other": 2, "left-out": 2,
        "content": 1, "unfulfilled": 1, "withdrawn": 1, "duplicates": 1,
    }  # fmt: skip
    assert october == {"counted": 1, "delivered": 1, "decided": 1, "off-platform": 1}


def test_the_last_minute_of_a_month_is_the_workspaces_own(acme: World) -> None:
    asked(acme, at(2026, 10, 1, 0) - timedelta(seconds=1), RequestState.MATCHING)
    asked(acme, at(2026, 10, 1, 0), RequestState.MATCHING)
    assert [month["counted"] for month in autumn(acme, FULFILLMENT)] == [1, 1]


def test_references_count_on_the_day_they_were_delivered_each_of_them(acme: World) -> None:
    ada, grace = acme.advocate(), acme.advocate()
    act(acme, ada, at(2026, 9, 30, 23))
    act(acme, grace, at(2026, 10, 2))
    act(acme, ada, at(2026, 10, 2), off_platform=True)
    act(acme, ada, at(2026, 10, 3), subject_type="reviews")
    assert autumn(acme, VOLUME) == [{"delivered": 1}, {"delivered": 2, "off-platform": 1}]


def test_a_month_without_anything_counts_nothing_and_has_not_begun(acme: World) -> None:
    assert (autumn(acme, FULFILLMENT), autumn(acme, VOLUME)) == ([{}, {}], [{}, {}])
    assert pool_at(acme, *AUTUMN) == [(0, 0)] * 3
    firsts = [counted(acme, metric, *AUTUMN).first for metric in (FULFILLMENT, VOLUME, ACTIVATION)]
    assert firsts == [None, None, None]


def test_each_count_knows_when_the_first_of_all_came_about(acme: World) -> None:
    sent = asked(acme, at(2025, 3, 1), RequestState.MATCHING).submitted_at
    enrolled = acme.advocate(enrolled_at=at(2025, 1, 1)).enrolled_at
    found = [counted(acme, metric).first for metric in (FULFILLMENT, VOLUME, ACTIVATION)]
    assert found == [sent, sent, enrolled]


def test_one_act_makes_active_for_as_many_days_as_the_setting_says(acme: World) -> None:
    ada = acme.advocate(enrolled_at=at(2026, 1, 1))
    acme.advocate(enrolled_at=at(2026, 1, 1))
    done = at(2026, 3, 1).astimezone(UTC)
    act(acme, ada, done)
    act(acme, ada, done)
    second, last = timedelta(seconds=1), done + timedelta(days=180)
    moments = done, done + second, last, last + second
    assert pool_at(acme, *moments) == [(2, 0), (2, 1), (2, 1), (2, 0)]


def test_a_new_rule_leaves_the_months_that_are_over_as_they_were_counted(
    acme: World, travel: Callable[..., None]
) -> None:
    """Ada acted 100 days ago; from today on an act counts for 30 days only."""
    ada = acme.advocate(enrolled_at=utc_now() - timedelta(days=200))
    act(acme, ada, utc_now() - timedelta(days=100))
    admin = acme.member(Role.ADMIN)
    yesterday = utc_now() - timedelta(days=1)
    with acme.session() as session:
        policies.change(session, ACTIVE_DAYS, 30, by=admin)
    travel(minutes=1)
    assert pool_at(acme, yesterday, utc_now()) == [(1, 1), (1, 0)]


def test_only_who_is_enrolled_that_day_counts(acme: World) -> None:
    candidate = acme.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None)
    acme.advocate(state=AdvocateState.INVITED, enrolled_at=None)
    acme.advocate(state=AdvocateState.REFUSED, enrolled_at=None, left_at=at(2026, 9, 1))
    acme.advocate(state=AdvocateState.PAUSED, paused_at=at(2026, 9, 1), enrolled_at=at(2026, 9, 1))
    gone = acme.advocate(state=AdvocateState.DEPARTED, enrolled_at=at(2026, 2, 1), left_at=at(2026, 10, 15))
    act(acme, gone, at(2026, 9, 1))
    act(acme, candidate, at(2026, 9, 1))
    moments = at(2026, 8, 31), at(2026, 10, 1), at(2026, 10, 16), at(2026, 11, 1)
    assert pool_at(acme, *moments) == [(1, 0), (2, 1), (1, 0), (1, 0)]


def again(world: World, ada: Advocate, act_on: Callable[..., None]) -> None:
    with world.session() as session:
        act_on(session, session.get_one(Advocate, (ada.tenant_id, ada.id)))


def test_somebody_who_left_and_came_back_was_not_there_in_between(
    acme: World, travel: Callable[..., None]
) -> None:
    ada = acme.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None)
    moments = [utc_now()]
    for move in (advocates.enroll, advocates.depart, advocates.enroll):
        travel(days=10)
        again(acme, ada, move)
        moments.append(utc_now())
    assert [enrolled for enrolled, _ in pool_at(acme, *moments)] == [0, 1, 0, 1]


def test_another_workspaces_numbers_are_its_own(acme: World, globex: World) -> None:
    asked(globex, at(2026, 9, 3), RequestState.DELIVERED)
    act(globex, globex.advocate(enrolled_at=at(2026, 1, 1)), at(2026, 9, 3))
    assert autumn(acme, FULFILLMENT)[0] == {}
    assert pool_at(acme, AUTUMN[1]) == [(0, 0)]


def corrected(world: World, metric: Metric) -> list[datetime | None]:
    """The places of September and October, or of their ends."""
    found = counted(world, metric, *AUTUMN[1:])
    return [found.at(n).corrected_at for n in (1, 2)]


def test_what_a_rep_logs_after_the_month_corrects_it(acme: World) -> None:
    ada, entered = acme.advocate(enrolled_at=at(2026, 1, 1)), at(2026, 10, 5).astimezone(UTC)
    late = {"off_platform": True, "created_at": entered}
    act(acme, ada, at(2026, 9, 20), **late)
    asked(acme, at(2026, 9, 20), RequestState.DELIVERED, **late)
    assert [corrected(acme, metric) for metric in (FULFILLMENT, VOLUME, ACTIVATION)] == [[entered, None]] * 3


def test_a_request_that_is_delivered_in_a_later_month_is_no_correction(acme: World) -> None:
    asked(acme, at(2026, 9, 28), RequestState.DELIVERED, delivered_at=at(2026, 10, 9))
    act(acme, acme.advocate(), at(2026, 10, 9), created_at=at(2026, 9, 29))
    assert [corrected(acme, metric) for metric in (FULFILLMENT, VOLUME)] == [[None, None]] * 2


def test_an_act_corrects_no_end_of_month_at_which_it_did_not_count(acme: World) -> None:
    """Of somebody who is not enrolled, one that was too long ago then, one that was known in time."""
    entered = at(2026, 11, 5)
    act(acme, acme.advocate(enrolled_at=entered), at(2026, 9, 20), off_platform=True, created_at=entered)
    ada = acme.advocate(enrolled_at=at(2026, 1, 1))
    act(acme, ada, at(2026, 2, 1), off_platform=True, created_at=entered)
    act(acme, ada, at(2026, 9, 2), off_platform=True, created_at=at(2026, 9, 3))
    assert corrected(acme, ACTIVATION) == [None, None]


def test_a_month_without_a_row_has_zeros_for_every_part(acme: World) -> None:
    assert counted(acme, FULFILLMENT).at(1) == Count(dict.fromkeys(FULFILLMENT.counter.parts, 0))
