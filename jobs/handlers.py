"""Who answers which message: features, then programs. A message nobody answers is handled by being read."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from jobs import advocates, asks, campaigns, lists, outreach, programs, sequences, sign_in_emails, workspace
from portal.declarations.programs import PROGRAMS
from portal.outbox import Message

Handler = Callable[[Session, Any], None]
HANDLERS_BY_FEATURE: tuple[dict[type[Message], Handler], ...] = (
    advocates.HANDLERS,
    programs.HANDLERS,
    asks.HANDLERS,
    campaigns.HANDLERS,
    outreach.HANDLERS,
    sequences.HANDLERS,
    sign_in_emails.HANDLERS,
    workspace.HANDLERS,
    lists.HANDLERS,
)


def handlers_for(message: Message) -> list[Handler]:
    """Return all handlers; one transaction holds them, so all take effect or none does."""
    declared = (*HANDLERS_BY_FEATURE, *(program.handlers for program in PROGRAMS))
    return [answers[type(message)] for answers in declared if type(message) in answers]
