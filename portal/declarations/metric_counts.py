"""Small makers of counts, for the `metrics.py` of every feature."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, SQLColumnExpression, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from portal.declarations.metrics import CountWindows, Statement


def place(moment: SQLColumnExpression[Any], bounds: Sequence[datetime]) -> ColumnElement[int]:
    """Return how many of the bounds have come by then: 1 from the first on, 2 from the second."""
    return func.width_bucket(moment, moments(bounds))


def moments(given: Sequence[datetime]) -> ColumnElement[Any]:
    return cast(list(given), ARRAY(DateTime(timezone=True)))


def count_by_month(
    moment: SQLColumnExpression[Any],
    parts: Sequence[ColumnElement[bool]],
    windows: CountWindows,
    *,
    entered_at: SQLColumnExpression[Any],
) -> Statement:
    """The statement of a MetricCounter whose rows count in the month of `moment`; one a part, in their order.

    What was entered in a later month is a correction of a month that had closed.
    """
    month, bounds = place(moment, windows.bounds), windows.bounds
    numbers = array([func.count().filter(part) for part in parts])
    corrected_at = func.max(entered_at).filter(place(entered_at, bounds) > month)
    counted = select(month.label("place"), numbers.label("numbers"), corrected_at.label("corrected_at"))
    return counted.where(moment >= bounds[0], moment < bounds[-1]).group_by("place")
