"""What a letter is about, where that has a page: the request behind an ask, a meeting or a notice."""

from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table
from sqlalchemy.orm import Session

from portal.outreach.models import Letter

REQUESTS = "reference_requests"
asks = table("asks", column("id", Uuid), column("served_kind", Text), column("served_id", Uuid))
meetings = table("meetings", column("id", Uuid), column("request_id", Uuid))  # both live a floor above


def related_request_id(session: Session, letter: Letter) -> UUID | None:
    """In one question at most."""
    if letter.about_kind == REQUESTS:
        return letter.about_id
    if letter.about_kind == asks.name:
        served = (asks.c.id == letter.about_id, asks.c.served_kind == REQUESTS)
        return session.scalar(select(asks.c.served_id).where(*served))
    if letter.about_kind == meetings.name:
        return session.scalar(select(meetings.c.request_id).where(meetings.c.id == letter.about_id))
    return None
