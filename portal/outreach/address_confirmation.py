"""A new address was proved: what follows the person to it, and what stays with the old one."""

from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.advocates import address_change
from portal.advocates.address_change import AddressChange
from portal.advocates.models import Advocate
from portal.errors import Conflict
from portal.outreach.models import Letter, LetterClass, LetterState
from portal.outreach.sequences.models import Run, RunState
from portal.outreach.suppression.actions import suppress
from portal.outreach.suppression.hashing import address_hashes
from portal.outreach.suppression.models import Reason, Suppression
from portal.outreach.suppression.queries import of_address
from portal.outreach.suppression.rules import holding
from tenants.models import Membership

# What a person said, or had said for them. A bounce is about a mailbox, and stays with it.
FOLLOW = (Reason.UNSUBSCRIBED, Reason.OPTED_OUT, Reason.COMPLAINED, Reason.BY_HAND)
Row = TypeVar("Row", Letter, Run)
WAITING = (LetterState.QUEUED, LetterState.HELD)


def ask(session: Session, advocate: Advocate, email: str, *, by: Membership) -> AddressChange:
    """Raises Conflict where no email could reach the new address."""
    if holding(of_address(session, email), LetterClass.TRANSACTIONAL, ""):
        raise Conflict(
            "%(email)s is a suppressed address, so the email with the link could not be sent. Nothing was changed.",
            email=email.strip(),
        )
    return address_change.ask(session, advocate, email, by=by)


def confirm(session: Session, change: AddressChange) -> Advocate:
    """The link was used: from now on this is the person's address. Raises BadLink, Conflict."""
    advocate = address_change.take(session, change)
    session.flush()
    _suppressions_follow(session, change)
    _emails_follow(session, change, advocate.link_version)
    return advocate


def _suppressions_follow(session: Session, change: AddressChange) -> None:
    mine = select(Suppression).where(
        Suppression.address_hash.in_(address_hashes(session, change.former)),
        Suppression.lifted_at.is_(None),
        Suppression.reason.in_(FOLLOW),
    )
    for held in session.scalars(mine).all():
        suppress(
            session,
            change.email_norm if held.reason is Reason.OPTED_OUT else change.email,
            held.reason,
            purpose=held.purpose,
            note=held.note,
            letter_id=held.letter_id,
        )


def _emails_follow(session: Session, change: AddressChange, version: int) -> None:
    """What has not left goes to the new address, and so do the later steps of sequences, with links that open."""
    waiting: list[Letter | Run] = [
        *session.scalars(_theirs(Letter, change).where(Letter.state.in_(WAITING))),
        *session.scalars(_theirs(Run, change).where(Run.state == RunState.WAITING)),
    ]
    for row in waiting:
        row.recipient, row.recipient_norm = change.email, change.email_norm
        row.links = {name: _renewed(link, change, version) for name, link in row.links.items()}


def _theirs(model: type[Row], change: AddressChange) -> Select[Row]:
    mine = model.advocate_id == change.advocate_id, model.recipient_norm == change.former_norm
    return select(model).where(*mine).with_for_update()


def _renewed(link: dict[str, Any], change: AddressChange, version: int) -> dict[str, Any]:
    """Links about the person carry the person's version."""
    return {**link, "version": version} if link.get("id") == str(change.advocate_id) else link
