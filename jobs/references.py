"""What the desk does when an ask is answered, runs out or is taken back, and when a call is over."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jobs.turns import one_by_one
from portal.advocates import address_change
from portal.advocates.address_change import AddressChanged
from portal.asks import queries as ledger
from portal.asks.models import Ask, AskDeclined, AskExpired, AskWithdrawn
from portal.outbox import Message
from portal.references import afterwards, asking, catching_up, readdressing, waiting
from portal.references.models import ReferenceRequest


def nobody_yet(session: Session, message: AskDeclined | AskExpired) -> None:
    """Back to matching, and the rep hears it."""
    if ask := _of_the_desk(session, message.ask_id):
        asking.came_to_nothing(session, ask)


def fell_away(session: Session, message: AskWithdrawn) -> None:
    """Whoever took it back, the desk or because the person left: no call stays in a calendar."""
    if ask := _of_the_desk(session, message.ask_id):
        asking.fell_away(session, ask)


def renew_links(session: Session, message: AddressChanged) -> None:
    change = address_change.get(session, message.address_change_id)
    readdressing.renew_links(session, change.advocate_id)


def look_at_calls(tenant_id: UUID) -> None:
    """Questions and silent sides that are due, call by call."""
    one_by_one(tenant_id, afterwards.over, afterwards.look_at)


def look_at_calls_ahead(tenant_id: UUID) -> None:
    """Agreed calls that nobody would be reminded of."""
    one_by_one(tenant_id, catching_up.unreminded, catching_up.remind)


def look_at_calls_without_times(tenant_id: UUID) -> None:
    """Other times were asked for, and none came."""
    one_by_one(tenant_id, waiting.without_times, waiting.look_at)


def _of_the_desk(session: Session, ask_id: Any) -> Ask | None:
    ask = ledger.get(session, ask_id)
    return ask if ask.served_kind == ReferenceRequest.__tablename__ else None


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AskDeclined: nobody_yet,
    AskExpired: nobody_yet,
    AskWithdrawn: fell_away,
    AddressChanged: renew_links,
}
