"""What follows when a reader unsubscribes or resubscribes, and when what held emails has changed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates import address_change_queries, queries
from portal.advocates.address_change_models import AddressChanged
from portal.advocates.models import Advocate, AdvocateResumed, ConsentGiven, ConsentPurpose
from portal.outbox import Message
from portal.outreach import recheck
from portal.outreach.consent_requests import actions as consent_requests
from portal.outreach.consent_requests import answer_actions as consent_answers
from portal.outreach.consent_requests.models import ConsentRequestsOrdered
from portal.outreach.models import Email
from portal.outreach.sequences.actions import stop_for_advocate
from portal.outreach.sequences.models import StopReason
from portal.outreach.suppressions import recheck_actions
from portal.outreach.suppressions.models import ConsentWithdrawn, Unsubscribed
from portal.outreach.suppressions.queries import unsubscribed_from
from portal.outreach.suppressions.unsubscribe_actions import ALL_PURPOSES, lift_after_consent
from portal.policies import PolicyChanged, PolicyValue


def stop_sequences_after_unsubscribe(session: Session, message: Unsubscribed) -> None:
    address = session.scalar(select(Email.recipient).where(Email.id == message.email_id))
    _stop_sequences(session, message.advocate_id, address)


def stop_sequences_after_withdrawal(session: Session, message: ConsentWithdrawn) -> None:
    address = session.scalar(select(Advocate.email).where(Advocate.id == message.advocate_id))
    _stop_sequences(session, message.advocate_id, address)


def resume_after_consent(session: Session, message: ConsentGiven) -> None:
    advocate = queries.lock_advocate(session, message.advocate_id)
    if advocate is not None:
        lift_after_consent(session, advocate)
        recheck_actions.recheck_after_consent(session, advocate)
        consent_answers.settle_agreed(session, advocate)


def renew_consent_links(session: Session, message: AddressChanged) -> None:
    change = address_change_queries.get(session, message.address_change_id)
    consent_answers.renew_links(session, change.advocate_id)


def ask_for_consents(session: Session, message: ConsentRequestsOrdered) -> None:
    consent_requests.ask_next_batch(session, message)


def recheck_after_pause(session: Session, message: AdvocateResumed) -> None:
    recheck.recheck_after_pause(session, queries.get(session, message.advocate_id))


def recheck_after_policy_change(session: Session, message: PolicyChanged) -> None:
    changed = session.scalar(select(PolicyValue.name).where(PolicyValue.id == message.value_id))
    recheck.recheck_after_policy_change(session, changed or "")


def _stop_sequences(session: Session, advocate_id: UUID, address: str | None) -> None:
    """Stop every run without a consent by now. Calls that have a time are reminded of as agreed."""
    ended = unsubscribed_from(session, address or "")
    for purpose in ConsentPurpose if ALL_PURPOSES in ended else sorted(ended):
        stop_for_advocate(session, advocate_id, purpose, StopReason.UNSUBSCRIBED)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AdvocateResumed: recheck_after_pause,
    AddressChanged: renew_consent_links,
    ConsentGiven: resume_after_consent,
    ConsentRequestsOrdered: ask_for_consents,
    PolicyChanged: recheck_after_policy_change,
    ConsentWithdrawn: stop_sequences_after_withdrawal,
    Unsubscribed: stop_sequences_after_unsubscribe,
}
