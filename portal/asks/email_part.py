"""What emails need of asks: handed down to outreach by `portal/programs.py`."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.asks.models import Ask
from portal.declarations.pages import RecordLink
from portal.outreach.messages.email_subject import record_link


def ask_link(session: Session, ask_id: UUID) -> RecordLink | None:
    """The page of the record that an ask serves."""
    served = select(Ask.subject_type, Ask.subject_id).where(Ask.id == ask_id)
    record = session.execute(served).one_or_none()
    return record_link(session, record.subject_type, record.subject_id) if record else None
