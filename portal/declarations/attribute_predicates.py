"""Predicates of attributes that are a stored column: plain comparisons, so that an index can answer them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Numeric, and_, any_, false, func, literal, or_
from sqlalchemy.orm import InstrumentedAttribute

from portal.declarations.attribute_values import days_before
from portal.declarations.attributes import Comparison, Operator, Predicate

Column = InstrumentedAttribute[Any] | ColumnElement[Any]
Held = Callable[[Comparison], ColumnElement[bool]]


def of_text(column: Column) -> Predicate:
    return partial(_compare, {**_words(column), Operator.KNOWN: lambda _: column != ""})


def of_list(column: Column) -> Predicate:
    """Of an array of words."""
    return partial(
        _compare,
        {
            Operator.ANY_OF: lambda one: or_(*(literal(value) == any_(column) for value in one.values)),
            Operator.ALL_OF: lambda one: and_(*(literal(value) == any_(column) for value in one.values)),
            Operator.KNOWN: lambda _: func.cardinality(column) > 0,
        },
    )


def of_rank(column: Column, values: Sequence[str]) -> Predicate:
    """`values`: the lowest first."""

    def from_place(one: Comparison) -> ColumnElement[bool]:
        return column.in_(values[values.index(one.values[0]) :])

    def below_place(one: Comparison) -> ColumnElement[bool]:
        return column.in_(values[: values.index(one.values[0])])

    ranked = {Operator.AT_LEAST: from_place, Operator.LESS_THAN: below_place}
    return partial(_compare, {**_words(column), **ranked, Operator.KNOWN: lambda _: column.in_(values)})


def of_number(column: Column) -> Predicate:
    """A number may have places behind the point, or be larger than the column holds."""

    def exact(one: Comparison) -> ColumnElement[Any]:
        return literal(one.values[0], Numeric())

    return partial(
        _compare,
        {
            Operator.AT_LEAST: lambda one: column >= exact(one),
            Operator.LESS_THAN: lambda one: column < exact(one),
            Operator.KNOWN: lambda _: column.is_not(None),
        },
    )


def of_money(cents: Column, currency: Column) -> Predicate:
    """An amount is compared in its own currency, never across currencies."""

    def is_in(one: Comparison) -> ColumnElement[bool]:
        return currency.in_([one.values[1], *([""] if one.values[1] == one.currency else [])])

    return partial(
        _compare,
        {
            Operator.AT_LEAST: lambda one: and_(is_in(one), cents >= one.values[0]),
            Operator.LESS_THAN: lambda one: and_(is_in(one), cents < one.values[0]),
            Operator.KNOWN: lambda _: cents.is_not(None),
        },
    )


def of_day(column: Column) -> Predicate:
    return partial(_compare, _days(column, lambda day, _: day))


def of_moment(column: Column) -> Predicate:
    """By the days of the workspace's zone."""
    return partial(_compare, _days(column, _start_of))


def _words(column: Column) -> Mapping[Operator, Held]:
    return {
        Operator.ANY_OF: lambda one: column.in_(one.values),
        Operator.CONTAINS: lambda one: or_(
            false(), *(column.icontains(value, autoescape=True) for value in one.values)
        ),
    }


def _days(column: Column, place: Callable[[date, ZoneInfo], Any]) -> Mapping[Operator, Held]:
    def at(one: Comparison, day: date) -> Any:
        return place(day, one.zone)

    def in_last(one: Comparison) -> ColumnElement[bool]:
        first = days_before(one.today, *one.values)
        return and_(column >= at(one, first), column < at(one, one.today + timedelta(days=1)))

    def in_next(one: Comparison) -> ColumnElement[bool]:
        last = days_before(one.today, -one.values[0], one.values[1])
        return and_(column >= at(one, one.today), column < at(one, last + timedelta(days=1)))

    return {
        Operator.IN_LAST: in_last,
        Operator.IN_NEXT: in_next,
        Operator.SINCE: lambda one: column >= at(one, one.values[0]),
        Operator.BEFORE: lambda one: column < at(one, one.values[0]),
        Operator.KNOWN: lambda _: column.is_not(None),
    }


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _compare(ways: Mapping[Operator, Held], one: Comparison) -> ColumnElement[bool]:
    return ways[one.operator](one)
