"""New links to the answer page: for one that was replaced, and for somebody who has another address now."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.asks import emails, queries
from portal.asks.models import Ask, AskState
from portal.declarations.programs import PROGRAMS
from portal.errors import Conflict


def send_new_link(session: Session, ask: Ask) -> None:
    if ask.state is not AskState.SENT:
        raise Conflict("This request has ended, so you don’t need a new link.")
    emails.send_new_link(session, ask)


def renew_links(session: Session, advocate_id: UUID) -> None:
    """Replace links that went to an earlier address.

    Lock all records, then all people, then all asks, so that nobody waits in a circle.
    """
    open_asks = [queries.get(session, ask_id) for ask_id in _open_ask_ids(session, advocate_id)]
    for ask in open_asks:
        if program := PROGRAMS.find_by_subject(ask.subject_type):
            program.answer.lock(session, ask)
    for ask in open_asks:
        queries.lock_ask(session, ask)
        if ask.state is AskState.SENT:
            ask.link_version += 1
            send_new_link(session, ask)


def _open_ask_ids(session: Session, advocate_id: UUID) -> list[UUID]:
    mine = select(Ask.id).where(Ask.advocate_id == advocate_id, Ask.state == AskState.SENT)
    return list(session.scalars(mine.order_by(Ask.subject_type, Ask.subject_id, Ask.id)))
