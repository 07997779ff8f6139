"""From counted answers to a score, and to the range in which the true one lies in 95 of 100 cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, floor, sqrt
from statistics import NormalDist

from portal.web.charts import upright_lines

SCORES = range(11)
STEP = 20  # between round numbers of a chart
ENOUGH = 30  # answers: with fewer no range is claimed
Z = NormalDist().inv_cdf(0.975)
# Adjusted Wald for a difference of two shares: three answers that nobody gave pull a small sample to the middle.
PSEUDO_PROMOTERS, PSEUDO_PASSIVES, PSEUDO_DETRACTORS = 0.75, 1.5, 0.75
PSEUDO_ANSWERS = PSEUDO_PROMOTERS + PSEUDO_PASSIVES + PSEUDO_DETRACTORS


class Group(StrEnum):
    """What a score from 0 to 10 makes of its giver."""

    PROMOTERS = "promoters"
    PASSIVES = "passives"
    DETRACTORS = "detractors"

    @classmethod
    def of(cls, score: int) -> "Group":
        if score >= 9:
            return cls.PROMOTERS
        return cls.PASSIVES if score >= 7 else cls.DETRACTORS

    @property
    def scores(self) -> tuple[int, ...]:
        return tuple(score for score in SCORES if Group.of(score) is self)


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Tally:
    """Who was asked, and how often each answer was given: a score from 0 to 10, or the place of a choice."""

    asked: int = 0
    answers: Mapping[int, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        return sum(self.answers.values())

    @property
    def has_enough(self) -> bool:
        return self.answered >= ENOUGH

    @property
    def response(self) -> int | None:
        """In percent of those who were asked."""
        return _rounded(100 * self.answered, self.asked)

    def count(self, group: Group) -> int:
        return sum(self.answers.get(score, 0) for score in group.scores)

    @property
    def nps(self) -> int | None:
        return nps(self.count(Group.PROMOTERS), self.count(Group.DETRACTORS), self.answered)

    @property
    def nps_interval(self) -> Interval | None:
        if not self.has_enough:
            return None
        return nps_interval(self.count(Group.PROMOTERS), self.count(Group.DETRACTORS), self.answered)

    @property
    def mean(self) -> float | None:
        """To a tenth; halves go up."""
        tenths = _rounded(10 * self.total, self.answered)
        return None if tenths is None else tenths / 10

    @property
    def mean_interval(self) -> Interval | None:
        if not self.has_enough:
            return None
        middle, error = _mean_and_error(self)
        return Interval(max(middle - Z * error, SCORES[0]), min(middle + Z * error, SCORES[-1]))

    @property
    def total(self) -> int:
        return sum(score * number for score, number in self.answers.items())

    def share(self, number: int) -> int | None:
        """In percent of the answers."""
        return _rounded(100 * number, self.answered)

    def share_interval(self, number: int) -> Interval | None:
        return share_interval(number, self.answered) if self.has_enough else None


def nps(promoters: int, detractors: int, answers: int) -> int | None:
    """Percent of promoters minus percent of detractors, to the nearest whole; halves go up."""
    return _rounded(100 * (promoters - detractors), answers)


def nps_interval(promoters: int, detractors: int, answers: int) -> Interval:
    middle, spread = _adjusted(promoters, detractors, answers)
    return _around(middle, Z * spread, lowest=-100)


def share_interval(part: int, whole: int) -> Interval:
    """Wilson, in percent."""
    share, weight = part / whole, Z * Z / whole
    middle = (share + weight / 2) / (1 + weight)
    spread = sqrt(share * (1 - share) / whole + weight / (4 * whole)) / (1 + weight)
    return _around(middle, Z * spread, lowest=0)


@dataclass(frozen=True)
class Measure:
    """What a survey with a score says in one number, and how sure it is."""

    value: Callable[[Tally], float | None]
    interval: Callable[[Tally], Interval | None]
    middle_and_error: Callable[[Tally], tuple[float, float]]
    bounds: Callable[[float, float], tuple[int, int]]  # of a picture that must hold these

    def change(self, now: Tally, before: Tally) -> float | None:
        """None, too, where one of the two has not enough answers to say so."""
        one, other = self.value(now), self.value(before)
        if one is None or other is None or not (now.has_enough and before.has_enough):
            return None
        return round(one - other, 1)

    def could_be_chance(self, now: Tally, before: Tally) -> bool:
        """Might two surveys with different scores have asked people who think alike?"""
        (one, its), (other, others) = self.middle_and_error(now), self.middle_and_error(before)
        return abs(one - other) <= Z * sqrt(its * its + others * others)


@dataclass(frozen=True)
class ScoreChart:
    """Scores with their ranges, over one another: what the picture must hold, and the target of each round."""

    values: Sequence[float | None]
    ranges: Sequence[Interval | None]
    low: int
    high: int
    targets: Sequence[int | None]

    @property
    def target(self) -> int | None:
        return self.targets[-1]

    @property
    def bars(self) -> str:
        """An upright line behind each score that has a range, in a box of 100 by 100."""
        ends = [None if one is None else (one.low, one.high) for one in self.ranges]
        return upright_lines(ends, self.low, self.high)

    @property
    def dots(self) -> str:
        return " ".join(
            f"M{self._place(place):.1f} {self._height(value):.1f}h.01"
            for place, value in enumerate(self.values)
            if value is not None
        )

    def _place(self, place: int) -> float:
        return (place + 0.5) / len(self.values) * 100

    def _height(self, value: float) -> float:
        return 100 - 100 * (value - self.low) / (self.high - self.low)


def score_chart(tallies: Sequence[Tally], targets: Sequence[int], measure: Measure) -> ScoreChart:
    """A target of 0 is none. What has no range has no place in the picture; its number stands below."""
    ranges = [measure.interval(tally) for tally in tallies]
    values = [measure.value(tally) if one else None for tally, one in zip(tallies, ranges, strict=True)]
    held = [*(value for value in values if value is not None), *(target for target in targets if target)]
    held += [end for one in ranges if one for end in (one.low, one.high)]
    low, high = measure.bounds(min(held, default=0), max(held, default=0))
    return ScoreChart(values, ranges, low, high, [target or None for target in targets])


def _round_bounds(low: float, high: float) -> tuple[int, int]:
    """Never past the scale, and never one line alone."""
    bottom = min(floor(low / STEP) * STEP, 100 - STEP)
    return bottom, max(ceil(high / STEP) * STEP, bottom + STEP)


def _adjusted_tally(tally: Tally) -> tuple[float, float]:
    return _adjusted(tally.count(Group.PROMOTERS), tally.count(Group.DETRACTORS), tally.answered)


def _adjusted(promoters: int, detractors: int, answers: int) -> tuple[float, float]:
    """The middle of the range, as a share, and its standard error."""
    number = answers + PSEUDO_ANSWERS
    up, down = (promoters + PSEUDO_PROMOTERS) / number, (detractors + PSEUDO_DETRACTORS) / number
    return up - down, sqrt((up + down - (up - down) ** 2) / number)


def _mean_and_error(tally: Tally) -> tuple[float, float]:
    """Of at least two answers."""
    middle = tally.total / tally.answered
    spread = sum(number * (score - middle) ** 2 for score, number in tally.answers.items())
    return middle, sqrt(spread / (tally.answered - 1) / tally.answered)


def _whole_scale(low: float, high: float) -> tuple[int, int]:
    return SCORES[0], SCORES[-1]


NPS = Measure(lambda tally: tally.nps, lambda tally: tally.nps_interval, _adjusted_tally, _round_bounds)
MEAN = Measure(lambda tally: tally.mean, lambda tally: tally.mean_interval, _mean_and_error, _whole_scale)


def _around(middle: float, distance: float, *, lowest: float) -> Interval:
    low, high = 100 * (middle - distance), 100 * (middle + distance)
    return Interval(max(low, lowest), min(high, 100))


def _rounded(hundredfold: int, whole: int) -> int | None:
    return (2 * hundredfold + whole) // (2 * whole) if whole else None
