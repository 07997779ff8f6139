"""Unsubscribes an address from one purpose or from all, and resubscribes whoever agrees again."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import outbox
from portal.advocates import consent_chain, queries
from portal.advocates.actions import refuse
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import Advocate, AdvocateMove, ConsentPurpose, ConsentSource
from portal.declarations.email_kinds import EmailClass
from portal.history import HistoryEntry
from portal.outreach.models import Email
from portal.outreach.suppressions.actions import lift_opt_outs, suppress
from portal.outreach.suppressions.models import ConsentWithdrawn, Suppression, SuppressionReason, Unsubscribed

ALL_PURPOSES = ""  # purposes


def unsubscribed_purpose(email: Email) -> str:
    is_about_one = email.email_class is EmailClass.PROGRAM and email.purpose in set(ConsentPurpose)
    return email.purpose if is_about_one else ALL_PURPOSES


def unsubscribe(session: Session, email: Email, source_address: str = "") -> None:
    """Unsubscribe by an email's link, any number of times, however old it is."""
    purpose = unsubscribed_purpose(email)
    reader = queries.lock_advocate(session, email.advocate_id) if email.advocate_id else None
    if reader is not None:
        withdraw_consents(session, reader, purpose, source_address)
    ended = _suppress(session, email.recipient, purpose, email)
    if reader is not None and reader.email_norm != email.recipient_norm:
        ended = _suppress(session, reader.email, purpose, email) or ended  # they have another address since
    if reader is not None and ended is not None:
        outbox.publish(session, Unsubscribed(reader.id, email.id))


def unsubscribe_advocate(
    session: Session, advocate: Advocate, purpose: str, source_address: str = ""
) -> None:
    """Unsubscribe by the page of preferences; the caller has locked the person."""
    withdraw_consents(session, advocate, purpose, source_address)
    if _suppress(session, advocate.email, purpose) is not None:
        outbox.publish(session, ConsentWithdrawn(advocate.id))


def withdraw_consents(session: Session, advocate: Advocate, purpose: str, source_address: str) -> None:
    """Withdraw in the ledger; whoever was only asked to join has said no."""
    for each in ConsentPurpose if purpose == ALL_PURPOSES else [ConsentPurpose(purpose)]:
        consent_chain.withdraw(session, advocate, each, ConsentSource.EMAIL, source_address)
    if purpose == ALL_PURPOSES and AdvocateMove.REFUSE in advocate.moves:
        refuse(session, advocate)


def lift_after_consent(session: Session, advocate: Advocate) -> None:
    """Lift what the person ended before agreeing, or joining, anew."""
    agreed = queries.current_consents(queries.consent_entries(session, advocate))
    since = {purpose.value: entry.at for purpose, (entry, _) in agreed.items()}
    joined = select(func.max(HistoryEntry.created_at)).where(
        HistoryEntry.subject_type == Advocate.__tablename__,
        HistoryEntry.subject_id == advocate.id,
        HistoryEntry.action == AdvocateAction.JOINED,
    )
    if yes := max(filter(None, [session.scalar(joined), *since.values()]), default=None):
        lift_opt_outs(session, advocate.email, since | {ALL_PURPOSES: yes})


def _suppress(session: Session, address: str, purpose: str, email: Email | None = None) -> Suppression | None:
    if "@" not in address:
        return None  # of an email whose reader was erased
    email_id = email.id if email else None
    return suppress(session, address, SuppressionReason.UNSUBSCRIBED, purpose=purpose, email_id=email_id)
