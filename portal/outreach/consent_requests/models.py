"""Who was asked for which further consent, in which words, and what they said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.advocates.models import ConsentPurpose
from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant
from tenants.clock import utc_now


class ConsentRequest(TenantOwned):
    __tablename__ = "consent_requests"
    rules = (
        same_tenant("advocate_id", "advocates"),
        same_tenant("text_id", "consent_texts"),
        same_tenant("by_id", "memberships"),
        Index("ix_consent_requests_advocate", "tenant_id", "advocate_id", "sent_at"),
        Index("ix_consent_requests_purpose", "tenant_id", "purpose", "sent_at"),
        CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name="answered_says_something"),
    )
    advocate_id: Mapped[UUID]
    purpose: Mapped[ConsentPurpose]
    text_id: Mapped[UUID]  # the words in the email
    by_id: Mapped[UUID]
    sent_at: Mapped[datetime] = mapped_column(default=utc_now)  # one a year, counted from here
    link_sent_at: Mapped[datetime] = mapped_column(default=utc_now)  # the newest link's
    link_version: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[datetime | None]
    granted: Mapped[bool | None]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None


@dataclass(frozen=True)
class ConsentRequestsOrdered(Message):
    """A manager asks everybody who may be asked, with these words; there are very many of them."""

    text_id: UUID
    by_id: UUID
