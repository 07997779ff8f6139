"""What follows when a colleague joins."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.outbox import Message
from portal.signin import memberships
from portal.signin.models import MemberJoined
from portal.workspace.actions import assign_owned_records


def give_owned_records(session: Session, message: MemberJoined) -> None:
    assign_owned_records(session, memberships.get(session, message.membership_id))


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {MemberJoined: give_owned_records}
