"""The range of a score is what a simulation of many surveys finds; few answers claim none."""

from math import comb, isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.scores import (
    ENOUGH,
    MEAN,
    NPS,
    SCORES,
    Group,
    Tally,
    nps,
    nps_interval,
    score_chart,
    share_interval,
)

COUNTS = st.integers(0, 400)
LOOK = dict(enumerate((3, 1, 2, 3, 4, 6, 12, 24, 39, 52, 66)))  # 212 answers of 508 asked


def test_nine_and_ten_promote_seven_and_eight_do_not_count_the_others_detract() -> None:
    assert [Group.of(score).value for score in SCORES] == [
        *["detractors"] * 7,
        *["passives"] * 2,
        *["promoters"] * 2,
    ]
    tally = Tally(508, LOOK)
    assert [tally.count(group) for group in Group] == [118, 63, 31]
    assert (tally.nps, tally.answered, tally.response) == (41, 212, 42)


def test_the_score_of_nobody_is_none_and_a_half_goes_up() -> None:
    assert (nps(0, 0, 0), Tally(0).response, Tally(9).nps, Tally(9).response) == (None, None, None, 0)
    assert (nps(1, 0, 8), nps(0, 1, 8), nps(3, 0, 8)) == (13, -12, 38)


def test_the_interval_is_worked_out_with_three_answers_that_nobody_gave() -> None:
    """By hand: 118 promoters and 31 detractors of 212."""
    up, down = 118.75 / 215, 31.75 / 215
    error = ((up * (1 - up) + down * (1 - down) + 2 * up * down) / 215) ** 0.5  # variance of a difference
    found = nps_interval(118, 31, 212)
    assert isclose(found.low, 100 * (up - down - 1.959964 * error), abs_tol=1e-4)
    assert isclose(found.high, 100 * (up - down + 1.959964 * error), abs_tol=1e-4)
    assert (round(found.low), round(found.high)) == (31, 50)


@pytest.mark.parametrize(("up", "down", "n"), [(0.55, 0.15, 40), (0.2, 0.5, 60), (0.9, 0.02, 35)])
def test_in_nineteen_of_twenty_surveys_the_true_score_lies_within(up: float, down: float, n: int) -> None:
    """Oracle: the exact chance of every outcome of such a survey, added up over those whose range holds the truth."""
    chance = 0.0
    for promoters in range(n + 1):
        for detractors in range(n - promoters + 1):
            found = nps_interval(promoters, detractors, n)
            if found.low <= 100 * (up - down) <= found.high:
                rest = n - promoters - detractors
                ways = comb(n, promoters) * comb(n - promoters, detractors)
                chance += ways * up**promoters * down**detractors * (1 - up - down) ** rest
    assert 0.93 < chance < 0.985


@given(COUNTS, COUNTS, COUNTS)
def test_the_range_stays_on_the_scale_and_mirrors_itself(
    promoters: int, passives: int, detractors: int
) -> None:
    answers = promoters + passives + detractors
    found, mirrored = (
        nps_interval(promoters, detractors, answers),
        nps_interval(detractors, promoters, answers),
    )
    assert -100 <= found.low <= found.high <= 100
    assert isclose(found.low, -mirrored.high, abs_tol=1e-9)
    if answers >= ENOUGH:
        assert found.low - 9 <= (nps(promoters, detractors, answers) or 0) <= found.high + 9


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_has_the_bounds_at_which_it_would_just_be_believed(given_counts: tuple[int, int]) -> None:
    """Wilson's own definition: at a bound the share observed is exactly 1.96 standard errors away."""
    part, whole = given_counts
    found, z = share_interval(part, whole), 1.959964
    for bound in (found.low / 100, found.high / 100):
        if 0 < bound < 1:
            distance = abs(part / whole - bound)
            assert isclose(distance, z * (bound * (1 - bound) / whole) ** 0.5, abs_tol=1e-5)


def test_with_fewer_than_thirty_answers_no_range_is_claimed() -> None:
    few, enough = Tally(40, {9: 29}), Tally(40, {9: 30})
    assert (few.nps_interval, few.share_interval(29), few.has_enough) == (None, None, False)
    assert enough.nps_interval is not None
    assert enough.share_interval(30) is not None


def test_a_small_rise_may_be_chance_and_a_large_one_of_many_answers_is_not() -> None:
    spring = Tally(430, {10: 90, 8: 45, 3: 33})
    assert NPS.could_be_chance(Tally(508, LOOK), spring)
    assert not NPS.could_be_chance(Tally(5000, {10: 1500, 3: 500}), Tally(5000, {10: 1000, 3: 1000}))


def test_two_surveys_of_people_who_think_alike_are_told_apart_once_in_twenty() -> None:
    chance, told_apart = Random(7), 0
    for _ in range(600):
        one, other = ({10: 0, 8: 0, 2: 0} for _ in range(2))
        for answers in (one, other):
            for score in chance.choices((10, 8, 2), (0.5, 0.3, 0.2), k=120):
                answers[score] += 1
        told_apart += not NPS.could_be_chance(Tally(120, one), Tally(120, other))
    assert told_apart < 50  # 30 expected


@pytest.mark.parametrize(
    ("answers", "target", "bounds"),
    [
        ({}, 0, (0, 20)),
        ({10: 5}, 40, (40, 60)),
        ({10: 50}, 40, (40, 100)),
        ({2: 50}, 0, (-100, -80)),
        ({10: 30, 2: 20}, 40, (-20, 60)),
        (LOOK, 40, (20, 60)),
    ],
)
def test_a_picture_holds_every_score_its_range_and_the_target_and_never_leaves_the_scale(
    answers: dict[int, int], target: int, bounds: tuple[int, int]
) -> None:
    chart = score_chart([Tally(600, answers)], [target], NPS)
    assert (chart.low, chart.high) == bounds


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, 25.53, 36.62),
        (15, 148, 6.24, 16.05),
        (0, 20, 0.00, 16.11),
        (1, 29, 0.61, 17.18),
    ],
)
def test_the_range_of_a_share_is_the_one_that_newcombe_printed(
    part: int, whole: int, low: float, high: float
) -> None:
    found = share_interval(part, whole)
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)


def test_an_average_is_told_to_a_tenth_and_its_range_is_that_of_a_mean() -> None:
    tally = Tally(40, {7: 20, 8: 20})  # standard deviation 0.506, of the mean 0.080
    assert (tally.mean, Tally(3, {7: 3, 8: 1}).mean, Tally().mean) == (7.5, 7.3, None)
    assert tally.mean_interval is not None
    assert (round(tally.mean_interval.low, 3), round(tally.mean_interval.high, 3)) == (7.343, 7.657)
    assert (Tally(29, {7: 29}).mean_interval, MEAN.change(tally, Tally(29, {7: 29}))) == (None, None)
    assert (MEAN.change(tally, Tally(30, {7: 30})), MEAN.change(Tally(30, {7: 30}), tally)) == (0.5, -0.5)
    assert not MEAN.could_be_chance(tally, Tally(30, {7: 29, 8: 1}))
    assert MEAN.could_be_chance(tally, Tally(40, {7: 19, 8: 21}))
