"""The record an email is about, where that has a page: each program says where its records are shown."""

from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table
from sqlalchemy.orm import Session

from portal.declarations.pages import RecordLink
from portal.declarations.programs import PROGRAMS
from portal.outreach.models import Email

asks = table(
    "asks", column("id", Uuid), column("subject_type", Text), column("subject_id", Uuid)
)  # a floor above


def subject_link(session: Session, email: Email) -> RecordLink | None:
    if email.subject_type != asks.name:
        return _link(session, email.subject_type, email.subject_id)
    subject = select(asks.c.subject_type, asks.c.subject_id).where(asks.c.id == email.subject_id)
    found = session.execute(subject).one_or_none()
    return _link(session, found.subject_type, found.subject_id) if found else None


def _link(session: Session, subject_type: str, row_id: UUID | None) -> RecordLink | None:
    finders = (program.email_subjects.get(subject_type) for program in PROGRAMS)
    find = next((one for one in finders if one), None)
    return find(session, row_id) if find and row_id else None
