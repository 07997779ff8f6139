"""Are the consents about records as they were written? For the person's page, `flask verify consents` and tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, func, or_, select, union
from sqlalchemy.orm import Session

from portal.advocates.consent_queries import daily_anchors
from portal.advocates.consent_verification import ConsentFault, DailyAnchor, chain_faults
from portal.advocates.models import Advocate, AdvocateState
from portal.advocates.record_consents.hashes import hash_of
from portal.advocates.record_consents.models import RecordConsent, RecordConsentAnchor, RecordConsentText
from portal.advocates.record_consents.queries import LineWithText

BATCH_SIZE = 1_000  # lines
Holder = type[RecordConsent] | type[RecordConsentAnchor]


@dataclass(frozen=True)
class RecordConsentChain:
    """Everything that is kept about one holder's consents to records."""

    holder_id: UUID
    is_contact: bool
    is_erased: bool
    lines: Sequence[LineWithText]
    anchors: Sequence[DailyAnchor]


def faults(chain: RecordConsentChain) -> list[ConsentFault]:
    texts = {line.id: text for line, text in chain.lines}
    lines = [line for line, _ in chain.lines]
    return chain_faults(
        lines,
        lambda line: line.hash == hash_of(line, texts[line.id]),
        chain.anchors,
        is_erased=chain.is_erased,
    )


def all_chains(session: Session) -> Iterator[RecordConsentChain]:
    """Read all chains in one statement, so that they are of one moment and memory stays flat."""
    every = union(_holders(RecordConsent), _holders(RecordConsentAnchor)).subquery()
    with session.execute(_lines(every).execution_options(yield_per=BATCH_SIZE)) as lines:
        for _, rows in groupby(lines, key=lambda row: row.id):
            yield _chain(list(rows))


def _holders(table: Holder) -> Select[UUID, bool]:
    """Those whose lines are all gone have an anchor still."""
    key = func.coalesce(table.advocate_id, table.contact_id)
    return select(key.label("id"), table.contact_id.is_not(None).label("is_contact"))


def _lines(holders: Subquery) -> Select[Any]:
    """A row for each line; one without a line for holders who have none."""

    def is_of(table: Holder) -> Any:
        return or_(table.advocate_id == holders.c.id, table.contact_id == holders.c.id)

    anchor = RecordConsentAnchor
    each = func.json_build_array(anchor.length, anchor.last_hash, anchor.created_at)
    anchors = select(func.json_agg(each)).where(is_of(anchor)).scalar_subquery().label("anchors")
    is_erased = (Advocate.state == AdvocateState.ERASED).label("is_erased")
    rows = select(holders, is_erased, anchors, RecordConsent, RecordConsentText).select_from(holders)
    whole = (
        rows.outerjoin(Advocate, Advocate.id == holders.c.id)
        .outerjoin(RecordConsent, is_of(RecordConsent))
        .outerjoin(RecordConsentText, RecordConsentText.id == RecordConsent.text_id)
    )
    return whole.order_by(holders.c.id, RecordConsent.number)


def _chain(rows: Sequence[Row[Any]]) -> RecordConsentChain:
    first = rows[0]
    return RecordConsentChain(
        holder_id=first.id,
        is_contact=first.is_contact,
        is_erased=bool(first.is_erased),
        lines=[(row.RecordConsent, row.RecordConsentText) for row in rows if row.RecordConsent is not None],
        anchors=daily_anchors(first.anchors),
    )
