"""The sign-in letter. Here, away from the page, it shows whether the address is known."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.gateways.bell import Worker
from portal.links import Purpose
from portal.outbox import Message
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, Recipient
from portal.signin import queries
from portal.signin.models import SignInAsked
from tenants.models import User


def write_letter(session: Session, message: SignInAsked) -> None:
    """No letter to a stranger, nor one whose ten minutes were over before a worker came to it. Whoever asked too often
    is still waiting for the same letter as before."""
    asked = queries.open_request(session, message.request_id)
    user = session.get(User, asked.user_id) if asked and asked.user_id else None
    if asked is None or user is None or not asked.emails:
        return
    write(
        session,
        LetterKind.SIGN_IN,
        Recipient(user.email, user.name, user_id=user.id),
        occasion=f"sign_in:{asked.id}" + (f":{asked.emails}" if asked.emails > 1 else ""),
        links={"sign_in": Link(Purpose.SIGN_IN, asked.id)},
        queue=Worker.SIGN_IN,
    )


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {SignInAsked: write_letter}
