"""What follows when people join, are invited or get a new address: an email each, and the day they are free from."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.advocates import (
    actions,
    address_change_queries,
    consent_anchors,
    emails,
    joining_actions,
    queries,
)
from portal.advocates.address_change_models import AddressChanged, AddressChangeRequested
from portal.advocates.models import (
    AdvocateEnrolled,
    AdvocateInvited,
    AdvocatePending,
    AdvocateState,
    JoinRequested,
    PreferencesChanged,
)
from portal.advocates.record_consents import anchors as record_consent_anchors
from portal.asks import advocate_activity, calendar_days
from portal.outbox import Message


def send_join_confirmation(session: Session, message: JoinRequested) -> None:
    """Send it away from the page, which so takes as long for a known address as for any other."""
    emails.send_join_confirmation(session, queries.join_request(session, message.join_request_id))


def send_address_confirmation(session: Session, message: AddressChangeRequested) -> None:
    change = address_change_queries.get(session, message.address_change_id)
    if change.is_open:
        emails.send_address_confirmation(session, change)


def notify_previous_address(session: Session, message: AddressChanged) -> None:
    emails.send_address_changed(session, address_change_queries.get(session, message.address_change_id))


def send_enrollment_invitation(session: Session, message: AdvocateInvited) -> None:
    advocate = queries.get(session, message.advocate_id)
    if advocate.state is AdvocateState.INVITED:
        emails.send_enrollment_invitation(session, advocate)


def send_welcome(session: Session, message: AdvocateEnrolled) -> None:
    refresh_availability(session, message)
    emails.send_welcome(session, queries.get(session, message.advocate_id))


def notify_managers(session: Session, message: AdvocatePending) -> None:
    emails.send_pending_review(session, queries.get(session, message.advocate_id))


def refresh_availability(session: Session, message: PreferencesChanged | AdvocateEnrolled) -> None:
    advocate_activity.refresh_available_from(session, [message.advocate_id])


def run_hourly(session: Session) -> None:
    """Delete unconfirmed join requests before people are locked, then end pauses that are over."""
    joining_actions.delete_unconfirmed(session)
    actions.resume_due(session, calendar_days.today(session))


def anchor_consents(session: Session) -> None:
    consent_anchors.anchor_chains(session)
    record_consent_anchors.anchor_chains(session)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    JoinRequested: send_join_confirmation,
    AddressChangeRequested: send_address_confirmation,
    AddressChanged: notify_previous_address,
    AdvocateInvited: send_enrollment_invitation,
    AdvocateEnrolled: send_welcome,
    AdvocatePending: notify_managers,
    PreferencesChanged: refresh_availability,
}
