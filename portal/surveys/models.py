"""A survey is one question; a recipient is one person who was asked in one round of it, with the answer.

Who waits, and who is left out and why, stands in its campaign (portal/campaigns/models.py).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.advocates.models import Advocate
from portal.lifecycle import Lifecycle
from portal.outbox import Message
from portal.segments.audience import Audience
from portal.surveys.lifecycles import (
    RECIPIENT_LIFECYCLE,
    SURVEY_LIFECYCLE,
    RecipientMove,
    RecipientState,
    SurveyMove,
    SurveyState,
)
from tenants.base import TenantOwned, same_tenant
from tenants.models import Membership

__all__ = [
    "RecipientMove",
    "RecipientState",
    "Survey",
    "SurveyClosed",
    "SurveyKind",
    "SurveyMove",
    "SurveyRecipient",
    "SurveyState",
]
MOST_CHOICES = 8


class SurveyKind(StrEnum):
    SCORE = "score"  # 0 to 10 and why
    CHOICE = "choice"


class Survey(TenantOwned):
    __tablename__ = "surveys"
    lifecycle: ClassVar[Lifecycle[SurveyState, SurveyMove]] = SURVEY_LIFECYCLE
    rules = (
        same_tenant("launched_by_id", "memberships"),
        Index("ix_surveys_state", "tenant_id", "state", "id"),
        CheckConstraint("(state = 'draft') = (launched_at IS NULL)", name="launched_unless_draft"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        CheckConstraint(
            f"CASE WHEN kind = 'choice' THEN cardinality(choices) BETWEEN 2 AND {MOST_CHOICES} "
            "ELSE choices = '{}' END",
            name="choices_to_choose_from",
        ),
        CheckConstraint("answer_days BETWEEN 1 AND 60", name="answer_days_in_range"),
    )
    title: Mapped[str]  # for the team
    kind: Mapped[SurveyKind]
    question: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(default=list)
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as `Audience` writes it
    asks_to_recommend: Mapped[bool] = mapped_column(
        default=True
    )  # what NPS asks; of a choice it says nothing
    is_rolling: Mapped[bool] = mapped_column(default=False)
    answer_days: Mapped[int]
    state: Mapped[SurveyState] = mapped_column(default=SURVEY_LIFECYCLE.initial)
    launched_at: Mapped[datetime | None]
    launched_by_id: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    launched_by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: Membership.id == foreign(Survey.launched_by_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_score(self) -> bool:
        return self.kind is SurveyKind.SCORE

    @property
    def is_for(self) -> Audience:
        return Audience.of(self.audience)

    @property
    def counts_in_nps(self) -> bool:
        """Another question from 0 to 10 has its own average and counts nowhere."""
        return self.is_score and self.asks_to_recommend


@dataclass(frozen=True)
class SurveyClosed(Message):
    """Whoever is silent is asked no more."""

    survey_id: UUID


class SurveyRecipient(TenantOwned):
    __tablename__ = "survey_recipients"
    lifecycle: ClassVar[Lifecycle[RecipientState, RecipientMove]] = RECIPIENT_LIFECYCLE
    rules = (
        same_tenant("survey_id", "surveys"),
        same_tenant("advocate_id", "advocates"),
        same_tenant("ask_id", "asks"),
        same_tenant("followed_up_by_id", "memberships"),
        UniqueConstraint("tenant_id", "survey_id", "advocate_id", "wave"),
        UniqueConstraint("tenant_id", "ask_id"),
        Index("ix_survey_recipients_advocate", "tenant_id", "advocate_id"),
        Index("ix_survey_recipients_asked", "tenant_id", "asked_at"),
        Index(
            "ix_survey_recipients_to_call",
            "tenant_id",
            "advocate_id",
            postgresql_where="score <= 6 AND followed_up_at IS NULL",
        ),
        CheckConstraint(
            "CASE WHEN state = 'answered' THEN num_nonnulls(score, choice) = 1 AND answered_at IS NOT NULL "
            "ELSE num_nonnulls(score, choice, answered_at) = 0 END",
            name="answered_by_one_tap",
        ),
        CheckConstraint("score BETWEEN 0 AND 10", name="score_in_range"),
        CheckConstraint(f"choice BETWEEN 0 AND {MOST_CHOICES - 1}", name="choice_in_range"),
    )
    survey_id: Mapped[UUID]
    advocate_id: Mapped[UUID]
    wave: Mapped[date]  # the day on which its round began: the start, or the first day of a quarter
    state: Mapped[RecipientState] = mapped_column(default=RECIPIENT_LIFECYCLE.initial)
    ask_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    choice: Mapped[int | None]  # its place among the survey's choices
    why: Mapped[str] = mapped_column(default="")
    may_quote: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    followed_up_at: Mapped[datetime | None]
    followed_up_by_id: Mapped[UUID | None]
    follow_up_note: Mapped[str] = mapped_column(default="")
    advocate: Mapped[Advocate] = relationship(
        primaryjoin=lambda: Advocate.id == foreign(SurveyRecipient.advocate_id), lazy="raise", viewonly=True
    )
    survey: Mapped[Survey] = relationship(
        primaryjoin=lambda: Survey.id == foreign(SurveyRecipient.survey_id), lazy="raise", viewonly=True
    )
    followed_up_by: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: Membership.id == foreign(SurveyRecipient.followed_up_by_id),
        lazy="raise",
        viewonly=True,
    )
