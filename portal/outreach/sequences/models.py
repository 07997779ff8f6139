"""Sequences, their steps and their runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.lifecycle import Lifecycle
from portal.outbox import Message
from portal.outreach.sequences.lifecycles import (
    FINISHABLE_STATES,
    LIFECYCLE,
    RUN_LIFECYCLE,
    RunMove,
    RunState,
    SequenceAction,
    SequenceMove,
    SequenceState,
    StopReason,
)
from portal.segments.audience import Audience
from tenants.base import TenantOwned, same_tenant

__all__ = [
    "FINISHABLE_STATES",
    "LIFECYCLE",
    "OWN",
    "RUN_LIFECYCLE",
    "EmailSequence",
    "RunMove",
    "RunState",
    "SequenceAction",
    "SequenceEndRequested",
    "SequenceMove",
    "SequenceRequest",
    "SequenceResumeRequested",
    "SequenceRun",
    "SequenceStartRequested",
    "SequenceState",
    "SequenceStep",
    "StopReason",
]
OWN = "own"  # the program of a manager's own sequences


class EmailSequence(TenantOwned):
    """Of a program (`program` names what its runs are about), or a manager's own (`own`)."""

    __tablename__ = "sequences"
    lifecycle: ClassVar[Lifecycle[SequenceState, SequenceMove]] = LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "program", "name"),
        same_tenant("by_id", "memberships"),
        CheckConstraint("window_from < window_until", name="window_opens_before_it_closes"),
    )
    program: Mapped[str]  # "asks", "meetings", "own" …
    name: Mapped[str]
    state: Mapped[SequenceState] = mapped_column(default=LIFECYCLE.initial)
    purpose: Mapped[str] = mapped_column(default="")  # of an own sequence: the consent it stands on
    window_from: Mapped[int | None]  # hours of the recipient's day; empty: the workspace's quiet hours alone
    window_until: Mapped[int | None]
    max_emails: Mapped[int | None]  # stop after so many emails
    max_answers: Mapped[int | None]  # stop after so many answers
    audience: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # of an own sequence, as `Audience` of segments writes it
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    by_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_for(self) -> Audience:
        return Audience.of(self.audience)


class SequenceStep(TenantOwned):
    """An email so long after the start, or so long before the moment that the run is anchored at."""

    __tablename__ = "sequence_steps"
    rules = (
        UniqueConstraint("tenant_id", "sequence_id", "number"),
        same_tenant("sequence_id", "sequences"),
        same_tenant("template_id", "email_templates"),
    )
    sequence_id: Mapped[UUID]
    number: Mapped[int]  # 1, 2, 3 …
    minutes: Mapped[int]  # after the anchor; negative: before it
    kind: Mapped[str]  # the name of an email kind
    template_id: Mapped[UUID | None]  # of an own email


class SequenceRun(TenantOwned):
    """One recipient's run through a sequence, about one record."""

    __tablename__ = "sequence_runs"
    lifecycle: ClassVar[Lifecycle[RunState, RunMove]] = RUN_LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "sequence_id", "subject_id", "recipient_norm"),
        same_tenant("sequence_id", "sequences"),
        same_tenant("advocate_id", "advocates"),
        Index(
            "ix_sequence_runs_due",
            "tenant_id",
            "sequence_id",
            "next_at",
            "id",
            postgresql_where="state = 'waiting'",
        ),
        Index("ix_sequence_runs_about", "tenant_id", "subject_type", "subject_id"),
        Index("ix_sequence_runs_advocate", "tenant_id", "advocate_id"),
        Index("ix_sequence_runs_sequence", "tenant_id", "sequence_id", "state", "id"),
        CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="waiting_has_a_time"),
    )
    sequence_id: Mapped[UUID]
    advocate_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    recipient: Mapped[str]
    recipient_norm: Mapped[str]
    recipient_name: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")  # of all its emails
    locale: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="")
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]  # of an own sequence: the advocate
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    links: Mapped[dict[str, Any]] = mapped_column(default=dict)
    purpose: Mapped[str] = mapped_column(default="")
    anchor_at: Mapped[datetime]
    step: Mapped[int] = mapped_column(default=0)  # the last step that was written or passed over
    next_at: Mapped[datetime | None]
    state: Mapped[RunState] = mapped_column(default=RUN_LIFECYCLE.initial)
    stop_reason: Mapped[StopReason | None]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True)
class SequenceRequest(Message):
    """An act that takes longer than a page may: see background_control."""

    sequence_id: UUID
    by_id: UUID


@dataclass(frozen=True)
class SequenceStartRequested(SequenceRequest):
    seen: tuple[UUID, ...] = ()  # what the audience was when it was asked for; none: nobody kept it


class SequenceResumeRequested(SequenceRequest):
    pass


class SequenceEndRequested(SequenceRequest):
    pass
