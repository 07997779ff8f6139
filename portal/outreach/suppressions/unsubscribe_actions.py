"""Somebody wants no more letters, of one purpose or of any: what that ends, and what brings them back."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import outbox
from portal.advocates import consents, queries
from portal.advocates.actions import refuse
from portal.advocates.models import Advocate, AdvocateMove, ConsentPurpose, ConsentSource
from portal.history import HistoryEntry
from portal.outreach.models import Letter, LetterClass
from portal.outreach.suppressions.actions import lift_opt_outs, suppress
from portal.outreach.suppressions.models import ConsentWithdrawn, Suppression, SuppressionReason, Unsubscribed

ALL_PURPOSES = ""  # purposes


def unsubscribed_purpose(letter: Letter) -> str:
    """What its reader unsubscribes from."""
    is_about_one = letter.letter_class is LetterClass.PROGRAMME and letter.purpose in set(ConsentPurpose)
    return letter.purpose if is_about_one else ALL_PURPOSES


def unsubscribe(session: Session, letter: Letter, source_address: str = "") -> None:
    """By the link of a letter, any number of times, however old it is."""
    purpose = unsubscribed_purpose(letter)
    reader = queries.lock_advocate(session, letter.advocate_id) if letter.advocate_id else None
    if reader is not None:
        withdraw_consents(session, reader, purpose, source_address)
    ended = _suppress(session, letter.recipient, purpose, letter)
    if reader is not None and reader.email_norm != letter.recipient_norm:
        ended = _suppress(session, reader.email, purpose, letter) or ended  # they have another address since
    if reader is not None and ended is not None:
        outbox.publish(session, Unsubscribed(reader.id, letter.id))


def unsubscribe_advocate(
    session: Session, advocate: Advocate, purpose: str, source_address: str = ""
) -> None:
    """By the person's page of preferences. The person's row is locked."""
    withdraw_consents(session, advocate, purpose, source_address)
    if _suppress(session, advocate.email, purpose) is not None:
        outbox.publish(session, ConsentWithdrawn(advocate.id))


def withdraw_consents(session: Session, advocate: Advocate, purpose: str, source_address: str) -> None:
    """In the ledger. Who wants nothing and was only asked to join has said no."""
    for each in ConsentPurpose if purpose == ALL_PURPOSES else [ConsentPurpose(purpose)]:
        consents.withdraw(session, advocate, each, ConsentSource.LETTER, source_address)
    if purpose == ALL_PURPOSES and AdvocateMove.REFUSE in advocate.moves:
        refuse(session, advocate)


def lift_after_consent(session: Session, advocate: Advocate) -> None:
    """What the person ended before agreeing, or before joining anew, does not hold any more."""
    agreed = queries.current_consents(queries.consent_entries(session, advocate))
    since = {purpose.value: entry.at for purpose, (entry, _) in agreed.items()}
    joined = select(func.max(HistoryEntry.created_at)).where(
        HistoryEntry.subject_kind == Advocate.__tablename__,
        HistoryEntry.subject_id == advocate.id,
        HistoryEntry.action == "joined",
    )
    if yes := max(filter(None, [session.scalar(joined), *since.values()]), default=None):
        lift_opt_outs(session, advocate.email, since | {ALL_PURPOSES: yes})


def _suppress(
    session: Session, address: str, purpose: str, letter: Letter | None = None
) -> Suppression | None:
    if "@" not in address:
        return None  # of a letter whose reader was erased
    letter_id = letter.id if letter else None
    return suppress(session, address, SuppressionReason.UNSUBSCRIBED, purpose=purpose, letter_id=letter_id)
