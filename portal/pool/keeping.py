"""What the house holds about one person, counted; and what would end if they left today."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, ConsentEntry
from portal.asks.models import Ask, State
from portal.history import HistoryEntry
from portal.outreach.models import Letter


@dataclass(frozen=True)
class Open:
    asks: int
    talks: int


@dataclass(frozen=True)
class Kept:
    asks: int
    letters: int
    consents: int
    history: int


def open_with(session: Session, advocate: Advocate) -> Open:
    counted = select(
        func.count().filter(Ask.state == State.SENT), func.count().filter(Ask.state == State.ACCEPTED)
    ).where(Ask.advocate_id == advocate.id)
    return Open(*session.execute(counted).one())


def kept(session: Session, advocate: Advocate) -> Kept:
    mine = {
        "asks": select(func.count()).where(Ask.advocate_id == advocate.id),
        "letters": select(func.count()).where(Letter.recipient_norm == advocate.email_norm),
        "consents": select(func.count()).where(ConsentEntry.advocate_id == advocate.id),
        "history": select(func.count()).where(
            HistoryEntry.subject_kind == "advocates", HistoryEntry.subject_id == advocate.id
        ),
    }
    row = session.execute(
        select(*(count.scalar_subquery().label(name) for name, count in mine.items()))
    ).one()
    return Kept(**row._mapping)
