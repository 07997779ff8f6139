"""From counted answers to a score, and to the range in which the true one lies in 95 of 100 cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, floor, sqrt
from statistics import NormalDist

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


def could_be_chance(now: Tally, before: Tally) -> bool:
    """Might two surveys with different scores have asked people who think alike?"""
    (one, its), (other, others) = _adjusted_tally(now), _adjusted_tally(before)
    return abs(one - other) <= Z * sqrt(its * its + others * others)


@dataclass(frozen=True)
class ScoreChart:
    """Scores with their ranges, over one another: what the picture must hold, and the target."""

    values: Sequence[int | None]
    ranges: Sequence[Interval | None]
    low: int
    high: int
    target: int | None

    @property
    def bars(self) -> str:
        """An upright line behind each score that has a range, in a box of 100 by 100."""
        return " ".join(
            f"M{self._place(place):.1f} {self._height(one.low):.1f}V{self._height(one.high):.1f}"
            for place, one in enumerate(self.ranges)
            if one is not None
        )

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


def score_chart(tallies: Sequence[Tally], target: int) -> ScoreChart:
    values, ranges = [tally.nps for tally in tallies], [tally.nps_interval for tally in tallies]
    held: list[float] = [*(value for value in values if value is not None), *([target] if target else [])]
    held += [end for one in ranges if one for end in (one.low, one.high)]
    low, high = _round_bounds(min(held, default=0), max(held, default=0))
    return ScoreChart(values, ranges, low, high, target or None)


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


def _around(middle: float, distance: float, *, lowest: float) -> Interval:
    low, high = 100 * (middle - distance), 100 * (middle + distance)
    return Interval(max(low, lowest), min(high, 100))


def _rounded(hundredfold: int, whole: int) -> int | None:
    return (2 * hundredfold + whole) // (2 * whole) if whole else None
