"""What follows when a reader wants no more letters, or wants them again."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.advocates import queries
from portal.advocates.models import ConsentGiven
from portal.outbox import Message
from portal.outreach.suppression.unsubscribing import agreed_again


def write_again(session: Session, message: ConsentGiven) -> None:
    advocate = queries.locked(session, message.advocate_id)
    if advocate is not None:
        agreed_again(session, advocate)


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {ConsentGiven: write_again}
