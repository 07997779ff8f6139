"""New links to the answer page: for one that was replaced, and for somebody who has another address now."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.asks import queries
from portal.asks.models import Ask, AskState
from portal.asks.summaries import summary_of
from portal.declarations.programs import PROGRAMS
from portal.errors import Conflict
from portal.links import LinkPurpose
from portal.outreach.email_content import Recipient, SignedLink
from portal.outreach.email_kinds import EmailKind
from portal.outreach.messages.compose import compose
from tenants.clock import utc_now


def recipient_of(ask: Ask) -> Recipient:
    """The person. A reply goes to whoever asked, while they work here: before a yes nobody else may learn who it is."""
    asker = ask.sent_by
    reply_to = asker.email if asker is not None and asker.is_active else ""
    return Recipient(ask.advocate.email, ask.advocate.name, advocate_id=ask.advocate_id, reply_to=reply_to)


def send_new_link(session: Session, ask: Ask) -> None:
    """To the address of the person, for a link that was replaced. At most one email an hour."""
    if ask.state is not AskState.SENT:
        raise Conflict("This request has ended, so you don’t need a new link.")
    compose(
        session,
        EmailKind.NEW_LINK,
        recipient_of(ask),
        f"ask:{ask.id}:link:{ask.link_version}:{utc_now():%Y%m%d%H}",
        about=(ask.__tablename__, ask.id),
        fields={
            "name": ask.advocate.first_name or ask.advocate.name,
            "what": summary_of(session, ask).short_question,
        },
        links={"page": SignedLink(LinkPurpose.ANSWER, ask.id, ask.link_version)},
    )


def renew_links(session: Session, advocate_id: UUID) -> None:
    """What was sent to the address before opens nothing; the new one gets what is open.

    All records first, then all people, then all asks, so that nobody waits in a circle.
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
