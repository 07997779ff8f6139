"""What happens at an event: sessions, who speaks, and what guests get to read."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.advocates.models import Advocate
from portal.events.models import NEVER_OVERSOLD
from tenants.base import TenantOwned, same_tenant


class MaterialMoment(StrEnum):
    BEFORE = "before"  # for whoever comes
    AFTER = "after"  # for everybody who was invited
    AFTER_FOR_ATTENDED = "after_for_attended"


class EventSession(TenantOwned):
    """A line of the agenda; guests choose among those that stand beside one another."""

    __tablename__ = "event_sessions"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        Index("ix_event_sessions_event", "tenant_id", "event_id", "starts_at"),
        CheckConstraint(NEVER_OVERSOLD, name="never_oversold"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("capacity IS NULL OR is_chosen", name="only_chosen_ones_have_places"),
    )
    event_id: Mapped[UUID]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    room: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    is_chosen: Mapped[bool] = mapped_column(default=False)  # guests say whether they come to it
    capacity: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0)
    last_place: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None]

    @property
    def seats_free(self) -> int | None:
        return None if self.capacity is None else self.capacity - self.seats_taken


class EventSpeaker(TenantOwned):
    """An advocate who was asked to speak, or anybody else by name."""

    __tablename__ = "event_speakers"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        same_tenant("session_id", "event_sessions", ondelete="CASCADE"),
        same_tenant("advocate_id", "advocates"),
        same_tenant("ask_id", "asks"),
        UniqueConstraint("tenant_id", "ask_id"),
        Index("ix_event_speakers_event", "tenant_id", "event_id", "position"),
        CheckConstraint("advocate_id IS NOT NULL OR name <> ''", name="somebody"),
        CheckConstraint("ask_id IS NULL OR advocate_id IS NOT NULL", name="only_advocates_are_asked"),
    )
    event_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    advocate_id: Mapped[UUID | None]
    ask_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    company: Mapped[str] = mapped_column(default="")
    topic: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    advocate: Mapped[Advocate | None] = relationship(
        primaryjoin=lambda: Advocate.id == foreign(EventSpeaker.advocate_id), lazy="raise", viewonly=True
    )


class EventMaterial(TenantOwned):
    """A file or an address: pre-reads, slides, the recording."""

    __tablename__ = "event_materials"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        same_tenant("session_id", "event_sessions", ondelete="CASCADE"),
        same_tenant("file_id", "stored_files"),
        Index("ix_event_materials_event", "tenant_id", "event_id", "position"),
        CheckConstraint("(file_id IS NULL) = (url <> '')", name="file_or_address"),
    )
    event_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    title: Mapped[str]
    moment: Mapped[MaterialMoment]
    file_id: Mapped[UUID | None]
    url: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
