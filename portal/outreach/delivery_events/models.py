"""One row for each event of an email."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.base import TenantOwned, same_tenant


class DeliveryEventType(StrEnum):
    PROCESSED = "processed"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    DROPPED = "dropped"  # the provider would not even try
    BOUNCED = "bounced"
    BLOCKED = "blocked"  # turned away this once; the address is fine
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OPENED = "opened"
    CLICKED = "clicked"


OPENS_AND_CLICKS = (DeliveryEventType.OPENED, DeliveryEventType.CLICKED)


class DeliveryEvent(TenantOwned):
    __tablename__ = "delivery_events"
    rules = (
        UniqueConstraint("tenant_id", "external_id"),
        same_tenant("email_id", "emails"),
        Index("ix_delivery_events_email", "tenant_id", "email_id", "at"),
    )
    email_id: Mapped[UUID]
    event_type: Mapped[DeliveryEventType]
    at: Mapped[datetime]  # by the provider's clock
    external_id: Mapped[str]
    is_bot: Mapped[bool] = mapped_column(default=False)  # a scanner or a mail app's proxy, not a person
    provider_reason: Mapped[str] = mapped_column(default="")  # the receiving server's words
    url: Mapped[str] = mapped_column(default="")  # what was clicked, without its token
