"""Who a workspace's emails come from, its own provider key, and what the domain's DNS says."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.advocates.email_domains import FREE_EMAIL_DOMAINS
from portal.gateways.sendgrid_key_check import KeyResult
from portal.history import HistoryAction
from tenants.base import TenantOwned
from tenants.email_addresses import domain_of


class SenderAction(HistoryAction):
    """What the history says was done; kept as these values."""

    CHANGED = "sender_changed"
    KEY_STORED = "key_stored"
    KEY_REMOVED = "key_removed"


class Sender(TenantOwned):
    """At most one row a workspace; what is empty comes from the installation (MAIL_FROM, MAIL_URL)."""

    __tablename__ = "senders"
    rules = (UniqueConstraint("tenant_id"),)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    sendgrid_key: Mapped[str] = mapped_column(default="")  # sealed by portal.secrets; never shown again
    key_check_requested_at: Mapped[datetime | None]  # when somebody asked to try the key
    key_checked_at: Mapped[datetime | None]
    key_result: Mapped[KeyResult | None]
    key_message: Mapped[str] = mapped_column(default="")  # SendGrid's own words
    webhook_key: Mapped[str] = mapped_column(default="")  # the public key SendGrid's events are checked with
    dkim_selector: Mapped[str] = mapped_column(default="s1")
    dns_check_requested_at: Mapped[datetime | None]  # when somebody asked for a check
    dns_checked_at: Mapped[datetime | None]
    dns_findings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was found, by record
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def domain(self) -> str:
        return domain_of(self.address)

    @property
    def is_free_mail(self) -> bool:
        return self.domain in FREE_EMAIL_DOMAINS

    @property
    def has_own_domain(self) -> bool:
        return bool(self.domain) and not self.is_free_mail

    @property
    def is_dns_being_checked(self) -> bool:
        return _is_pending(self.dns_check_requested_at, self.dns_checked_at)

    @property
    def is_key_being_checked(self) -> bool:
        return _is_pending(self.key_check_requested_at, self.key_checked_at)


def _is_pending(asked: datetime | None, done: datetime | None) -> bool:
    return asked is not None and (done is None or done < asked)
