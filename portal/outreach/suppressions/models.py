"""Suppressed addresses, for all emails or for one purpose."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant
from tenants.models import Membership


class SuppressionReason(StrEnum):
    BOUNCED = "bounced"  # the address does not exist
    COMPLAINED = "complained"  # marked as spam
    UNSUBSCRIBED = "unsubscribed"
    ERASED = "erased"
    BY_HAND = "by_hand"  # a manager was told so
    OPTED_OUT = "opted_out"  # the customer's CRM says so: an imported file


HARD_REASONS = (
    SuppressionReason.BOUNCED,
    SuppressionReason.COMPLAINED,
    SuppressionReason.ERASED,
    SuppressionReason.BY_HAND,
)  # hold even what somebody asked for
OPT_OUT_REASONS = (
    SuppressionReason.UNSUBSCRIBED,
    SuppressionReason.OPTED_OUT,
)  # by the person, of one purpose or of all; ends what nobody asked for
LIFTABLE_REASONS = (
    SuppressionReason.BOUNCED,
    SuppressionReason.BY_HAND,
)  # by a manager; what a person said, that person alone takes back


class Suppression(TenantOwned):
    """One reason for one address. Lifted rows stay as history; the hash alone survives an erasure."""

    __tablename__ = "suppressions"
    rules = (
        same_tenant("email_id", "emails"),
        same_tenant("by_id", "memberships"),
        same_tenant("import_id", "imports"),
        Index(
            "uq_suppressions_in_force",
            "tenant_id",
            "address_hash",
            "purpose",
            "reason",
            unique=True,
            postgresql_where="lifted_at IS NULL",
        ),
    )
    address_hash: Mapped[str]  # portal.outreach.suppressions.address_hashes
    purpose: Mapped[str] = mapped_column(default="")  # empty: all of them
    reason: Mapped[SuppressionReason]
    address: Mapped[str | None]  # for people to read; dropped by erasure
    note: Mapped[str] = mapped_column(default="")
    email_id: Mapped[UUID | None]  # the email that led to it
    by_id: Mapped[UUID | None]
    import_id: Mapped[UUID | None]  # the file that said so
    lifted_at: Mapped[datetime | None]
    by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: Membership.id == foreign(Suppression.by_id), lazy="raise", viewonly=True
    )

    @property
    def is_liftable(self) -> bool:
        return self.lifted_at is None and self.reason in LIFTABLE_REASONS


@dataclass(frozen=True)
class Unsubscribed(Message):
    """By the link of an email: from its purpose, or from all of them."""

    advocate_id: UUID
    email_id: UUID


@dataclass(frozen=True)
class ConsentWithdrawn(Message):
    """On the page of preferences: one purpose, or all of them."""

    advocate_id: UUID
