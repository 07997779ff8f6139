"""What emails need of asks: handed down to outreach by `portal/programs.py`."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskState
from portal.declarations.pages import RecordLink
from portal.outreach.governance.open_asks import OpenAsk
from portal.outreach.messages.email_subject import record_link


def open_asks(session: Session, ask_ids: Collection[UUID]) -> dict[UUID, OpenAsk]:
    """Those of them that wait for an answer."""
    known = literal(list(ask_ids), ARRAY(Uuid))
    waiting = select(Ask.id, Ask.link_version, Ask.kind).where(Ask.state == AskState.SENT)
    rows = session.execute(waiting.where(Ask.id == any_(known)))
    return {ask_id: OpenAsk(version, kind) for ask_id, version, kind in rows}


def ask_link(session: Session, ask_id: UUID) -> RecordLink | None:
    """The page of the record that an ask serves."""
    served = select(Ask.subject_type, Ask.subject_id).where(Ask.id == ask_id)
    record = session.execute(served).one_or_none()
    return record_link(session, record.subject_type, record.subject_id) if record else None
