"""What an account used in the last months and what it subscribed to: a column of any query over accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.accounts.models import Account, AccountUsage, Subscription

MONTHS, PERIODS = 12, 20


class MonthOfUsage(NamedTuple):
    month: date
    licenses: int | None
    active_users: int | None
    features: list[str]

    @property
    def share(self) -> float | None:
        """Of the licenses, how many were used."""
        if not self.licenses or self.active_users is None:
            return None
        return self.active_users / self.licenses


class SubscriptionPeriod(NamedTuple):
    starts_on: date
    ends_on: date | None
    arr_cents: int
    currency: str
    reason: str


@dataclass(frozen=True)
class AccountFigures:
    """The newest first."""

    months: Sequence[MonthOfUsage]
    periods: Sequence[SubscriptionPeriod]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        months = [MonthOfUsage(_day(since), *more) for since, *more in stored["months"] or ()]
        periods = [
            SubscriptionPeriod(_day(since), _day(until) if until else None, *more)
            for since, until, *more in stored["periods"] or ()
        ]
        return cls(months[:MONTHS], periods[:PERIODS])


def figures_column() -> ColumnElement[Any]:
    """As JSON, so that the page of an account reads them with the account."""
    usage, paid = AccountUsage, Subscription
    month = func.jsonb_build_array(usage.month, usage.licenses, usage.active_users, usage.features)
    period = func.jsonb_build_array(paid.starts_on, paid.ends_on, paid.arr_cents, paid.currency, paid.reason)
    months = select(func.jsonb_agg(aggregate_order_by(month, usage.month.desc())))
    periods = select(func.jsonb_agg(aggregate_order_by(period, paid.starts_on.desc())))
    return func.jsonb_build_object(
        "months",
        months.where(usage.account_id == Account.id).correlate(Account).scalar_subquery(),
        "periods",
        periods.where(paid.account_id == Account.id).correlate(Account).scalar_subquery(),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)
