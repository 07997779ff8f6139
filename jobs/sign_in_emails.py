"""The sign-in email. Here, away from the page, it shows whether the address is known."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.gateways.queue import WorkQueue
from portal.links import LinkPurpose
from portal.outbox import Message
from portal.outreach.email_content import Recipient, SignedLink
from portal.outreach.email_kinds import EmailKind
from portal.outreach.messages.compose import compose
from portal.signin import queries
from portal.signin.models import SignInRequested
from tenants.models import User


def send_sign_in_link(session: Session, message: SignInRequested) -> None:
    """No email to a stranger, nor one whose ten minutes were over before a worker came to it. Whoever asked too often
    is still waiting for the same email as before."""
    asked = queries.open_request(session, message.request_id)
    user = session.get(User, asked.user_id) if asked and asked.user_id else None
    if asked is None or user is None or not asked.email_count:
        return
    compose(
        session,
        EmailKind.SIGN_IN,
        Recipient(user.email, user.name, user_id=user.id),
        occasion=f"sign_in:{asked.id}" + (f":{asked.email_count}" if asked.email_count > 1 else ""),
        links={"sign_in": SignedLink(LinkPurpose.SIGN_IN, asked.id)},
        queue=WorkQueue.SIGN_IN,
    )


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {SignInRequested: send_sign_in_link}
