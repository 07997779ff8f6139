"""What the desk does by the clock, before a call and after it, and when an advocate has another address."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jobs.each_row import for_each_row
from portal.advocates import address_change
from portal.advocates.address_change import AddressChanged
from portal.outbox import Message
from portal.references.feedback import actions as feedback_actions
from portal.references.meetings import awaiting_times, link_renewal, missing_reminders


def renew_links(session: Session, message: AddressChanged) -> None:
    change = address_change.get(session, message.address_change_id)
    link_renewal.renew_links(session, change.advocate_id)


def follow_up_calls(tenant_id: UUID) -> None:
    for_each_row(tenant_id, feedback_actions.meetings_to_follow_up, feedback_actions.follow_up)


def start_missing_reminders(tenant_id: UUID) -> None:
    for_each_row(tenant_id, missing_reminders.meetings_without_reminder, missing_reminders.add_reminder)


def follow_up_missing_times(tenant_id: UUID) -> None:
    for_each_row(tenant_id, awaiting_times.meetings_without_times, awaiting_times.chase_missing_times)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AddressChanged: renew_links,
}
