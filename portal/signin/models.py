"""What signing in and joining tell the rest of the house. The rows themselves are in `tenants/models.py`."""

from dataclasses import dataclass
from uuid import UUID

from portal.outbox import Message


@dataclass(frozen=True)
class SignInRequested(Message):
    """Somebody asked for a sign-in email. Whether the address is known is read by the handler, not by the page."""

    request_id: UUID


@dataclass(frozen=True)
class MemberJoined(Message):
    membership_id: UUID
