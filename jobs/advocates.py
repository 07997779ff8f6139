"""The emails around joining: confirm, invitation, welcome, and a word to the managers when somebody waits."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history
from portal.advocates import actions, address_change, consent_anchors, joining, queries
from portal.advocates.address_change import AddressChanged, AddressChangeRequested
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import (
    Advocate,
    AdvocateEnrolled,
    AdvocateInvited,
    AdvocatePending,
    AdvocateState,
    ConsentText,
    JoinRequested,
    PreferencesChanged,
)
from portal.advocates.profile import JoinSubmission
from portal.advocates.record_consents import anchors as record_consent_anchors
from portal.asks import advocate_activity, calendar_days
from portal.gateways.queue import WorkQueue
from portal.links import LinkPurpose
from portal.outbox import Message
from portal.outreach.email_content import PageLink, Recipient, SignedLink
from portal.outreach.email_kinds import EmailKind
from portal.outreach.messages.compose import compose
from portal.signin import memberships
from tenants.database import tenant


def send_join_confirmation(session: Session, message: JoinRequested) -> None:
    """To known and unknown addresses alike."""
    join_request = queries.join_request(session, message.join_request_id)
    submission = JoinSubmission.from_json(join_request.submission)
    compose(
        session,
        EmailKind.JOIN_CONFIRMATION,
        Recipient(join_request.email),  # nameless: whoever typed the name may be a stranger to this address
        occasion=f"join:{join_request.id}:{join_request.link_version}",
        fields={"purposes": _titles(session, submission.consent_text_ids)},
        links={"join": SignedLink(LinkPurpose.JOIN, join_request.id, join_request.link_version)},
        queue=WorkQueue.SIGN_IN,
    )


def send_address_confirmation(session: Session, message: AddressChangeRequested) -> None:
    """Skips what was withdrawn or confirmed meanwhile."""
    change = address_change.get(session, message.address_change_id)
    if not change.is_open:
        return
    compose(
        session,
        EmailKind.ADDRESS_CONFIRMATION,
        Recipient(change.email, queries.get(session, change.advocate_id).name),
        occasion=f"address:{change.id}:{change.link_version}",
        about=("advocates", change.advocate_id),
        fields={"by": memberships.get(session, change.by_id).name},
        links={"address": SignedLink(LinkPurpose.ADDRESS, change.id, change.link_version)},
        queue=WorkQueue.SIGN_IN,
    )


def notify_previous_address(session: Session, message: AddressChanged) -> None:
    """Whoever did not want this hears of it where they still read."""
    change = address_change.get(session, message.address_change_id)
    compose(
        session,
        EmailKind.ADDRESS_CHANGED,
        Recipient(change.former, queries.get(session, change.advocate_id).name),
        occasion=f"address changed:{change.id}",
        about=("advocates", change.advocate_id),
        fields={"by": memberships.get(session, change.by_id).name},
    )


def send_enrollment_invitation(session: Session, message: AdvocateInvited) -> None:
    """Skips whoever answered meanwhile."""
    advocate = queries.get(session, message.advocate_id)
    if advocate.state is not AdvocateState.INVITED:
        return
    compose(
        session,
        EmailKind.ENROLL_INVITATION,
        _to(advocate),
        occasion=f"invitation:{advocate.id}:{advocate.invitation_count}",
        about=("advocates", advocate.id),
        fields={"from_name": _inviter_name(session, advocate), "from_title": tenant(session).name},
        links={"invite": SignedLink(LinkPurpose.INVITE, advocate.id, advocate.link_version)},
    )


def send_welcome(session: Session, message: AdvocateEnrolled) -> None:
    refresh_availability(session, message)
    advocate = queries.get(session, message.advocate_id)
    agreed = queries.current_consents(queries.consent_entries(session, advocate))
    compose(
        session,
        EmailKind.WELCOME,
        _to(advocate),
        occasion=f"welcome:{advocate.id}:{advocate.enrolled_at:%Y-%m-%d}",
        about=("advocates", advocate.id),
        fields={
            "purposes": [text.title for _, text in agreed.values()],
            "from_name": tenant(session).name,
            "from_title": "",
        },
        links={"home": PageLink("my/me")},
    )


def refresh_availability(session: Session, message: PreferencesChanged | AdvocateEnrolled) -> None:
    """Own limits and the company's budget decide from when this person can be asked."""
    advocate_activity.refresh_available_from(session, [message.advocate_id])


def run_hourly(session: Session) -> None:
    """Join requests that nobody confirmed are deleted, before people are locked; pauses that are over end."""
    joining.delete_unconfirmed(session)
    actions.resume_due(session, calendar_days.today(session))


def anchor_consents(session: Session) -> None:
    """Both records: of purposes, and about single records."""
    consent_anchors.anchor_chains(session)
    record_consent_anchors.anchor_chains(session)


def notify_managers(session: Session, message: AdvocatePending) -> None:
    advocate = queries.get(session, message.advocate_id)
    for manager in memberships.managers_or_admins(session):
        compose(
            session,
            EmailKind.PENDING_REVIEW,
            Recipient(manager.email, manager.name, user_id=manager.user_id),
            occasion=f"waits:{advocate.id}",
            about=("advocates", advocate.id),
            links={"person": PageLink(f"advocates/{advocate.id}")},
        )


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    JoinRequested: send_join_confirmation,
    AddressChangeRequested: send_address_confirmation,
    AddressChanged: notify_previous_address,
    AdvocateInvited: send_enrollment_invitation,
    AdvocateEnrolled: send_welcome,
    AdvocatePending: notify_managers,
    PreferencesChanged: refresh_availability,
}


def _to(advocate: Advocate) -> Recipient:
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id)


def _titles(session: Session, ids: list[str]) -> list[str]:
    shown = select(ConsentText).where(ConsentText.id.in_(ids)).order_by(ConsentText.id)
    return [text.title for text in session.scalars(shown)]


def _inviter_name(session: Session, advocate: Advocate) -> str:
    entries = history.entries_about(session, advocate)
    return next((entry.by_name for entry in entries if entry.action == AdvocateAction.INVITED), "")
