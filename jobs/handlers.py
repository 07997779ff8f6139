"""Who answers which message. A message nobody answers is handled by being read."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from jobs import advocates, asks, outreach, references, sequences, sign_in_letters, workspace
from portal.outbox import Message

Handler = Callable[[Session, Any], None]
FEATURES: tuple[dict[type[Message], Handler], ...] = (
    advocates.ANSWERS,
    references.ANSWERS,  # holds the request before asks hold people, in the order of whoever asks
    asks.ANSWERS,
    outreach.ANSWERS,
    sequences.ANSWERS,
    sign_in_letters.ANSWERS,
    workspace.ANSWERS,
)


def handlers_of(message: Message) -> list[Handler]:
    """One transaction holds them all: all take effect, or none does."""
    return [answers[type(message)] for answers in FEATURES if type(message) in answers]
