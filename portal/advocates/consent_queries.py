"""Reading everybody's consent records to check them, a few at a time. One person's: person_consent_queries.py."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from portal.advocates.consent_verification import ConsentRecord, DailyAnchor
from portal.advocates.models import Advocate, AdvocateState, ConsentAnchor, ConsentEntry, ConsentText

BATCH_SIZE = 1_000  # lines


def all_records(session: Session) -> Iterator[ConsentRecord]:
    """Read all records in one statement, so that they are of one moment and memory stays flat."""
    with session.execute(_entries().execution_options(yield_per=BATCH_SIZE)) as lines:
        for _, rows in groupby(lines, key=lambda row: row.id):
            yield _record(list(rows))


def _entries() -> Select[Any]:
    """A row for each line; one without a line for people who have none: they may have had some."""
    anchored = _anchors().subquery()
    person = select(Advocate.id, Advocate.state, Advocate.consents, anchored.c.anchors)
    lines = person.add_columns(ConsentEntry, ConsentText).outerjoin(
        ConsentEntry, ConsentEntry.advocate_id == Advocate.id
    )
    with_texts = lines.outerjoin(ConsentText, ConsentText.id == ConsentEntry.text_id)
    every = with_texts.outerjoin(anchored, anchored.c.advocate_id == Advocate.id)
    return every.order_by(Advocate.id, ConsentEntry.number)


def _anchors() -> Select[Any]:
    each = func.json_build_array(ConsentAnchor.length, ConsentAnchor.last_hash, ConsentAnchor.created_at)
    return select(ConsentAnchor.advocate_id, func.json_agg(each).label("anchors")).group_by(
        ConsentAnchor.advocate_id
    )


def _record(rows: Sequence[Row[Any]]) -> ConsentRecord:
    person = rows[0]
    return ConsentRecord(
        advocate_id=person.id,
        is_erased=person.state is AdvocateState.ERASED,
        active_purposes=person.consents,
        entries=[row.ConsentEntry for row in rows if row.ConsentEntry is not None],
        texts={row.ConsentText.id: row.ConsentText for row in rows if row.ConsentText is not None},
        anchors=daily_anchors(person.anchors),
    )


def daily_anchors(stored: Iterable[tuple[int, str, str]] | None) -> list[DailyAnchor]:
    return [
        DailyAnchor(length, last_hash, datetime.fromisoformat(at).date())
        for length, last_hash, at in stored or ()
    ]
