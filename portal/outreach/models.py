"""Emails: one row per mail, unique per occasion and recipient."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.declarations.email_kinds import EmailClass
from portal.lifecycle import Lifecycle
from portal.outreach.lifecycles import (
    LIFECYCLE,
    PERSONS_MOVES,
    WAITING_STATES,
    EmailMove,
    EmailState,
    HoldReason,
)
from portal.outreach.status_codes import EmailStatus, StatusCode
from tenants.base import TenantOwned, same_tenant

__all__ = [
    "LIFECYCLE",
    "NEEDS_ATTENTION",
    "WAITING_STATES",
    "Email",
    "EmailMove",
    "EmailState",
    "HoldReason",
]


NEEDS_ATTENTION = (
    "(state = 'failed' OR state = 'held' AND hold_reason = 'delivery_unknown') AND given_up_at IS NULL"
)
REJECTED_SO_FAR = "state = 'queued' AND first_rejected_at IS NOT NULL"
NOT_SENT = "state IN ('held', 'failed', 'unknown', 'bounced', 'complained')"


class Email(TenantOwned):
    """No row holds a secret: links are (purpose, row, version) and become addresses only while sending."""

    __tablename__ = "emails"
    lifecycle: ClassVar[Lifecycle[EmailState, EmailMove]] = LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "occasion", "recipient_norm"),
        same_tenant("advocate_id", "advocates"),
        same_tenant("template_id", "email_template_versions"),
        same_tenant("sequence_id", "sequences"),
        Index(
            "ix_emails_due",
            "tenant_id",
            "queue",
            "bulk",
            "due_at",
            "id",
            postgresql_where="state IN ('queued', 'held')",
        ),
        Index(
            "ix_emails_outcome_unknown",
            "tenant_id",
            "queue",
            "due_at",
            postgresql_where="state IN ('sending', 'unknown')",
        ),
        Index("ix_emails_recipient", "tenant_id", "recipient_norm", "created_at"),
        Index("ix_emails_subject", "tenant_id", "subject_type", "subject_id"),
        Index("ix_emails_not_sent", "tenant_id", "id", postgresql_where=NOT_SENT),
        Index("ix_emails_needs_attention", "tenant_id", "id", postgresql_where=NEEDS_ATTENTION),
        Index("ix_emails_rejected", "tenant_id", "first_rejected_at", postgresql_where=REJECTED_SO_FAR),
        Index(
            "ix_emails_sequence",
            "tenant_id",
            "sequence_id",
            "sequence_step",
            postgresql_where="sequence_id IS NOT NULL",
        ),
        Index(
            "ix_emails_first_event",
            "tenant_id",
            "first_event_at",
            postgresql_where="first_event_at IS NOT NULL",
        ),
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="sending_has_a_lease"),
        CheckConstraint(
            "state NOT IN ('queued', 'sending', 'unknown') OR due_at IS NOT NULL", name="waiting_has_a_time"
        ),
        CheckConstraint("state <> 'held' OR hold_reason <> ''", name="held_has_a_reason"),
        CheckConstraint(
            "state <> 'held' OR hold_reason <> 'delivery_unknown' OR due_at IS NULL",
            name="unknown_waits_for_a_person",
        ),
    )
    kind: Mapped[str]
    email_class: Mapped[EmailClass]
    queue: Mapped[str] = mapped_column(default="mail")
    bulk: Mapped[bool] = mapped_column(default=False)  # one of many; what was asked for singly goes first
    occasion: Mapped[str]  # what it is for, e.g. "ask:<id>:sent"
    recipient: Mapped[str]
    recipient_norm: Mapped[str]
    recipient_name: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")  # empty: as the workspace's sender says
    locale: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="")  # the recipient's; empty: the workspace's
    purpose: Mapped[str] = mapped_column(default="")  # the consent a program email stands on
    user_id: Mapped[UUID | None]
    advocate_id: Mapped[UUID | None]
    subject_type: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[UUID | None]
    template_id: Mapped[UUID | None]  # the version it is made from
    sequence_id: Mapped[UUID | None]
    sequence_step: Mapped[int | None]
    window_from: Mapped[int | None]  # hours of the recipient's day, narrower than the quiet hours
    window_until: Mapped[int | None]
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    links: Mapped[dict[str, Any]] = mapped_column(default=dict)
    calendar: Mapped[dict[str, Any] | None]  # method and content of the .ics; it holds no secret
    state: Mapped[EmailState] = mapped_column(default=LIFECYCLE.initial)
    hold_reason: Mapped[HoldReason] = mapped_column(default=HoldReason.NONE)
    due_at: Mapped[
        datetime | None
    ]  # not before; while sending or unknown: looked at again; none: never by itself
    valid_until: Mapped[datetime | None]  # from then on it would say what is over, and never leaves
    lease_until: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]  # last taken for sending; caps count these
    first_rejected_at: Mapped[datetime | None]  # since when it is tried and the mail server does not take it
    tries: Mapped[int] = mapped_column(default=0)
    unknown_retries: Mapped[int] = mapped_column(default=0)  # how often it was tried again without knowing
    gateway: Mapped[str] = mapped_column(default="")  # the one that last took it
    account: Mapped[str] = mapped_column(
        default=""
    )  # which one at the gateway: each tells of its own emails only
    sent_at: Mapped[datetime | None]  # accepted by the provider
    obsolete_at: Mapped[
        datetime | None
    ]  # what it is about ended before it left, or while it was on its way; no further try ever leaves
    first_event_at: Mapped[datetime | None]  # when the provider first told us something of it
    opens: Mapped[int] = mapped_column(default=0)  # by people
    clicks: Mapped[int] = mapped_column(default=0)
    machine_opens: Mapped[int] = mapped_column(default=0)  # by scanners and proxies; they decide nothing
    machine_clicks: Mapped[int] = mapped_column(default=0)
    outcome_unknown: Mapped[bool] = mapped_column(default=False)  # an earlier try may have arrived
    given_up_at: Mapped[datetime | None]  # failed, and a person has seen it
    provider_id: Mapped[str] = mapped_column(default="")
    status_code: Mapped[StatusCode] = mapped_column(default=StatusCode.NONE)  # why held, failed or unknown
    status_params: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def status(self) -> EmailStatus:
        return EmailStatus(self.status_code, self.status_params)

    @property
    def possible_moves(self) -> list[EmailMove]:
        if self.given_up_at is not None:
            return [EmailMove.TRY_AGAIN]
        return [step for step in LIFECYCLE.moves_from(self.state) if step in PERSONS_MOVES]
