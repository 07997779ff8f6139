"""Somebody wants no more letters, of one purpose or of any: what that ends, and what brings them back."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import outbox
from portal.advocates import consents, queries
from portal.advocates.actions import refuse
from portal.advocates.models import Advocate, Move, Purpose, Source
from portal.history import HistoryEntry
from portal.outreach.models import Letter, LetterClass
from portal.outreach.suppression.actions import lift_unsubscribed, suppress
from portal.outreach.suppression.models import Reason, Suppression, TakenBack, Unsubscribed

ALL = ""  # purposes


def purpose_of(letter: Letter) -> str:
    """What its reader unsubscribes from."""
    is_about_one = letter.letter_class is LetterClass.PROGRAMME and letter.purpose in set(Purpose)
    return letter.purpose if is_about_one else ALL


def unsubscribe(session: Session, letter: Letter, place: str = "") -> None:
    """By the link of a letter, any number of times, however old it is."""
    purpose = purpose_of(letter)
    reader = queries.locked(session, letter.advocate_id) if letter.advocate_id else None
    if reader is not None:
        take_back(session, reader, purpose, place)
    ended = _end(session, letter.recipient, purpose, letter)
    if reader is not None and reader.email_norm != letter.recipient_norm:
        ended = _end(session, reader.email, purpose, letter) or ended  # they have another address since
    if reader is not None and ended is not None:
        outbox.put(session, Unsubscribed(reader.id, letter.id))


def end(session: Session, advocate: Advocate, purpose: str, place: str = "") -> None:
    """By the person's page of preferences. The person's row is locked."""
    take_back(session, advocate, purpose, place)
    if _end(session, advocate.email, purpose) is not None:
        outbox.put(session, TakenBack(advocate.id))


def take_back(session: Session, advocate: Advocate, purpose: str, place: str) -> None:
    """In the ledger. Who wants nothing and was only asked to join has said no."""
    for each in Purpose if purpose == ALL else [Purpose(purpose)]:
        consents.withdraw(session, advocate, each, Source.LETTER, place)
    if purpose == ALL and Move.REFUSE in advocate.moves:
        refuse(session, advocate)


def agreed_again(session: Session, advocate: Advocate) -> None:
    """What the person ended before agreeing, or before joining anew, does not hold any more."""
    agreed = queries.agreed_words(queries.ledger(session, advocate))
    since = {purpose.value: entry.at for purpose, (entry, _) in agreed.items()}
    joined = select(func.max(HistoryEntry.created_at)).where(
        HistoryEntry.subject_kind == Advocate.__tablename__,
        HistoryEntry.subject_id == advocate.id,
        HistoryEntry.what == "joined",
    )
    if yes := max(filter(None, [session.scalar(joined), *since.values()]), default=None):
        lift_unsubscribed(session, advocate.email, since | {ALL: yes})


def _end(session: Session, address: str, purpose: str, letter: Letter | None = None) -> Suppression | None:
    if "@" not in address:
        return None  # of a letter whose reader was erased
    letter_id = letter.id if letter else None
    return suppress(session, address, Reason.UNSUBSCRIBED, purpose=purpose, letter_id=letter_id)
