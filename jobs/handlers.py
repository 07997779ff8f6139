"""Who answers which message. A message nobody answers is handled by being read."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from jobs import advocates, asks, outreach, programs, references, sequences, sign_in_emails, workspace
from portal.outbox import Message

Handler = Callable[[Session, Any], None]
HANDLERS_BY_FEATURE: tuple[dict[type[Message], Handler], ...] = (
    advocates.HANDLERS,
    programs.HANDLERS,
    asks.HANDLERS,
    references.HANDLERS,
    outreach.HANDLERS,
    sequences.HANDLERS,
    sign_in_emails.HANDLERS,
    workspace.HANDLERS,
)


def handlers_for(message: Message) -> list[Handler]:
    """Return all handlers; one transaction holds them, so all take effect or none does."""
    return [answers[type(message)] for answers in HANDLERS_BY_FEATURE if type(message) in answers]
