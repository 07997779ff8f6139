"""Guests: one row for a person and an event, with the answer, the seats it holds and whether they were there.

A guest is an advocate, or a contact of this one event with an address of their own. `seats_held` is what the row adds
to `seats_taken` of its event. A plus-one has a row of their own that holds no seat: the guest who brings them holds it.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.advocates.models import Advocate
from portal.events.agenda_models import EventSession
from portal.events.lifecycles import (
    GUEST_LIFECYCLE,
    PLACE_LIFECYCLE,
    GuestMove,
    GuestState,
    PlaceMove,
    PlaceState,
)
from portal.events.models import MOST_PLUS_ONES, Event
from portal.lifecycle import Lifecycle
from tenants.base import TenantOwned, same_tenant

__all__ = [
    "AttendanceSource",
    "EventAnswer",
    "EventFeedback",
    "EventGuest",
    "GuestMove",
    "GuestNeeds",
    "GuestSource",
    "GuestState",
    "PlaceMove",
    "PlaceState",
    "SessionPlace",
]
HOLDS_SEATS = "state IN ('accepted', 'offered')"
IN_LINE = "state IN ('waitlisted', 'offered')"


class GuestSource(StrEnum):
    """How they came to the event."""

    ASKED = "asked"
    REGISTERED = "registered"
    FORWARDED = "forwarded"  # by a link that was somebody else's
    FILE = "csv"
    WALK_IN = "walk_in"
    PLUS_ONE = "plus_one"
    SPEAKER = "speaker"


class AttendanceSource(StrEnum):
    """How we know that somebody was there; minutes of a file beat a pressed link."""

    DOOR = "door"
    JOIN_PAGE = "join_page"
    FILE = "file"
    BY_HAND = "by_hand"


class EventGuest(TenantOwned):
    """`party` counts the seats that a yes needs: the guest's own and one for each plus-one."""

    __tablename__ = "event_guests"
    lifecycle: ClassVar[Lifecycle[GuestState, GuestMove]] = GUEST_LIFECYCLE
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        same_tenant("advocate_id", "advocates"),
        same_tenant("account_id", "accounts"),
        same_tenant("ask_id", "asks"),
        same_tenant("host_id", "event_guests", ondelete="CASCADE"),
        same_tenant("instead_of_id", "advocates"),
        UniqueConstraint("tenant_id", "event_id", "advocate_id"),
        UniqueConstraint("tenant_id", "event_id", "email_norm"),
        UniqueConstraint("tenant_id", "ask_id"),
        Index("ix_event_guests_event", "tenant_id", "event_id", "state", "id"),
        Index("ix_event_guests_line", "tenant_id", "event_id", "place", postgresql_where=IN_LINE),
        Index("ix_event_guests_offered", "tenant_id", "offered_at", postgresql_where="state = 'offered'"),
        Index("ix_event_guests_advocate", "tenant_id", "advocate_id"),
        Index("ix_event_guests_host", "tenant_id", "host_id", postgresql_where="host_id IS NOT NULL"),
        CheckConstraint(
            f"CASE WHEN {HOLDS_SEATS} THEN seats_held = party ELSE seats_held = 0 END", name="seats_by_state"
        ),
        CheckConstraint(
            f"CASE WHEN host_id IS NULL THEN party BETWEEN 1 AND {1 + MOST_PLUS_ONES} ELSE party = 0 END",
            name="party_in_range",
        ),
        CheckConstraint(f"({IN_LINE}) = (place IS NOT NULL)", name="place_while_in_line"),
        CheckConstraint("(state = 'offered') = (offered_at IS NOT NULL)", name="offered_has_a_time"),
        CheckConstraint("offer_until IS NULL OR state = 'offered'", name="only_offers_end"),
        CheckConstraint(
            "advocate_id IS NULL OR num_nonnulls(email_norm, host_id) = 0", name="advocate_or_contact"
        ),
        CheckConstraint("(email_norm IS NULL) = (email = '')", name="address_is_normalized"),
        CheckConstraint("ask_id IS NULL OR advocate_id IS NOT NULL", name="only_advocates_are_asked"),
        CheckConstraint(
            "(attended_at IS NULL) = (attendance_source IS NULL)", name="attendance_has_a_source"
        ),
        CheckConstraint("left_at IS NULL OR attended_at IS NOT NULL", name="only_who_came_leaves"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    )
    event_id: Mapped[UUID]
    advocate_id: Mapped[UUID | None]
    # a contact of this event alone
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    email_norm: Mapped[str | None]
    company: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    account_id: Mapped[UUID | None]  # by the domain of the address
    time_zone: Mapped[str] = mapped_column(default="")
    is_prospect: Mapped[bool] = mapped_column(default=False)  # sees no guest list
    # how they came
    source: Mapped[GuestSource]
    utm_source: Mapped[str] = mapped_column(default="")
    utm_medium: Mapped[str] = mapped_column(default="")
    utm_campaign: Mapped[str] = mapped_column(default="")
    host_id: Mapped[UUID | None]  # whose plus-one they are
    instead_of_id: Mapped[UUID | None]  # who gave them the seat
    # the answer
    state: Mapped[GuestState] = mapped_column(default=GUEST_LIFECYCLE.initial)
    ask_id: Mapped[UUID | None]  # follows this row
    party: Mapped[int] = mapped_column(default=1)
    seats_held: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None]
    reached_at: Mapped[
        datetime | None
    ]  # a provider took the invitation, or they confirmed: attendance counts them
    confirmed_at: Mapped[datetime | None]  # the POST behind the emailed link: a registration counts from here
    answered_at: Mapped[datetime | None]  # first
    changed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")  # to the hosts
    shows_name: Mapped[bool] = mapped_column(default=False)  # to other guests
    # the wait list
    place: Mapped[int | None]  # grows with the event; people are told how many stand before them
    is_priority: Mapped[bool] = mapped_column(default=False)
    priority_reason: Mapped[str] = mapped_column(default="")
    waitlisted_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]  # none: no provider took its email yet
    offers: Mapped[int] = mapped_column(default=0)  # so far; the email of each is one of its own
    missed_offers: Mapped[int] = mapped_column(default=0)  # in a row, whose emails nobody took
    # who was there
    attended_at: Mapped[datetime | None]  # came in first; none: was not seen
    left_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    attendance_source: Mapped[AttendanceSource | None]
    attended_by: Mapped[str] = mapped_column(default="")  # who checked them in, by name
    attendance_changed_at: Mapped[datetime | None]  # last; after the records closed it is a correction
    # the page of the guest
    link_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    advocate: Mapped[Advocate | None] = relationship(
        primaryjoin=lambda: Advocate.id == foreign(EventGuest.advocate_id), lazy="raise", viewonly=True
    )
    event: Mapped[Event] = relationship(
        primaryjoin=lambda: Event.id == foreign(EventGuest.event_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def full_name(self) -> str:
        """Of a guest who was read with their advocate, where there is one."""
        return self.advocate.name if self.advocate else self.name or self.email

    @property
    def address(self) -> str:
        return self.advocate.email if self.advocate else self.email

    @property
    def has_come(self) -> bool:
        return self.attended_at is not None

    @property
    def is_contact(self) -> bool:
        return self.advocate_id is None

    @property
    def moves(self) -> list[GuestMove]:
        return GUEST_LIFECYCLE.moves_from(self.state)


class GuestNeeds(TenantOwned):
    """Food and access: apart from the guest, since they are deleted some days after the event."""

    __tablename__ = "event_guest_needs"
    rules = (
        same_tenant("guest_id", "event_guests", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "guest_id"),
    )
    guest_id: Mapped[UUID]
    food: Mapped[list[str]] = mapped_column(default=list)  # vegetarian, no_nuts …
    note: Mapped[str] = mapped_column(default="")


class EventAnswer(TenantOwned):
    """To one of the manager's own questions."""

    __tablename__ = "event_answers"
    rules = (
        same_tenant("guest_id", "event_guests", ondelete="CASCADE"),
        same_tenant("question_id", "event_questions", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "guest_id", "question_id"),
    )
    guest_id: Mapped[UUID]
    question_id: Mapped[UUID]
    answer: Mapped[str]


class SessionPlace(TenantOwned):
    """A guest's place in a session: picked, taken, or waited for."""

    __tablename__ = "event_session_places"
    lifecycle: ClassVar[Lifecycle[PlaceState, PlaceMove]] = PLACE_LIFECYCLE
    rules = (
        same_tenant("session_id", "event_sessions", ondelete="CASCADE"),
        same_tenant("guest_id", "event_guests", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "session_id", "guest_id"),
        Index("ix_event_session_places_guest", "tenant_id", "guest_id"),
        Index(
            "ix_event_session_places_offered", "tenant_id", "offered_at", postgresql_where="state = 'offered'"
        ),
        CheckConstraint(
            "seats_held = CASE WHEN state IN ('taken', 'offered') THEN 1 ELSE 0 END", name="seats_by_state"
        ),
        CheckConstraint(
            "(state IN ('waiting', 'offered')) = (place IS NOT NULL)", name="place_while_in_line"
        ),
        CheckConstraint("(state = 'offered') = (offered_at IS NOT NULL)", name="offered_has_a_time"),
    )
    session_id: Mapped[UUID]
    guest_id: Mapped[UUID]
    state: Mapped[PlaceState] = mapped_column(default=PLACE_LIFECYCLE.initial)
    seats_held: Mapped[int] = mapped_column(default=0)
    place: Mapped[int | None]
    waitlisted_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    offers: Mapped[int] = mapped_column(default=0)
    missed_offers: Mapped[int] = mapped_column(default=0)
    session: Mapped[EventSession] = relationship(
        primaryjoin=lambda: EventSession.id == foreign(SessionPlace.session_id), lazy="raise", viewonly=True
    )
    guest: Mapped[EventGuest] = relationship(
        primaryjoin=lambda: EventGuest.id == foreign(SessionPlace.guest_id), lazy="raise", viewonly=True
    )


class EventFeedback(TenantOwned):
    """Of whoever came; given again, the last one counts. Its score stays with the event."""

    __tablename__ = "event_feedback"
    rules = (
        same_tenant("guest_id", "event_guests", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "guest_id"),
        CheckConstraint("score BETWEEN 0 AND 10", name="score_in_range"),
    )
    guest_id: Mapped[UUID]
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    may_quote: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
