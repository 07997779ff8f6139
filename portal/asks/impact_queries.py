"""What an advocate's help led to, over all programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import IS_ACT, Ask, AskState
from portal.asks.summaries import by_subject_type
from portal.declarations.asks import ImpactEntry, ImpactHeadline
from portal.declarations.programs import PROGRAMS
from portal.paging import KeysetPage, paginate


@dataclass(frozen=True)
class ImpactRow:
    """One favor and what it led to."""

    ask: Ask
    entry: ImpactEntry


@dataclass(frozen=True)
class ImpactTotals:
    """Over everything this person ever did; favors are acts of advocacy. Each program says what its asks led to."""

    favors: int
    minutes: int
    headlines: Sequence[ImpactHeadline]

    @property
    def title(self) -> str:
        return next((one.title for one in self.headlines if one.title), "")

    @property
    def sentences(self) -> list[str]:
        return [one.sentence for one in self.headlines if one.sentence]


def impact_of_advocate(session: Session, advocate: Advocate, cursor: str | None) -> KeysetPage[ImpactRow]:
    done = select(Ask).where(Ask.advocate_id == advocate.id, Ask.state == AskState.COMPLETED)
    found = paginate(session, done, key=(Ask.completed_at, Ask.id), cursor=cursor, size=20, descending=True)
    return KeysetPage(_rows(session, found.rows), found.next, found.previous)


def _rows(session: Session, asks: Sequence[Ask]) -> list[ImpactRow]:
    entries: dict[UUID, ImpactEntry] = {}
    for subject_type, its in by_subject_type(asks).items():
        if program := PROGRAMS.find_by_subject(subject_type):
            entries |= program.impact.entries(session, its)
    usual = ImpactEntry(title="", text=_("Thank you for helping."))
    return [ImpactRow(ask, entries.get(ask.id, usual)) for ask in asks]


def impact_totals(session: Session, advocate: Advocate) -> ImpactTotals:
    counted = select(
        func.count(), func.count().filter(IS_ACT), func.coalesce(func.sum(Ask.minutes).filter(IS_ACT), 0)
    )
    done, favors, minutes = session.execute(
        counted.where(Ask.advocate_id == advocate.id, Ask.state == AskState.COMPLETED)
    ).one()
    headlines = [program.impact.headline(session, advocate) for program in PROGRAMS] if done else []
    return ImpactTotals(favors, minutes, headlines)
