"""A person's own calendar feed: one signed address that their calendar subscribes to, until they revoke it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant


class CalendarFeed(TenantOwned):
    """Raising `link_version` revokes the address; the row stays, so that an old address never works again."""

    __tablename__ = "event_calendar_feeds"
    rules = (
        same_tenant("advocate_id", "advocates"),
        UniqueConstraint("tenant_id", "advocate_id"),
    )
    advocate_id: Mapped[UUID]
    is_on: Mapped[bool] = mapped_column(default=True)
    link_version: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class GuestsOfCancelledEvent(Message):
    """They are told that it doesn't take place."""

    event_id: UUID
