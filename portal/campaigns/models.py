"""A campaign asks people about one record of a program, in the order of a draw, wave by wave."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.advocates.models import Advocate
from portal.campaigns.lifecycles import (
    LIFECYCLE,
    PERSON_LIFECYCLE,
    CampaignMove,
    CampaignState,
    Halt,
    PersonMove,
    PersonState,
)
from portal.lifecycle import Lifecycle
from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant
from tenants.models import Membership

__all__ = [
    "LIFECYCLE",
    "Campaign",
    "CampaignMove",
    "CampaignPerson",
    "CampaignState",
    "CampaignStopped",
    "Halt",
    "LeftOut",
    "PersonMove",
    "PersonState",
]
MOST_WAVES = 20
MOST_FAILURES = 3  # one after the other; then it pauses itself


class LeftOut(StrEnum):
    """Why somebody of the audience is not asked: the first reason that applies, in this order."""

    PAUSED = "paused"
    CONSENT = "consent"
    UNWILLING = "unwilling"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    LATELY = "lately"
    COMPANY = "company"  # health, renewal, conflict: for kinds that wait for a company
    BUDGET = "budget"
    CLOSED = "closed"  # it was stopped before it was their turn
    REFUSED = "refused"  # something else changed between the list and the ask


class Campaign(TenantOwned):
    """Of one record, so that whoever starts it twice starts it once."""

    __tablename__ = "campaigns"
    lifecycle: ClassVar[Lifecycle[CampaignState, CampaignMove]] = LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "subject_type", "subject_id"),
        same_tenant("requested_by_id", "memberships"),
        same_tenant("approver_id", "memberships"),
        same_tenant("decided_by_id", "memberships"),
        same_tenant("draw_id", "segment_draws"),
        Index("ix_campaigns_due", "tenant_id", "next_at", postgresql_where="next_at IS NOT NULL"),
        Index("ix_campaigns_waiting", "tenant_id", "id", postgresql_where="state = 'waiting'"),
        CheckConstraint(
            "next_at IS NULL OR state IN ('requested', 'running')", name="due_while_it_is_under_way"
        ),
        CheckConstraint(f"waves BETWEEN 1 AND {MOST_WAVES}", name="waves_in_range"),
        CheckConstraint("days_between BETWEEN 1 AND 30", name="days_between_in_range"),
    )
    subject_type: Mapped[str]  # the table of the program's record, as in asks
    subject_id: Mapped[UUID]
    state: Mapped[CampaignState] = mapped_column(default=LIFECYCLE.initial)
    is_open_ended: Mapped[bool] = mapped_column(default=False)  # people join it until it is stopped
    seen: Mapped[str] = mapped_column(
        default=""
    )  # fingerprint of the audience as it was started; blank: long ago
    seed: Mapped[str]  # of the draw: the order in which people are asked
    draw_id: Mapped[UUID | None]  # none: not drawn yet, or open-ended: with a draw each time people join it
    starts_at: Mapped[datetime]
    waves: Mapped[int] = mapped_column(default=1)
    days_between: Mapped[int] = mapped_column(default=1)  # two waves
    next_at: Mapped[datetime | None]  # when a worker looks at it again
    size: Mapped[int] = mapped_column(
        default=0
    )  # people, when it was last looked at whether approval is needed
    approved_size: Mapped[int] = mapped_column(default=0)  # people, when it was approved
    halt: Mapped[Halt | None]
    failures: Mapped[int] = mapped_column(default=0)  # one after the other, of what workers do for it
    paused_at: Mapped[datetime | None]
    requested_by_id: Mapped[UUID | None]
    approver_id: Mapped[UUID | None]  # who was asked to approve
    approval_asked_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    requested_by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: Membership.id == foreign(Campaign.requested_by_id), lazy="raise", viewonly=True
    )
    approver: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: Membership.id == foreign(Campaign.approver_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def paused_itself(self) -> bool:
        return self.state is CampaignState.PAUSED and self.failures > MOST_FAILURES

    @property
    def moves(self) -> list[CampaignMove]:
        return LIFECYCLE.moves_from(self.state)

    def wave_at(self, wave: int) -> datetime:
        return self.starts_at + timedelta(days=self.days_between) * (wave - 1)


@dataclass(frozen=True)
class CampaignStopped(Message):
    """Whoever was asked and whose email has not left is asked no more."""

    campaign_id: UUID


class CampaignPerson(TenantOwned):
    """Written in bulk when the audience is frozen; nobody is added to a round later."""

    __tablename__ = "campaign_people"
    is_bulk_row: ClassVar[bool] = True
    lifecycle: ClassVar[Lifecycle[PersonState, PersonMove]] = PERSON_LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "campaign_id", "round_on", "advocate_id"),
        Index(
            "ix_campaign_people_queued",
            "tenant_id",
            "campaign_id",
            "wave",
            "position",
            postgresql_where="state = 'queued'",
        ),
        CheckConstraint("(state = 'left_out') = (left_out IS NOT NULL)", name="left_out_has_a_reason"),
    )
    campaign_id: Mapped[UUID]
    advocate_id: Mapped[UUID]
    round_on: Mapped[date]  # the day on which its round began: the start, or the first day of a quarter
    wave: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]  # in the draw
    state: Mapped[PersonState] = mapped_column(default=PERSON_LIFECYCLE.initial)
    left_out: Mapped[LeftOut | None]
    advocate: Mapped[Advocate] = relationship(
        primaryjoin=lambda: Advocate.id == foreign(CampaignPerson.advocate_id), lazy="raise", viewonly=True
    )
