"""What signing in and joining tell other features. The rows themselves are in `tenants/models.py`."""

from dataclasses import dataclass
from uuid import UUID

from portal.history import HistoryAction
from portal.outbox import Message


class MembershipAction(HistoryAction):
    """What happened to a membership, in the history."""

    INVITED = "invited"
    JOINED = "joined"
    RENAMED = "renamed"
    ROLES_CHANGED = "roles_changed"
    ENDED = "ended"


@dataclass(frozen=True)
class SignInRequested(Message):
    """Somebody asked for a sign-in email. Whether the address is known is read by the handler, not by the page."""

    request_id: UUID


@dataclass(frozen=True)
class MemberJoined(Message):
    membership_id: UUID
