"""What the desk does when an ask is answered, runs out or is taken back, and when a call is over."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jobs.each_row import for_each_row
from portal.advocates import address_change
from portal.advocates.address_change import AddressChanged
from portal.asks import queries as ledger
from portal.asks.models import Ask, AskDeclined, AskExpired, AskWithdrawn
from portal.outbox import Message
from portal.references.asking import actions as asking_actions
from portal.references.asking import link_renewal
from portal.references.feedback import actions as feedback_actions
from portal.references.meetings import awaiting_times, missing_reminders
from portal.references.models import ReferenceRequest


def return_to_matching(session: Session, message: AskDeclined | AskExpired) -> None:
    """Back to matching, and the rep hears it."""
    if ask := _reference_ask(session, message.ask_id):
        asking_actions.return_to_matching(session, ask)


def cancel_after_withdrawal(session: Session, message: AskWithdrawn) -> None:
    """Whoever took it back, the desk or because the person left: no call stays in a calendar."""
    if ask := _reference_ask(session, message.ask_id):
        asking_actions.clean_up_withdrawn_ask(session, ask)


def renew_links(session: Session, message: AddressChanged) -> None:
    change = address_change.get(session, message.address_change_id)
    link_renewal.renew_links(session, change.advocate_id)


def follow_up_calls(tenant_id: UUID) -> None:
    """Questions and silent sides that are due, call by call."""
    for_each_row(tenant_id, feedback_actions.meetings_to_follow_up, feedback_actions.follow_up)


def start_missing_reminders(tenant_id: UUID) -> None:
    """Agreed calls that nobody would be reminded of."""
    for_each_row(tenant_id, missing_reminders.meetings_without_reminder, missing_reminders.add_reminder)


def follow_up_missing_times(tenant_id: UUID) -> None:
    """Other times were asked for, and none came."""
    for_each_row(tenant_id, awaiting_times.meetings_without_times, awaiting_times.chase_missing_times)


def _reference_ask(session: Session, ask_id: Any) -> Ask | None:
    ask = ledger.get(session, ask_id)
    return ask if ask.subject_type == ReferenceRequest.__tablename__ else None


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AskDeclined: return_to_matching,
    AskExpired: return_to_matching,
    AskWithdrawn: cancel_after_withdrawal,
    AddressChanged: renew_links,
}
