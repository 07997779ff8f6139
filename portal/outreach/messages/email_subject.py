"""The record an email is about, where that has a page: programs and features above say where theirs are shown."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.declarations.pages import RecordLink
from portal.declarations.programs import PROGRAMS, RecordFinder
from portal.outreach.models import Email

FINDERS: dict[str, RecordFinder] = {}  # tables of features that every workspace has


def declare(table: str, find: RecordFinder) -> None:
    """For features above emails, when a process starts."""
    FINDERS[table] = find


def subject_link(session: Session, email: Email) -> RecordLink | None:
    return record_link(session, email.subject_type, email.subject_id)


def record_link(session: Session, table: str, row_id: UUID | None) -> RecordLink | None:
    finders = (FINDERS.get(table), *(program.email_subjects.get(table) for program in PROGRAMS))
    find = next((one for one in finders if one), None)
    return find(session, row_id) if find and row_id else None
