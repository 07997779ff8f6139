"""Reading consent records to check them: one person's, or everybody's, a few at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from portal.advocates.consent_check import Anchor, Record
from portal.advocates.models import Advocate, ConsentAnchor, ConsentEntry, ConsentWords, State

AT_ONCE = 1_000  # lines


def of(session: Session, advocate_id: UUID) -> Record:
    mine = _lines().where(Advocate.id == advocate_id)
    return _record(session.execute(mine).all())


def everybody(session: Session) -> Iterator[Record]:
    """One statement, so all of it is of one moment; memory stays flat."""
    with session.execute(_lines().execution_options(yield_per=AT_ONCE)) as lines:
        for _, rows in groupby(lines, key=lambda row: row.id):
            yield _record(list(rows))


def _lines() -> Select[Any]:
    """A row for each line; one without a line for people who have none: they may have had some."""
    anchored = _anchors().subquery()
    person = select(Advocate.id, Advocate.state, Advocate.consents, anchored.c.anchors)
    lines = person.add_columns(ConsentEntry, ConsentWords).outerjoin(
        ConsentEntry, ConsentEntry.advocate_id == Advocate.id
    )
    words = lines.outerjoin(ConsentWords, ConsentWords.id == ConsentEntry.words_id)
    every = words.outerjoin(anchored, anchored.c.advocate_id == Advocate.id)
    return every.order_by(Advocate.id, ConsentEntry.number)


def _anchors() -> Select[Any]:
    each = func.json_build_array(ConsentAnchor.length, ConsentAnchor.last_hash, ConsentAnchor.created_at)
    return select(ConsentAnchor.advocate_id, func.json_agg(each).label("anchors")).group_by(
        ConsentAnchor.advocate_id
    )


def _record(rows: Sequence[Row[Any]]) -> Record:
    person = rows[0]
    return Record(
        advocate_id=person.id,
        is_erased=person.state is State.ERASED,
        holds=person.consents,
        entries=[row.ConsentEntry for row in rows if row.ConsentEntry is not None],
        words={row.ConsentWords.id: row.ConsentWords for row in rows if row.ConsentWords is not None},
        anchors=list(_read(person.anchors or ())),
    )


def _read(anchors: Iterable[tuple[int, str, str]]) -> Iterator[Anchor]:
    for length, last_hash, at in anchors:
        yield Anchor(length, last_hash, datetime.fromisoformat(at).date())
