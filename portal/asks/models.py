"""The ask: one request for one advocate's time or name. Every program writes to this one ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.accounts.models import Account
from portal.advocates.ask_kinds import ACTS, GUESTS, TALKS, AskKind
from portal.advocates.models import Advocate
from portal.asks.answer_codes import DeclineReason, NoteCode
from portal.asks.lifecycles import LIFECYCLE, AskMove, AskState
from portal.lifecycle import Lifecycle
from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant
from tenants.models import Membership

__all__ = ["GUESTS", "IS_ACT", "LIFECYCLE", "TALKS", "Ask", "AskKind", "AskMove", "AskState"]
BUDGET_COLUMNS = [
    "kind",
    "minutes",
    "attention_minutes",
    "state",
    "answered_at",
]  # what budgets read, so that the index alone answers


def _attention_of_kind(context: Any) -> int:
    return AskKind(context.get_current_parameters()["kind"]).attention_minutes


class Ask(TenantOwned):
    __tablename__ = "asks"
    lifecycle: ClassVar[Lifecycle[AskState, AskMove]] = LIFECYCLE
    rules = (
        same_tenant("advocate_id", "advocates"),
        same_tenant("account_id", "accounts"),
        same_tenant("override_by_id", "memberships"),
        same_tenant("sent_by_id", "memberships"),
        Index(
            "ix_asks_advocate_sent", "tenant_id", "advocate_id", "sent_at", postgresql_include=BUDGET_COLUMNS
        ),
        Index(
            "ix_asks_account_sent", "tenant_id", "account_id", "sent_at", postgresql_include=BUDGET_COLUMNS
        ),
        Index(
            "ix_asks_sent",
            "tenant_id",
            "sent_at",
            postgresql_include=["advocate_id", "account_id", *BUDGET_COLUMNS],
        ),
        Index("ix_asks_subject", "tenant_id", "subject_type", "subject_id"),
        Index(
            "ix_asks_one_open",
            "tenant_id",
            "subject_type",
            "subject_id",
            "advocate_id",
            unique=True,
            postgresql_where="state IN ('proposed', 'sent', 'accepted')",
        ),
        Index("ix_asks_due", "tenant_id", "state", "due_on"),
        Index("ix_asks_completed", "tenant_id", "completed_at"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        CheckConstraint("attention_minutes >= 0", name="attention_minutes_not_negative"),
        CheckConstraint(
            "(state = 'proposed') = (sent_at IS NULL) OR state = 'withdrawn'", name="sent_unless_proposed"
        ),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="declined_has_a_reason"),
        CheckConstraint("withdrawal_reason IS NULL OR state = 'withdrawn'", name="only_withdrawn_says_why"),
        CheckConstraint("(override_by_id IS NULL) = (override_reason = '')", name="override_is_explained"),
    )
    kind: Mapped[AskKind]
    advocate_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    subject_type: Mapped[str]  # the table of the program's record: "reference_requests"
    subject_id: Mapped[UUID]
    helps_name: Mapped[str] = mapped_column(default="")  # whom it helps, in the advocate's list: "Initech"
    helps_name_norm: Mapped[str] = mapped_column(
        default=""
    )  # the same, normalized: a competitor is not asked
    why_you: Mapped[str] = mapped_column(default="")  # why this person, in a sentence the advocate reads
    minutes: Mapped[int]  # of the favor
    attention_minutes: Mapped[int] = mapped_column(default=_attention_of_kind)  # to read and answer it
    due_on: Mapped[date]  # answer by the end of this day; counted from the day on which its email left
    state: Mapped[AskState] = mapped_column(default=LIFECYCLE.initial)
    off_platform: Mapped[bool] = mapped_column(default=False)  # a favor a rep arranged; may overfill a window
    sent_at: Mapped[datetime | None]
    emailed_at: Mapped[
        datetime | None
    ]  # when its email left, or is to leave: the time to answer runs from here
    answered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # not held, expired, withdrawn, released
    dismissed_at: Mapped[datetime | None]  # hidden from the own list since; state and due day stay
    decline_reason: Mapped[DeclineReason | None]
    withdrawal_reason: Mapped[str | None] = mapped_column(String(40))  # the name of a declared one
    reason_text: Mapped[str] = mapped_column(default="")  # of a reason that was told in words
    note: Mapped[str] = mapped_column(default="")  # what the advocate wrote with the answer
    note_code: Mapped[NoteCode | None]  # what the answer says beside that
    note_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sent_by_id: Mapped[UUID | None]
    override_reason: Mapped[str] = mapped_column(default="")
    override_by_id: Mapped[UUID | None]
    link_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    advocate: Mapped[Advocate] = relationship(
        primaryjoin=lambda: Advocate.id == foreign(Ask.advocate_id), lazy="raise", viewonly=True
    )
    account: Mapped[Account | None] = relationship(
        primaryjoin=lambda: Account.id == foreign(Ask.account_id), lazy="raise", viewonly=True
    )
    sent_by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: Membership.id == foreign(Ask.sent_by_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def moves(self) -> list[AskMove]:
        return LIFECYCLE.moves_from(self.state)


IS_ACT = Ask.kind.in_(ACTS)  # done, it is an act of advocacy


@dataclass(frozen=True)
class AskSent(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AsksSent(Message):
    """Of a batch, in its one transaction."""

    ask_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class AskAccepted(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AskDeclined(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AskExpired(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AskCompleted(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AskReleased(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AskNotHeld(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AskWithdrawn(Message):
    ask_id: UUID


@dataclass(frozen=True)
class AsksWithdrawn(Message):
    """Of a batch, in its one transaction; their budgets are free again."""

    ask_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class BudgetReleased(Message):
    """An ask was withdrawn. A message of its own, since people are locked before calls and emails of the desk."""

    ask_id: UUID
