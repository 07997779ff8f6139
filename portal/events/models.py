"""An event, the questions it asks and what it costs.

Sessions, speakers and materials stand in `agenda_models.py`, guests in `guest_models.py`, doors and files of
attendance in `attendance_models.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.events.lifecycles import EVENT_LIFECYCLE, EventMove, EventState
from portal.lifecycle import Lifecycle
from portal.outbox import Message
from portal.segments.audience import Audience
from tenants.base import TenantOwned, same_tenant
from tenants.clock import utc_now
from tenants.models import Membership

__all__ = [
    "Event",
    "EventCancelled",
    "EventCost",
    "EventFormat",
    "EventKind",
    "EventMove",
    "EventMoved",
    "EventQuestion",
    "EventState",
    "EventWave",
    "GuestListVisibility",
    "GuestsChanged",
    "QuestionType",
    "RecordsClosed",
    "RegistrationMode",
    "SeatsCalled",
]
NEVER_OVERSOLD = "seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)"
MOST_PLUS_ONES = 5
MOST_CHOICES = 12


class EventKind(StrEnum):
    WEBINAR = "webinar"
    ROUNDTABLE = "roundtable"
    USER_GROUP = "user_group"
    DINNER = "dinner"
    CONFERENCE = "conference"
    BOARD_MEETING = "board_meeting"


class EventFormat(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class RegistrationMode(StrEnum):
    """Who may come without an invitation, on the public page."""

    INVITED_ONLY = "invited_only"
    CUSTOMERS = "customers"  # at once from a customer's domain, others when a manager approves
    EVERYBODY = "everybody"  # at once


class GuestListVisibility(StrEnum):
    HOSTS = "hosts"
    GUESTS = "guests"  # who comes sees those who agreed to be seen


class QuestionType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Event(TenantOwned):
    """Its seats change only while its row is locked (`seats/`), and the database refuses one too many."""

    __tablename__ = "events"
    lifecycle: ClassVar[Lifecycle[EventState, EventMove]] = EVENT_LIFECYCLE
    rules = (
        same_tenant("host_id", "memberships"),
        same_tenant("picture_id", "stored_files"),
        same_tenant("series_id", "events"),
        same_tenant("photo_text_id", "record_consent_texts"),
        same_tenant("recording_text_id", "record_consent_texts"),
        UniqueConstraint("tenant_id", "slug"),
        Index("ix_events_state", "tenant_id", "state", "starts_at", "id"),
        Index("ix_events_ends", "tenant_id", "ends_at"),
        CheckConstraint(NEVER_OVERSOLD, name="never_oversold"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("records_close_at >= ends_at", name="records_close_after_it_ends"),
        CheckConstraint("(state = 'draft') = (opened_at IS NULL)", name="opened_unless_draft"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_a_time"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        CheckConstraint(f"plus_ones BETWEEN 0 AND {MOST_PLUS_ONES}", name="plus_ones_in_range"),
        CheckConstraint("budget_cents >= 0", name="budget_not_negative"),
        CheckConstraint("minimum_minutes >= 0", name="minimum_minutes_not_negative"),
        CheckConstraint("registration = 'invited_only' OR slug IS NOT NULL", name="public_has_an_address"),
    )
    kind: Mapped[EventKind]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")  # Markdown
    picture_id: Mapped[UUID | None]
    state: Mapped[EventState] = mapped_column(default=EVENT_LIFECYCLE.initial)
    # when and where
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]  # its own: the place's
    format: Mapped[EventFormat] = mapped_column(default=EventFormat.IN_PERSON)
    venue: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    directions: Mapped[str] = mapped_column(default="")  # step-free, eight minutes from the station
    join_url: Mapped[str] = mapped_column(default="")  # guests get our join page, which leads here
    calendar_sequence: Mapped[int] = mapped_column(default=0)  # up when start, end or place change
    # seats
    capacity: Mapped[int | None]  # none: as many as come
    seats_taken: Mapped[int] = mapped_column(default=0)  # the sum of its guests' `seats_held`
    last_place: Mapped[int] = mapped_column(default=0)  # of the wait list; only grows
    called_at: Mapped[datetime | None]  # when all who wait were told of free seats that are still there
    plus_ones: Mapped[int] = mapped_column(default=0)  # each guest may bring
    allows_delegates: Mapped[bool] = mapped_column(default=False)  # a colleague instead of me
    # who
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as `Audience` writes it
    registration: Mapped[RegistrationMode] = mapped_column(default=RegistrationMode.INVITED_ONLY)
    slug: Mapped[str | None]  # of its public page
    registration_closes_at: Mapped[datetime | None]  # none: at the start
    answer_by: Mapped[date | None]  # what the invitation asks for; answers count until the start
    guest_list: Mapped[GuestListVisibility] = mapped_column(default=GuestListVisibility.HOSTS)
    asks_needs: Mapped[bool] = mapped_column(default=False)  # food and access
    photo_text_id: Mapped[UUID | None]  # the words by which guests agree to photos; none: not asked
    recording_text_id: Mapped[UUID | None]
    host_id: Mapped[UUID | None]
    # afterwards
    minimum_minutes: Mapped[int] = mapped_column(default=10)  # in a file of attendance, to have been there
    has_checkout: Mapped[bool] = mapped_column(default=False)
    records_close_at: Mapped[datetime]
    has_record: Mapped[bool] = mapped_column(default=False)  # somebody was checked in or a file was read
    # money
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="")
    series_id: Mapped[UUID | None]  # the event that this one was cloned from, the first of the series
    opened_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_note: Mapped[str] = mapped_column(default="")  # what guests read
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    host: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: Membership.id == foreign(Event.host_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def seats_free(self) -> int | None:
        return None if self.capacity is None else self.capacity - self.seats_taken

    @property
    def is_for(self) -> Audience:
        return Audience.of(self.audience)

    @property
    def takes_answers(self) -> bool:
        """Until the start; a cancelled one takes none."""
        return self.state is EventState.OPEN and utc_now() < self.starts_at

    @property
    def moves(self) -> list[EventMove]:
        return EVENT_LIFECYCLE.moves_from(self.state)


@dataclass(frozen=True)
class GuestsChanged(Message):
    """Their answers or seats are others now: each is told how it stands."""

    guest_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class SeatsCalled(Message):
    """Seats are free on the last day: all who wait are told, and the first yes wins."""

    event_id: UUID


@dataclass(frozen=True)
class EventMoved(Message):
    """To another start, end or place."""

    event_id: UUID


@dataclass(frozen=True)
class AnswersAskedAgain(Message):
    """Beside `EventMoved`: guests are asked whether their answer still holds."""

    event_id: UUID


@dataclass(frozen=True)
class InvitationsTaken(Message):
    """By a provider, those of one transaction."""

    email_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class EventCancelled(Message):
    event_id: UUID


@dataclass(frozen=True)
class RecordsClosed(Message):
    """Who was there is settled; their asks end with it."""

    event_id: UUID


class EventQuestion(TenantOwned):
    """The manager's own, asked with a yes."""

    __tablename__ = "event_questions"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        Index("ix_event_questions_event", "tenant_id", "event_id", "position"),
        CheckConstraint(
            f"CASE WHEN kind = 'choice' THEN cardinality(choices) BETWEEN 2 AND {MOST_CHOICES} "
            "ELSE choices = '{}' END",
            name="choices_to_choose_from",
        ),
    )
    event_id: Mapped[UUID]
    question: Mapped[str]
    kind: Mapped[QuestionType] = mapped_column(default=QuestionType.TEXT)
    choices: Mapped[list[str]] = mapped_column(default=list)
    is_required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class EventCost(TenantOwned):
    """“Venue and dinner, 18 at €95”, in the event's currency."""

    __tablename__ = "event_costs"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        Index("ix_event_costs_event", "tenant_id", "event_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_cents >= 0", name="unit_not_negative"),
    )
    event_id: Mapped[UUID]
    label: Mapped[str]
    quantity: Mapped[int] = mapped_column(default=1)
    unit_cents: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(default=0)


class EventWave(TenantOwned):
    """Invitations that go out together: now or at a time, to an audience or so many of it."""

    __tablename__ = "event_waves"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        same_tenant("by_id", "memberships"),
        Index("ix_event_waves_event", "tenant_id", "event_id"),
        Index("ix_event_waves_due", "tenant_id", "invite_at", postgresql_where="sent_at IS NULL"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("(sent_at IS NULL) = (people IS NULL)", name="sent_counts_people"),
    )
    event_id: Mapped[UUID]
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as `Audience` writes it
    size: Mapped[int | None]  # at most so many, drawn by a seed
    invite_at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]  # to the campaign, which asks them batch by batch
    people: Mapped[int | None]

    @property
    def is_for(self) -> Audience:
        return Audience.of(self.audience)
