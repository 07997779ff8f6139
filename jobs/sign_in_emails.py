"""The sign-in email. Here, away from the page, it shows whether the address is known."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.outbox import Message
from portal.signin import emails, queries
from portal.signin.models import SignInRequested
from tenants.models import User


def send_sign_in_link(session: Session, message: SignInRequested) -> None:
    """Skip strangers, and emails whose ten minutes were over before a worker came.

    Whoever asked too often is still waiting for the same email as before.
    """
    asked = queries.open_request(session, message.request_id)
    user = session.get(User, asked.user_id) if asked and asked.user_id else None
    if asked is not None and user is not None and asked.email_count:
        emails.send_sign_in_link(session, asked, user)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {SignInRequested: send_sign_in_link}
