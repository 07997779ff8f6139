"""What follows from asks on people: colleagues share one budget, and whoever leaves is asked nothing any more."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jobs.turns import one_by_one
from portal.advocates.models import AdvocateLeft
from portal.asks import actions, facts, queries
from portal.asks.models import AskSent, AskWithdrawn
from portal.outbox import Message
from tenants.database import tenant_session

LEFT = "The person left the programme"


def tell_colleagues(session: Session, message: AskSent | AskWithdrawn) -> None:
    """A talk uses up the window of the whole company: its people show from when they are free."""
    ask = queries.get(session, message.ask_id)
    if ask.account_id is not None:
        facts.refresh_company(session, ask.account_id)


def take_back(session: Session, message: AdvocateLeft) -> None:
    for ask in queries.open_asks(session, message.advocate_id):
        actions.withdraw(session, ask, LEFT)


def expire(tenant_id: UUID) -> None:
    """Asks nobody answered in time, one by one."""
    one_by_one(tenant_id, actions.overdue, actions.expire)


def look_at_every_day(tenant_id: UUID) -> None:
    """Limits and settings change and days pass: once a day what the pool shows is worked out anew, in parts."""
    after = _part(tenant_id, None)
    while after is not None:
        after = _part(tenant_id, after)


def _part(tenant_id: UUID, after: UUID | None) -> UUID | None:
    with tenant_session(tenant_id) as session:
        return facts.refresh_part(session, after)


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AskSent: tell_colleagues,
    AskWithdrawn: tell_colleagues,
    AdvocateLeft: take_back,
}
