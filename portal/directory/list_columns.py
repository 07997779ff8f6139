"""Columns that lists of accounts and deals have alike: an amount in its currency, a day that may be unknown."""

from datetime import date
from typing import Any

from sqlalchemy import func

from portal.declarations.lists import CellKind, ListColumn
from portal.exports import cells

NO_DAY = date(9999, 12, 31)  # whatever has no day comes after all that have one


def money_column(name: str, label: Any, cents: Any, currency: Any) -> ListColumn:
    """Each currency by itself, as amounts are never compared across currencies."""
    return ListColumn(
        name=name,
        label=label,
        cell=lambda _: cells.money(cents),
        kind=CellKind.NUMBER,
        sort=(currency, func.coalesce(cents, -1)),
        sorts_down_first=True,
        from_width="md",
        is_numeric=True,
    )


def day_column(name: str, label: Any, day: Any, from_width: str) -> ListColumn:
    return ListColumn(
        name=name,
        label=label,
        cell=lambda _: cells.day(day),
        kind=CellKind.DAY,
        sort=(func.coalesce(day, NO_DAY),),
        from_width=from_width,
    )
