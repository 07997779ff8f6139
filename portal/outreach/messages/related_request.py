"""What an email is about, where that has a page: the request behind an ask, a meeting or a notice."""

from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table
from sqlalchemy.orm import Session

from portal.outreach.models import Email

REQUESTS = "reference_requests"
asks = table("asks", column("id", Uuid), column("subject_type", Text), column("subject_id", Uuid))
meetings = table("meetings", column("id", Uuid), column("request_id", Uuid))  # both live a floor above


def related_request_id(session: Session, email: Email) -> UUID | None:
    """In one question at most."""
    if email.subject_type == REQUESTS:
        return email.subject_id
    if email.subject_type == asks.name:
        served = (asks.c.id == email.subject_id, asks.c.subject_type == REQUESTS)
        return session.scalar(select(asks.c.subject_id).where(*served))
    if email.subject_type == meetings.name:
        return session.scalar(select(meetings.c.request_id).where(meetings.c.id == email.subject_id))
    return None
