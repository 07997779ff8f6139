"""What an email is about, where that has a page: the request behind an ask, a meeting or a notice."""

from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table
from sqlalchemy.orm import Session

from portal.outreach.models import Email

REQUESTS = "reference_requests"
asks = table("asks", column("id", Uuid), column("served_kind", Text), column("served_id", Uuid))
meetings = table("meetings", column("id", Uuid), column("request_id", Uuid))  # both live a floor above


def related_request_id(session: Session, email: Email) -> UUID | None:
    """In one question at most."""
    if email.about_kind == REQUESTS:
        return email.about_id
    if email.about_kind == asks.name:
        served = (asks.c.id == email.about_id, asks.c.served_kind == REQUESTS)
        return session.scalar(select(asks.c.served_id).where(*served))
    if email.about_kind == meetings.name:
        return session.scalar(select(meetings.c.request_id).where(meetings.c.id == email.about_id))
    return None
