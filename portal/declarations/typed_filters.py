"""Filters of lists that go by what is typed. They ask the predicate of an attribute, as segments and pickers do."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, true

from portal.declarations.attributes import AttributeType, Comparison, Operator, Origin, Predicate
from portal.declarations.filter_values import FilterKind, FilterRange
from portal.declarations.lists import ListFilter, ListReader
from tenants.database import tenant

KINDS = {
    AttributeType.TEXT: FilterKind.TEXT,
    AttributeType.NUMBER: FilterKind.NUMBER,
    AttributeType.MONEY: FilterKind.NUMBER,
    AttributeType.DAY: FilterKind.DAY,
    AttributeType.MOMENT: FilterKind.DAY,
}
Said = tuple[Operator, tuple[Any, ...]]


def typed_filter(
    name: str,
    label: Any,
    of: AttributeType,
    predicate: Predicate,
    origin: Callable[[ListReader, str], Origin] | None = None,
) -> ListFilter:
    """Amounts are in the currency of the workspace; they are never compared across currencies."""
    kind = KINDS[of]
    return ListFilter(
        name=name,
        label=label,
        kind=kind,
        condition=lambda text: true() if kind is FilterKind.TEXT or FilterRange.of(kind, text) else None,
        looked_up=partial(_holds, of, predicate),
        unit=_currency if of is AttributeType.MONEY else None,
        origin=origin,
    )


def _holds(of: AttributeType, predicate: Predicate, reader: ListReader, text: str) -> ColumnElement[bool]:
    here = tenant(reader.session)
    zone = ZoneInfo(here.time_zone)
    today = reader.now.astimezone(zone).date()
    said = _said(of, text, here.currency)
    asked = (Comparison(one, values, today, zone, here.currency) for one, values in said)
    return and_(true(), *map(predicate, asked))


def _currency(reader: ListReader) -> str:
    return tenant(reader.session).currency


def _said(of: AttributeType, text: str, currency: str) -> Iterator[Said]:
    if of is AttributeType.TEXT:
        yield Operator.CONTAINS, (text,)
        return
    found = FilterRange.of(KINDS[of], text) or FilterRange()
    more = (currency,) if of is AttributeType.MONEY else ()
    if found.low is not None:
        yield _from(of), (_first(of, found.low), *more)
    if found.high is not None:
        yield _until(of), (_beyond(of, found.high), *more)


def _from(of: AttributeType) -> Operator:
    return Operator.SINCE if KINDS[of] is FilterKind.DAY else Operator.AT_LEAST


def _until(of: AttributeType) -> Operator:
    return Operator.BEFORE if KINDS[of] is FilterKind.DAY else Operator.LESS_THAN


def _first(of: AttributeType, end: Any) -> Any:
    return int(end * 100) if of is AttributeType.MONEY else end


def _beyond(of: AttributeType, end: Decimal | date) -> Any:
    """The next day, cent or number: people mean the end itself to be in it."""
    if isinstance(end, date):
        return end + timedelta(days=1)
    return int(end * 100) + 1 if of is AttributeType.MONEY else end.next_plus()
