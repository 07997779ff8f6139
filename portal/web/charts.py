"""The geometry of a trend: numbers become paths in a box of 100 by 100, gaps stay gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

Point = tuple[float, float]


@dataclass(frozen=True)
class TrendCurve:
    line: str
    dots: str
    target: float | None


def trend_curve(
    values: Sequence[float | None],
    low: float,
    high: float,
    target: float | None = None,
    *,
    edge: bool = False,
) -> TrendCurve:
    """`edge`: from side to side; else each point stands in the middle of its column."""
    runs = _runs(values, low, high, edge)
    lone = [run[0] for run in runs if len(run) == 1]
    dots = lone if not runs or len(runs[-1]) == 1 else [*lone, runs[-1][-1]]
    return TrendCurve(
        line=" ".join(_path(run) for run in runs if len(run) > 1),
        dots=" ".join(f"M{x:.1f} {y:.1f}h.01" for x, y in dots),
        target=None if target is None else round(_height(target, low, high), 1),
    )


def rounded_range(
    values: Sequence[float | None], target: float | None = None, step: int = 10
) -> tuple[int, int]:
    """The nearest round numbers around all that has to fit in the picture."""
    seen = [value for value in (*values, target) if value is not None] or [0]
    low = int(min(seen) // step * step)
    high = int(-(-max(seen) // step) * step)
    return low, high if high > low else low + step


def _runs(values: Sequence[float | None], low: float, high: float, edge: bool) -> list[list[Point]]:
    places = list(enumerate(values))
    return [
        [(_across(i, len(places), edge), _height(value, low, high)) for i, value in run if value is not None]
        for known, run in groupby(places, key=lambda place: place[1] is not None)
        if known
    ]


def _across(i: int, count: int, edge: bool) -> float:
    return i / max(count - 1, 1) * 100 if edge else (i + 0.5) / count * 100


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / ((high - low) or 1)
    return 100 - min(max(share, 0), 1) * 100


def _path(run: list[Point]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in run)
