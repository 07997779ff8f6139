"""A new address was proved: what follows the person to it, and what stays with the old one."""

from sqlalchemy import select, update
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
    _emails_follow(session, change)
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


def _emails_follow(session: Session, change: AddressChange) -> None:
    """What has not left goes to the new address, and so do the later steps of sequences."""
    new = {"recipient": change.email, "recipient_norm": change.email_norm}
    for model, waits in ((Letter, Letter.state.in_(WAITING)), (Run, Run.state == RunState.WAITING)):
        theirs = model.advocate_id == change.advocate_id, model.recipient_norm == change.former_norm
        session.execute(update(model).where(*theirs, waits).values(new))
