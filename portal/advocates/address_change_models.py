"""An address that somebody has from now on, once the link sent to it was used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant
from tenants.clock import utc_now

LINK_LIFETIME = timedelta(days=7)
MAX_EMAILS = 3  # for one change; whoever never answers is not written to for ever
EMAIL_INTERVAL = timedelta(hours=1)


class AddressChange(TenantOwned):
    __tablename__ = "address_changes"
    rules = (
        same_tenant("advocate_id", "advocates"),
        same_tenant("by_id", "memberships"),
        Index("ix_address_changes_advocate", "tenant_id", "advocate_id"),
        Index("ix_address_changes_former", "tenant_id", "former_norm"),
        Index(
            "uq_address_changes_open",
            "tenant_id",
            "advocate_id",
            unique=True,
            postgresql_where="confirmed_at IS NULL AND withdrawn_at IS NULL",
        ),
    )
    advocate_id: Mapped[UUID]
    email: Mapped[str]
    email_norm: Mapped[str]
    former: Mapped[str]  # the address it takes the place of
    former_norm: Mapped[str]
    by_id: Mapped[UUID]
    sent_at: Mapped[datetime] = mapped_column(default=utc_now)  # the newest email's: its link lasts a week
    email_count: Mapped[int] = mapped_column(default=1)
    link_version: Mapped[int] = mapped_column(default=1)
    first_link_version: Mapped[
        int | None
    ]  # of the person: links of an earlier one went to the former address
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.withdrawn_at is None

    @property
    def is_expired(self) -> bool:
        return self.is_open and self.sent_at < utc_now() - LINK_LIFETIME

    @property
    def can_resend(self) -> bool:
        return self.is_open and self.email_count < MAX_EMAILS and self.sent_at <= utc_now() - EMAIL_INTERVAL


@dataclass(frozen=True)
class AddressChangeRequested(Message):
    address_change_id: UUID


@dataclass(frozen=True)
class AddressChanged(Message):
    address_change_id: UUID
