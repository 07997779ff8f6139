"""What follows a person to a new address that was proved, and what stays with the old one."""

from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.advocates import address_change_actions
from portal.advocates.address_change_models import AddressChange
from portal.advocates.models import Advocate
from portal.declarations.email_kinds import EmailClass
from portal.errors import Conflict
from portal.outreach.models import WAITING_STATES, Email
from portal.outreach.sequences.models import RunState, SequenceRun
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.address_hashes import address_hashes
from portal.outreach.suppressions.blocking import blocking_reason
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from portal.outreach.suppressions.queries import suppressions_of
from tenants.models import Membership

# What a person said, or had said for them. A bounce is about a mailbox, and stays with it.
MOVED_REASONS = (
    SuppressionReason.UNSUBSCRIBED,
    SuppressionReason.OPTED_OUT,
    SuppressionReason.COMPLAINED,
    SuppressionReason.BY_HAND,
)
Row = TypeVar("Row", Email, SequenceRun)


def request_change(session: Session, advocate: Advocate, email: str, *, by: Membership) -> AddressChange:
    """Request a change; raise Conflict where no email could reach the new address."""
    if blocking_reason(suppressions_of(session, email), EmailClass.TRANSACTIONAL, ""):
        raise Conflict(
            "%(email)s is suppressed, so we can’t send the confirmation email there. Nothing was changed.",
            email=email.strip(),
        )
    return address_change_actions.request_change(session, advocate, email, by=by)


def confirm_change(session: Session, change: AddressChange) -> Advocate:
    advocate = address_change_actions.apply_change(session, change)
    session.flush()
    _move_suppressions(session, change)
    _move_emails(session, change, advocate.link_version)
    return advocate


def _move_suppressions(session: Session, change: AddressChange) -> None:
    mine = select(Suppression).where(
        Suppression.address_hash.in_(address_hashes(session, change.former)),
        Suppression.lifted_at.is_(None),
        Suppression.reason.in_(MOVED_REASONS),
    )
    for held in session.scalars(mine).all():
        suppress(
            session,
            change.email_norm if held.reason is SuppressionReason.OPTED_OUT else change.email,
            held.reason,
            purpose=held.purpose,
            note=held.note,
            email_id=held.email_id,
        )


def _move_emails(session: Session, change: AddressChange, version: int) -> None:
    """Move unsent emails and later steps of sequences to the new address, with links that open."""
    waiting: list[Email | SequenceRun] = [
        *session.scalars(_lock_rows(SequenceRun, change).where(SequenceRun.state == RunState.WAITING)),
        *session.scalars(_lock_rows(Email, change).where(Email.state.in_(WAITING_STATES))),
    ]
    for row in waiting:
        row.recipient, row.recipient_norm = change.email, change.email_norm
        row.links = {name: _with_version(link, change, version) for name, link in row.links.items()}


def _lock_rows(model: type[Row], change: AddressChange) -> Select[Row]:
    mine = model.advocate_id == change.advocate_id, model.recipient_norm == change.former_norm
    return select(model).where(*mine).order_by(model.id).with_for_update()


def _with_version(link: dict[str, Any], change: AddressChange, version: int) -> dict[str, Any]:
    """Links about the person carry the person's version."""
    return {**link, "version": version} if link.get("id") == str(change.advocate_id) else link
