"""The geometry of a trend: numbers become paths in a box of 100 by 100, gaps stay gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

Point = tuple[float, float]
Numbers = Sequence[float | None]


@dataclass(frozen=True)
class TrendCurve:
    """`target` is the height of the last one. The way to a number that still changes is a path of its own."""

    line: str
    dots: str
    target: float | None
    target_line: str = ""
    running_line: str = ""
    running_dot: str = ""


def trend_curve(
    values: Numbers,
    low: float,
    high: float,
    target: float | Numbers | None = None,
    *,
    edge: bool = False,
    is_running: bool = False,
) -> TrendCurve:
    """`edge`: from side to side; else each point stands in the middle of its column.

    A target is one number, or one for each value. `is_running`: the last value is not final.
    """
    points = _points(values, low, high, edge)
    settled = [*points[:-1], None] if is_running else points
    runs = [[point for point in run if point] for known, run in groupby(settled, key=bool) if known]
    lone = [run[0] for run in runs if len(run) == 1]
    dots = lone if is_running or not runs or len(runs[-1]) == 1 else [*lone, runs[-1][-1]]
    targets = _targets(target, len(values))
    return TrendCurve(
        line=" ".join(_path(run) for run in runs if len(run) > 1),
        dots=_dots(dots),
        target=round(_height(targets[-1], low, high), 1) if targets and targets[-1] is not None else None,
        target_line=_steps(targets, low, high, edge),
        running_line=_path(points[-2:]) if is_running and len(points) > 1 and all(points[-2:]) else "",
        running_dot=_dots([point for point in points[-1:] if point]) if is_running else "",
    )


def upright_lines(
    ranges: Sequence[tuple[float, float] | None], low: float, high: float, *, edge: bool = False
) -> str:
    """One for each range, at the place of its value."""
    return " ".join(
        f"M{_across(i, len(ranges), edge):.1f} {_height(one[0], low, high):.1f}V{_height(one[1], low, high):.1f}"
        for i, one in enumerate(ranges)
        if one is not None
    )


def rounded_range(values: Numbers, target: float | None = None, step: int = 10) -> tuple[int, int]:
    seen = [value for value in (*values, target) if value is not None] or [0]
    low = int(min(seen) // step * step)
    high = int(-(-max(seen) // step) * step)
    return low, high if high > low else low + step


def _points(values: Numbers, low: float, high: float, edge: bool) -> list[Point | None]:
    return [
        None if value is None else (_across(i, len(values), edge), _height(value, low, high))
        for i, value in enumerate(values)
    ]


def _targets(target: float | Numbers | None, count: int) -> Numbers:
    return list(target) if isinstance(target, Sequence) else [target] * max(count, 1)


def _steps(targets: Numbers, low: float, high: float, edge: bool) -> str:
    """A level line for as long as the target stays the same, from between two columns to between two others."""
    ends = [_between(i, len(targets), edge) for i in range(len(targets) + 1)]
    steps, start = [], 0
    for target, run in groupby(targets):
        end = start + len(list(run))
        if target is not None:
            steps.append(f"M{ends[start]:g} {_height(target, low, high):.1f}H{ends[end]:g}")
        start = end
    return " ".join(steps)


def _between(i: int, count: int, edge: bool) -> float:
    """Where column i begins."""
    place = (i - 0.5) / max(count - 1, 1) if edge else i / count
    return round(min(max(place, 0), 1) * 100, 1)


def _across(i: int, count: int, edge: bool) -> float:
    return i / max(count - 1, 1) * 100 if edge else (i + 0.5) / count * 100


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / ((high - low) or 1)
    return 100 - min(max(share, 0), 1) * 100


def _path(run: Sequence[Point | None]) -> str:
    return "M" + " L".join(f"{point[0]:.1f} {point[1]:.1f}" for point in run if point)


def _dots(points: Sequence[Point]) -> str:
    return " ".join(f"M{x:.1f} {y:.1f}h.01" for x, y in points)
