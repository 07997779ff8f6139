"""Conditions told by plain Python over loaded people: what the SQL is held against."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.accounts.models import Account, Deal, Subscription
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.attributes import Operator
from portal.segments.conditions import Condition, ConditionGroup, Conditions, Join

SENIORITY = ["staff", "manager", "director", "vp", "c_level"]
JOINS: dict[Join, Callable[[Any], bool]] = {Join.ALL: all, Join.ANY: any}
AMOUNTS = {"account.arr", "account.subscription_arr"}
OF_PERSON = {
    "person.title": "title",
    "person.seniority": "seniority",
    "person.persona": "persona",
    "person.languages": "languages",
    "person.products": "products",
    "person.state": "state",
    "person.consents": "consents",
    "person.last_ask_at": "last_ask_at",
    "person.enrolled_at": "enrolled_at",
    "person.nps": "nps",
}
OF_ACCOUNT = {
    "account.industry": "industry",
    "account.region": "region",
    "account.employees": "employees",
    "account.arr": "arr_cents",
    "account.customer_since": "customer_since",
    "account.renewal_on": "renewal_on",
    "account.health": "health",
}


@dataclass(frozen=True)
class Person:
    advocate: Advocate
    account: Account | None
    subscriptions: Sequence[Subscription] = ()
    deals: Sequence[Deal] = ()


@dataclass(frozen=True)
class SlowFilter:
    today: date
    zone: ZoneInfo
    segments: dict[UUID, Conditions]
    lists: dict[str, set[UUID]]

    def matches(self, conditions: Conditions, person: Person) -> bool:
        if person.advocate.state is AdvocateState.ERASED:
            return False
        rows = [self._row(row, conditions.join.other, person) for row in conditions.rows]
        if rows and not JOINS[conditions.join](rows):
            return False
        return conditions.but is None or not self.matches(self.segments[conditions.but], person)

    def _row(self, row: Condition | ConditionGroup, join: Join, person: Person) -> bool:
        if isinstance(row, ConditionGroup):
            return JOINS[join](self._holds(one, person) for one in row.conditions)
        return self._holds(row, person)

    def _holds(self, one: Condition, person: Person) -> bool:
        opposites = {
            Operator.NONE_OF: Operator.ANY_OF,
            Operator.NOT_IN_LAST: Operator.IN_LAST,
            Operator.UNKNOWN: Operator.KNOWN,
        }
        if one.operator in opposites:
            return not self._holds(Condition(one.attribute, opposites[one.operator], one.values), person)
        if one.attribute == "person.list":
            return any(person.advocate.id in self.lists[name] for name in one.values)
        value = self._value(one.attribute, person)
        currency = self._currency(one.attribute, person)
        if value in (None, "", []):
            return False
        if one.operator is Operator.KNOWN:
            return True
        if currency and currency != one.values[1]:
            return False
        return self._compare(one, value)

    def _currency(self, name: str, person: Person) -> str:
        running = self._running(person)
        if name == "account.subscription_arr":
            return running.currency if running else ""
        return person.account.currency if name == "account.arr" and person.account else ""

    def _value(self, name: str, person: Person) -> Any:
        running = self._running(person)
        if name == "account.subscription":
            return self._subscription_state(person)
        if name == "account.subscription_arr":
            return running.arr_cents if running else None
        if name == "account.subscription_ends_on":
            return running.ends_on if running else None
        if name == "account.deal_stage":
            return [deal.stage for deal in person.deals if deal.stage]
        if name in OF_ACCOUNT:
            return getattr(person.account, OF_ACCOUNT[name]) if person.account else None
        value = getattr(person.advocate, OF_PERSON[name])
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def _running(self, person: Person) -> Subscription | None:
        running = [each for each in person.subscriptions if each.starts_on <= self.today <= _end(each)]
        return running[0] if running else None

    def _subscription_state(self, person: Person) -> str:
        if self._running(person):
            return "running"
        if any(each.starts_on > self.today for each in person.subscriptions):
            return "later"
        return "ended" if person.subscriptions else ""

    def _compare(self, one: Condition, value: Any) -> bool:
        held: Sequence[str] = value if isinstance(value, list) else [value]
        match one.operator:
            case Operator.ANY_OF:
                return any(each in one.values for each in held)
            case Operator.ALL_OF:
                return all(each in held for each in one.values)
            case Operator.CONTAINS:
                return any(each.casefold() in text.casefold() for each in one.values for text in held)
            case Operator.AT_LEAST | Operator.LESS_THAN:
                return (self._size(value) >= self._size_asked(one)) is (one.operator is Operator.AT_LEAST)
        return self._compare_days(one, value)

    def _compare_days(self, one: Condition, value: date) -> bool:
        match one.operator:
            case Operator.SINCE:
                return bool(value >= date.fromisoformat(one.values[0]))
            case Operator.BEFORE:
                return bool(value < date.fromisoformat(one.values[0]))
            case Operator.IN_LAST:
                return bool(self._shifted(one, -1) <= value <= self.today)
            case Operator.IN_NEXT:
                return bool(self.today <= value <= self._shifted(one, 1))
        raise AssertionError(one.operator)

    def _size(self, value: Any) -> Any:
        return SENIORITY.index(value) if isinstance(value, str) else value

    def _size_asked(self, one: Condition) -> Any:
        if one.attribute == "person.seniority":
            return SENIORITY.index(one.values[0])
        return Decimal(one.values[0]) * (100 if one.attribute in AMOUNTS else 1)

    def _shifted(self, one: Condition, way: int) -> date:
        number, unit = int(one.values[0]) * way, one.values[1]
        if unit in ("days", "weeks"):
            return self.today + timedelta(**{unit: number})
        month = self.today.year * 12 + self.today.month - 1 + number * (12 if unit == "years" else 1)
        year, month = divmod(month, 12)
        return date(year, month + 1, min(self.today.day, calendar.monthrange(year, month + 1)[1]))


def _end(subscription: Subscription) -> date:
    return subscription.ends_on or date.max
