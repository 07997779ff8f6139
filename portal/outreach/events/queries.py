"""Reading what providers said."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, Uuid, any_, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.inbox import ReceivedEvent
from portal.outreach.events.models import Happened, LetterEvent
from portal.outreach.models import Letter

SOURCE = "sendgrid"


def waiting(most: int) -> Select[ReceivedEvent]:
    """Oldest first."""
    unhandled = (ReceivedEvent.source == SOURCE, ReceivedEvent.handled_at.is_(None))
    return select(ReceivedEvent).where(*unhandled).order_by(ReceivedEvent.id).limit(most)


def known(session: Session, external_ids: Collection[str]) -> frozenset[str]:
    """Which of these were taken in before."""
    same = LetterEvent.external_id == any_(literal(list(external_ids), ARRAY(Text)))
    return frozenset(session.scalars(select(LetterEvent.external_id).where(same)))


def letters(ids: Collection[UUID]) -> Select[Letter]:
    return select(Letter).where(_among(Letter.id, ids)).order_by(Letter.id)


def reached(session: Session, ids: Collection[UUID]) -> Mapping[UUID, set[Happened]]:
    """What is known to have happened to these letters."""
    rows = select(LetterEvent.letter_id, LetterEvent.happened).where(_among(LetterEvent.letter_id, ids))
    found: dict[UUID, set[Happened]] = defaultdict(set)
    for letter_id, happened in session.execute(rows.distinct()):
        found[letter_id].add(happened)
    return found


def stories(session: Session, ids: Collection[UUID], *happened: Happened) -> Sequence[LetterEvent]:
    rows = select(LetterEvent).where(_among(LetterEvent.letter_id, ids), LetterEvent.happened.in_(happened))
    return session.scalars(rows).all()


def _among(column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(Uuid)))
