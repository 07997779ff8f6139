"""What an advocate's help led to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.paging import KeysetPage, paginate
from portal.references.models import DealOutcome, ReferenceRequest


@dataclass(frozen=True)
class ImpactEntry:
    """One favor and what became of the request it served; None for another program's."""

    ask: Ask
    request: ReferenceRequest | None


@dataclass(frozen=True)
class ImpactTotals:
    favors: int
    minutes: int
    companies: int
    won: int


def impact_of_advocate(session: Session, advocate: Advocate, cursor: str | None) -> KeysetPage[ImpactEntry]:
    """Favors done, the newest first."""
    done = select(Ask).where(Ask.advocate_id == advocate.id, Ask.state == AskState.COMPLETED)
    found = paginate(session, done, key=(Ask.completed_at, Ask.id), cursor=cursor, size=20, descending=True)
    served = _served(session, found.rows)
    return KeysetPage(
        [ImpactEntry(ask, served.get(ask.subject_id)) for ask in found.rows], found.next, found.previous
    )


def _served(session: Session, asks: Sequence[Ask]) -> dict[object, ReferenceRequest]:
    ids = [ask.subject_id for ask in asks if ask.subject_type == ReferenceRequest.__tablename__]
    rows = session.scalars(select(ReferenceRequest).where(ReferenceRequest.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def impact_totals(session: Session, advocate: Advocate) -> ImpactTotals:
    """Over everything this person ever did."""
    won = func.count().filter(ReferenceRequest.outcome == DealOutcome.WON)
    counted = select(
        func.count(),
        func.coalesce(func.sum(Ask.minutes), 0),
        func.count(ReferenceRequest.prospect_norm.distinct()),
        won,
    )
    done = counted.select_from(Ask).outerjoin(ReferenceRequest, ReferenceRequest.id == Ask.subject_id)
    row = session.execute(done.where(Ask.advocate_id == advocate.id, Ask.state == AskState.COMPLETED)).one()
    return ImpactTotals(*row)
