"""New links to the answer page: for one that was replaced, and for somebody who has another address now."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.asks import emails, queries
from portal.asks.answering.ask_page import AskPage, ask_page
from portal.asks.models import Ask, AskState
from portal.declarations.programs import PROGRAMS
from portal.errors import Conflict


def send_new_link(page: AskPage) -> None:
    if not page.can_answer:
        raise Conflict("This request has ended, so you don’t need a new link.")
    emails.send_new_link(page.session, page.ask)


def renew_links(session: Session, advocate_id: UUID) -> None:
    """Replace links that went to an earlier address: whoever reads mail there sees no answer, and changes none.

    Lock all records, then all companies and people, then all asks, so that nobody waits in a circle.
    """
    pages = [ask_page(session, ask_id) for ask_id in _asks_with_links(session, advocate_id)]
    for page in pages:
        page.part.lock(session, page.ask)
    queries.lock_people_and_companies(session, [page.ask for page in pages])
    for page in pages:
        queries.lock_ask(session, page.ask)
        page.ask.link_version += 1
        if page.can_answer:
            send_new_link(page)


def _asks_with_links(session: Session, advocate_id: UUID) -> Sequence[UUID]:
    """Every ask that was sent, open or not; one that is taken back got another version then."""
    tables = [program.subject_type for program in PROGRAMS]
    mine = select(Ask.id).where(Ask.advocate_id == advocate_id, Ask.subject_type.in_(tables))
    has_link = Ask.sent_at.is_not(None), Ask.off_platform.is_(False), Ask.state != AskState.WITHDRAWN
    return session.scalars(mine.where(*has_link).order_by(Ask.subject_type, Ask.subject_id, Ask.id)).all()
