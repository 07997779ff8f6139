"""Both records of one person’s consents, for their page: of purposes, and about single records. One question."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Label, Row, Select, func, join, select, true
from sqlalchemy.orm import Session, aliased

from portal.advocates.consent_queries import daily_anchors
from portal.advocates.consent_verification import ConsentRecord
from portal.advocates.models import Advocate, AdvocateState, ConsentAnchor, ConsentEntry, ConsentText
from portal.advocates.record_consents.models import RecordConsent, RecordConsentAnchor, RecordConsentText
from portal.advocates.record_consents.verification import RecordConsentChain

Line = TypeVar("Line", ConsentEntry, RecordConsent)


class PersonConsents(NamedTuple):
    purposes: ConsentRecord
    about_records: RecordConsentChain


def person_consents(session: Session, advocate_id: UUID) -> PersonConsents:
    rows = session.execute(_lines(advocate_id)).all()
    return PersonConsents(_purposes(rows), _about_records(rows))


def _lines(advocate_id: UUID) -> Select[Any]:
    """A row holds the lines of one number of both records; there is one row where they are empty."""
    entry, record = _own(ConsentEntry, advocate_id), _own(RecordConsent, advocate_id)
    both = join(entry, record, entry.number == record.number, full=True)
    person = select(Advocate.id, Advocate.state, Advocate.consents)
    anchors = (_anchors(ConsentAnchor, "anchors"), _anchors(RecordConsentAnchor, "record_anchors"))
    lines = person.add_columns(*anchors, entry, ConsentText, record, RecordConsentText)
    with_texts = (
        lines.select_from(Advocate)
        .outerjoin(both, true())
        .outerjoin(ConsentText, ConsentText.id == entry.text_id)
        .outerjoin(RecordConsentText, RecordConsentText.id == record.text_id)
    )
    return with_texts.where(Advocate.id == advocate_id).order_by(entry.number, record.number)


def _own(table: type[Line], advocate_id: UUID) -> type[Line]:
    mine = select(table).where(table.advocate_id == advocate_id).subquery()
    return aliased(table, mine, name=table.__name__)


def _anchors(table: type[ConsentAnchor] | type[RecordConsentAnchor], name: str) -> Label[Any]:
    each = func.json_build_array(table.length, table.last_hash, table.created_at)
    mine = select(func.json_agg(each)).where(table.advocate_id == Advocate.id)
    return mine.correlate(Advocate).scalar_subquery().label(name)


def _purposes(rows: Sequence[Row[Any]]) -> ConsentRecord:
    person = rows[0]
    return ConsentRecord(
        advocate_id=person.id,
        is_erased=person.state is AdvocateState.ERASED,
        active_purposes=person.consents,
        entries=[row.ConsentEntry for row in rows if row.ConsentEntry is not None],
        texts={row.ConsentText.id: row.ConsentText for row in rows if row.ConsentText is not None},
        anchors=daily_anchors(person.anchors),
    )


def _about_records(rows: Sequence[Row[Any]]) -> RecordConsentChain:
    person = rows[0]
    found = [(row.RecordConsent, row.RecordConsentText) for row in rows]
    return RecordConsentChain(
        holder_id=person.id,
        is_contact=False,
        is_erased=person.state is AdvocateState.ERASED,
        lines=[(line, text) for line, text in found if line is not None],
        anchors=daily_anchors(person.record_anchors),
    )
