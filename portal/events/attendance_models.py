"""Doors, and files that say who was there: each line of a platform's file, and whom a name or address in it means."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.base import TenantOwned, same_tenant
from tenants.clock import utc_now


class EventDoorLink(TenantOwned):
    """Whoever has it checks guests in, without an account: a signed link of this row, for one event."""

    __tablename__ = "event_door_links"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        same_tenant("made_by_id", "memberships"),
        Index("ix_event_door_links_event", "tenant_id", "event_id"),
    )
    event_id: Mapped[UUID]
    name: Mapped[str]  # who is at the door: “Sam”
    made_by_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    link_version: Mapped[int] = mapped_column(default=1)

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and utc_now() < self.expires_at


class AttendancePlatform(StrEnum):
    ZOOM = "zoom"
    TEAMS = "teams"
    GOTO = "goto"


class AttendanceMatch(StrEnum):
    """What became of a line."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"  # it waits for a manager
    TOO_SHORT = "too_short"
    IGNORED = "ignored"  # a manager said that it is nobody: staff, a phone


class AttendanceFile(TenantOwned):
    """Read again it changes nothing: the same file of an event has one row."""

    __tablename__ = "attendance_files"
    rules = (
        same_tenant("event_id", "events", ondelete="CASCADE"),
        same_tenant("by_id", "memberships"),
        UniqueConstraint("tenant_id", "event_id", "digest"),
    )
    event_id: Mapped[UUID]
    file_name: Mapped[str]
    digest: Mapped[str]  # sha256 of its bytes
    platform: Mapped[AttendancePlatform]
    by_id: Mapped[UUID | None]


class AttendanceLine(TenantOwned):
    """One person of a file, with the minutes of all their joins."""

    __tablename__ = "attendance_lines"
    rules = (
        same_tenant("file_id", "attendance_files", ondelete="CASCADE"),
        same_tenant("guest_id", "event_guests", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "file_id", "alias"),
        Index("ix_attendance_lines_file", "tenant_id", "file_id", "match"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        CheckConstraint(
            "(match IN ('matched', 'too_short')) = (guest_id IS NOT NULL)", name="matched_is_somebody"
        ),
    )
    file_id: Mapped[UUID]
    alias: Mapped[str]  # by which the file knows them: the normalized address, else the name in lower case
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    joins: Mapped[int] = mapped_column(default=1)
    minutes: Mapped[int]
    joined_at: Mapped[datetime | None]  # first
    left_at: Mapped[datetime | None]  # last
    match: Mapped[AttendanceMatch]
    guest_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True)
    )  # of the guest, for undoing


class AttendanceAlias(TenantOwned):
    """Whom a name or address in such files means, as a manager once said."""

    __tablename__ = "attendance_aliases"
    rules = (
        same_tenant("advocate_id", "advocates"),
        UniqueConstraint("tenant_id", "alias"),
    )
    alias: Mapped[str]
    advocate_id: Mapped[UUID]
