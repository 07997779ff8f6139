"""Why people gave their answer: what they wrote, which of it a theme counts, and words that stand in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.surveys.models import SurveyRecipient
from portal.surveys.themes import Theme, mentions, themes

R = SurveyRecipient
Columns = TypeVarTuple("Columns")
MOST_READ = 2_000  # the newest of one round, for themes


@dataclass(frozen=True)
class Reasons:
    """The newest, and how many there are in all."""

    rows: Sequence[SurveyRecipient] = ()
    total: int = 0

    @cached_property
    def themes(self) -> list[Theme]:
        return themes([row.why for row in self.rows])

    @property
    def leaves_some_out(self) -> bool:
        return len(self.rows) < self.total


def reasons(session: Session, which: ColumnElement[bool], most: int = MOST_READ) -> Reasons:
    newest = _newest(select(R, func.count().over()).options(joinedload(R.advocate)), which, most)
    found = session.execute(newest).all()
    return Reasons([row for row, _total in found], found[0][1]) if found else Reasons()


def who_mentions(
    session: Session, which: ColumnElement[bool], theme: str, most: int = MOST_READ
) -> ColumnElement[bool]:
    """Exactly those whom the theme counts: it is counted in the newest alone."""
    newest = session.execute(_newest(select(R.id, R.why), which, most))
    return R.id.in_([row_id for row_id, why in newest if mentions(why, theme)])


def writes(words: str) -> ColumnElement[bool]:
    """Every word stands somewhere in the reason."""
    return and_(true(), *(R.why.icontains(word, autoescape=True) for word in words.split()[:6]))


def _newest(rows: Select[*Columns], which: ColumnElement[bool], most: int) -> Select[*Columns]:
    return rows.where(which, R.why != "").order_by(R.answered_at.desc(), R.id).limit(most)
