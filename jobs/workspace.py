"""What follows when a colleague joins."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.outbox import Message
from portal.signin import members
from portal.signin.models import MemberJoined
from portal.workspace.actions import hand_over


def give_what_is_theirs(session: Session, message: MemberJoined) -> None:
    hand_over(session, members.get(session, message.membership_id))


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {MemberJoined: give_what_is_theirs}
