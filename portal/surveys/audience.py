"""Whose week it is, and who had a survey lately. Whom a survey is for is an audience (portal/segments/audience.py).

It may be chosen by anything that segments know, health too. What the campaign adds to it leaves nobody out for
health, renewal, scores or earlier answers, and an answer never becomes an attribute that chooses anybody.
"""

from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import Session

from portal import policies
from portal.advocates.models import Advocate
from portal.asks.budget_windows import counts_in_budget, is_within
from portal.asks.models import Ask, AskKind
from portal.asks.policies import ask_rules
from portal.policies import declare
from tenants.clock import utc_now

DAYS_BETWEEN = declare(
    "surveys.days_between",
    90,
    "Days between two surveys to the same person",
    "Whoever was asked a question in this time is left out of the next survey.",
    low=1,
    high=365,
)
WEEKS = 13


def quarter_of(day: date) -> date:
    """Its first day."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def week_of_quarter(day: date) -> int:
    """0 to 12; the last takes the days that are left over."""
    return min((day - quarter_of(day)).days // 7, WEEKS - 1)


def week_of_person(survey_id: UUID, advocate_id: UUID) -> int:
    """The same in every quarter, so that a quarter passes from one question to the next."""
    return int.from_bytes(sha256(survey_id.bytes + advocate_id.bytes).digest()) % WEEKS


def was_asked_lately(session: Session) -> ColumnElement[bool]:
    """By whichever survey; one that was taken back counts if its email had left."""
    mine = and_(Ask.advocate_id == Advocate.id, Ask.kind == AskKind.SURVEY)
    lately = is_within(ask_rules(session), policies.value(session, DAYS_BETWEEN))
    return exists().where(mine, lately, or_(counts_in_budget(), Ask.emailed_at <= utc_now()))
