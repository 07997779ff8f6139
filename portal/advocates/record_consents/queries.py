"""Reading consents about records: one person's, everybody's about one record, the words shown today."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from portal.advocates.record_consents.models import ConsentHolder, RecordConsent, RecordConsentText
from tenants.base import TenantOwned

LineWithText = tuple[RecordConsent, RecordConsentText]
ConsentKey = tuple[str, UUID, str]  # the record's table and id, and the kind of consent


def current_text(session: Session, kind: str) -> RecordConsentText | None:
    its = select(RecordConsentText).where(RecordConsentText.kind == kind)
    return session.scalar(its.order_by(RecordConsentText.version.desc()).limit(1))


def lines_of(session: Session, holder: ConsentHolder) -> Sequence[LineWithText]:
    lines = select(RecordConsent, RecordConsentText).join(
        RecordConsentText, RecordConsentText.id == RecordConsent.text_id
    )
    mine = lines.where(_is_of(holder)).order_by(RecordConsent.number)
    return [(line, text) for line, text in session.execute(mine)]


def current_consents(lines: Iterable[LineWithText]) -> dict[ConsentKey, LineWithText]:
    last = {(line.subject_type, line.subject_id, text.kind): (line, text) for line, text in lines}
    return {key: line_and_text for key, line_and_text in last.items() if line_and_text[0].granted}


def consents_about(session: Session, subject: TenantOwned, kind: str) -> Sequence[RecordConsent]:
    """Return who agrees to that now: the last line of each, where it says yes."""
    holder = func.coalesce(RecordConsent.advocate_id, RecordConsent.contact_id)
    about = select(RecordConsent).join(RecordConsentText, RecordConsentText.id == RecordConsent.text_id)
    its = about.where(
        RecordConsent.subject_type == subject.__tablename__,
        RecordConsent.subject_id == subject.id,
        RecordConsentText.kind == kind,
    )
    last = its.ext(distinct_on(holder)).order_by(holder, RecordConsent.number.desc())
    return [line for line in session.scalars(last) if line.granted]


def _is_of(holder: ConsentHolder) -> ColumnElement[bool]:
    if holder.advocate_id is not None:
        return RecordConsent.advocate_id == holder.advocate_id
    return RecordConsent.contact_id == holder.contact_id
