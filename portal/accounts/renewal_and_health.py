"""When nobody at a company is asked for a favor: its health is red or yellow, or its renewal is near.

`days`: how long before a renewal, a setting (RENEWAL_DAYS in portal/asks/policies.py).
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement

from portal.accounts.models import UNHEALTHY, Account


def is_unhealthy(account: Account) -> bool:
    return account.health in UNHEALTHY


def is_renewal_near(account: Account, today: date, days: int) -> bool:
    return account.renewal_on is not None and today <= account.renewal_on <= today + timedelta(days=days)


def has_unhealthy_account() -> ColumnElement[bool]:
    """Of the rows of a query, as the next: null where there is no account or no day."""
    return Account.health.in_(UNHEALTHY)


def has_near_renewal(today: date, days: int) -> ColumnElement[bool]:
    return Account.renewal_on.between(today, today + timedelta(days=days))
