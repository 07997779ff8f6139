"""The reference desk: requests of reps, their conversation, meetings and what both sides said afterwards."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.accounts.models import Deal
from portal.asks.models import Ask, AskKind
from portal.lifecycle import Lifecycle
from portal.name_search import FoundByName, name_indexes
from portal.references.criteria import MatchCriteria
from portal.references.lifecycles import (
    LIFECYCLE,
    MEETING_LIFECYCLE,
    MeetingMove,
    MeetingState,
    RequestMove,
    RequestState,
)
from tenants.base import TenantOwned, same_tenant
from tenants.clock import utc_now
from tenants.models import Membership

__all__ = [
    "LIFECYCLE",
    "MEETING_LIFECYCLE",
    "DealOutcome",
    "Meeting",
    "MeetingAnswer",
    "MeetingMove",
    "MeetingSlot",
    "MeetingState",
    "ReferenceRequest",
    "RequestMessage",
    "RequestMove",
    "RequestState",
    "Side",
    "UnfulfilledReason",
    "WaitingFor",
]


class DealOutcome(StrEnum):
    WON = "won"
    LOST = "lost"
    OPEN = "open"


class UnfulfilledReason(StrEnum):
    NO_MATCH = "no_match"
    OVER_BUDGET = "over_budget"
    DECLINED = "declined"
    TOO_LATE = "too_late"


class WaitingFor(StrEnum):
    """What the clock of a request stands still for."""

    CONTACT_NEEDED = "contact_needed"
    PROSPECT_UNDECIDED = "prospect_undecided"  # whether they still want a call
    QUESTION = "question"  # of a manager, in the manager's words


class ReferenceRequest(FoundByName, TenantOwned):
    __tablename__ = "reference_requests"
    lifecycle: ClassVar[Lifecycle[RequestState, RequestMove]] = LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "number"),
        same_tenant("requester_id", "memberships"),
        same_tenant("deal_id", "deals"),
        same_tenant("duplicate_of_id", "reference_requests"),
        Index("ix_requests_state", "tenant_id", "state", "needed_by", "id"),
        Index("ix_requests_due", "tenant_id", "due_at", "id"),
        Index("ix_requests_requester", "tenant_id", "requester_id", "created_at"),
        Index("ix_requests_submitted", "tenant_id", "submitted_at"),
        Index("ix_requests_delivered", "tenant_id", "delivered_at"),
        *name_indexes("reference_requests"),
        CheckConstraint("references_needed BETWEEN 1 AND 10", name="references_needed_in_range"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted_unless_draft"),
        CheckConstraint(
            "state NOT IN ('delivered', 'closed') OR delivered_at IS NOT NULL", name="delivered_has_a_time"
        ),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_has_an_outcome"),
        CheckConstraint(
            "(state = 'unfulfilled') = (unfulfilled_reason IS NOT NULL)", name="unfulfilled_is_explained"
        ),
        CheckConstraint(
            "(state = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="duplicate_names_the_other"
        ),
        CheckConstraint("(waiting_since IS NULL) = (waiting_for IS NULL)", name="waits_for_something"),
    )
    number: Mapped[int]  # R-1042: counted up within the workspace
    requester_id: Mapped[UUID]
    state: Mapped[RequestState] = mapped_column(default=LIFECYCLE.initial)
    # the six that a rep must fill
    prospect: Mapped[str]
    prospect_norm: Mapped[str]
    kind: Mapped[AskKind]
    needed_by: Mapped[date]
    product: Mapped[str]
    industry: Mapped[str]
    region: Mapped[str]
    # what helps
    deal_id: Mapped[UUID | None]
    competitor: Mapped[str] = mapped_column(default="")
    use_case: Mapped[str] = mapped_column(default="")
    persona: Mapped[str] = mapped_column(default="")
    company_size: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    questions: Mapped[str] = mapped_column(default="")  # one a line
    notes: Mapped[str] = mapped_column(default="")
    references_needed: Mapped[int] = mapped_column(default=1)
    contact_name: Mapped[str] = mapped_column(default="")  # who at the prospect will talk
    contact_email: Mapped[str] = mapped_column(default="")
    contact_time_zone: Mapped[str] = mapped_column(default="")
    region_relaxed: Mapped[bool] = mapped_column(default=False)
    # what happened
    submitted_at: Mapped[datetime | None]
    first_response_at: Mapped[datetime | None]  # first answer of a manager
    first_ask_at: Mapped[datetime | None]  # candidate named: the first ask went out
    due_at: Mapped[datetime] = mapped_column(default=utc_now)  # when the next open promise falls due
    waiting_since: Mapped[datetime | None]  # a flag, not a state: for the requester or an owner
    waiting_for: Mapped[WaitingFor | None]
    waiting_question: Mapped[str] = mapped_column(default="")
    paused_seconds: Mapped[int] = mapped_column(default=0)  # working time the clock stood still, all told
    off_platform: Mapped[bool] = mapped_column(
        default=False
    )  # a favor the rep arranged alone, logged afterwards
    delivered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[DealOutcome | None]
    outcome_cents: Mapped[int | None] = mapped_column(BigInteger)
    outcome_currency: Mapped[str] = mapped_column(default="")
    outcome_note: Mapped[str] = mapped_column(default="")
    unfulfilled_reason: Mapped[UnfulfilledReason | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    duplicate_of_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    requester: Mapped[Membership] = relationship(
        primaryjoin=lambda: Membership.id == foreign(ReferenceRequest.requester_id),
        lazy="raise",
        viewonly=True,
    )
    deal: Mapped[Deal | None] = relationship(
        primaryjoin=lambda: Deal.id == foreign(ReferenceRequest.deal_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def name_columns(cls) -> Sequence[str]:
        return ("prospect",)

    @property
    def moves(self) -> list[RequestMove]:
        return LIFECYCLE.moves_from(self.state)

    @property
    def criteria(self) -> MatchCriteria:
        return MatchCriteria(**{field.name: getattr(self, field.name) for field in fields(MatchCriteria)})


class RequestMessage(TenantOwned):
    """A line between the rep and the desk; advocates never see it."""

    __tablename__ = "request_messages"
    rules = (
        same_tenant("request_id", "reference_requests"),
        same_tenant("author_id", "memberships"),
        Index("ix_request_messages_request", "tenant_id", "request_id", "created_at"),
    )
    request_id: Mapped[UUID]
    author_id: Mapped[UUID]
    text: Mapped[str]
    author: Mapped[Membership] = relationship(
        primaryjoin=lambda: Membership.id == foreign(RequestMessage.author_id), lazy="raise", viewonly=True
    )


class Meeting(TenantOwned):
    """A call between an advocate and a prospect, with one calendar UID for its whole life.

    Two scheduled calls of one person never overlap: `ex_meetings_one_at_a_time`, made by migration 0027.
    """

    __tablename__ = "meetings"
    lifecycle: ClassVar[Lifecycle[MeetingState, MeetingMove]] = MEETING_LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "ask_id"),
        same_tenant("request_id", "reference_requests"),
        same_tenant("ask_id", "asks"),
        same_tenant("advocate_id", "advocates"),
        Index("ix_meetings_starts", "tenant_id", "starts_at"),
        Index("ix_meetings_advocate", "tenant_id", "advocate_id", "state"),
        CheckConstraint(
            "state IN ('offered', 'cancelled') OR starts_at IS NOT NULL", name="scheduled_has_a_time"
        ),
        CheckConstraint("minutes > 0 AND pause_minutes >= 0", name="takes_time"),
    )
    request_id: Mapped[UUID]
    ask_id: Mapped[UUID]
    advocate_id: Mapped[UUID]  # the ask's, for the constraint
    state: Mapped[MeetingState] = mapped_column(default=MEETING_LIFECYCLE.initial)
    minutes: Mapped[int]
    starts_at: Mapped[datetime | None]
    pause_minutes: Mapped[int] = mapped_column(
        default=0
    )  # kept free after it, as the policy was when it was set
    double_booked: Mapped[bool] = mapped_column(default=False)  # set before overlapping calls were refused
    dial_in: Mapped[str] = mapped_column(default="")
    prospect_name: Mapped[str] = mapped_column(default="")
    prospect_email: Mapped[str] = mapped_column(default="")
    prospect_time_zone: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    link_version: Mapped[int] = mapped_column(default=1)
    feedback_asked_at: Mapped[datetime | None]  # the after-call question went out
    version: Mapped[int] = mapped_column(default=1)
    ask: Mapped[Ask] = relationship(
        primaryjoin=lambda: Ask.id == foreign(Meeting.ask_id), lazy="raise", viewonly=True
    )
    request: Mapped[ReferenceRequest] = relationship(
        primaryjoin=lambda: ReferenceRequest.id == foreign(Meeting.request_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def busy_until(self) -> datetime | None:
        return self.starts_at and self.starts_at + timedelta(minutes=self.minutes + self.pause_minutes)


class MeetingSlot(TenantOwned):
    """A time the advocate offered."""

    __tablename__ = "meeting_slots"
    rules = (UniqueConstraint("tenant_id", "meeting_id", "starts_at"), same_tenant("meeting_id", "meetings"))
    meeting_id: Mapped[UUID]
    starts_at: Mapped[datetime]


class Side(StrEnum):
    ADVOCATE = "advocate"
    PROSPECT = "prospect"


class MeetingAnswer(TenantOwned):
    """The one question after the call, once per side: the row is made when it is asked."""

    __tablename__ = "meeting_answers"
    rules = (
        UniqueConstraint("tenant_id", "meeting_id", "side"),
        same_tenant("meeting_id", "meetings"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answered_has_an_outcome"),
    )
    meeting_id: Mapped[UUID]
    side: Mapped[Side]
    outcome: Mapped[MeetingState | None]  # held, moved or not_held
    rating: Mapped[int | None]
    text: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    link_version: Mapped[int] = mapped_column(default=1)
