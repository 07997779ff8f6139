"""Workspaces, the people who sign in, and what they may do. The global tables of the house are all here."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.base import Base, Identified, TenantOwned, same_tenant
from tenants.clock import utc_now


class Role(StrEnum):
    ADVOCATE = "advocate"
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"
    OWNER = "owner"


STAFF = frozenset({Role.REP, Role.MANAGER, Role.ADMIN, Role.OWNER})


class Tenant(Identified):
    """A workspace: its address, its brand, its calendar."""

    __tablename__ = "tenants"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("accent ~ '^#[0-9a-f]{6}$'", name="accent_is_hex"),
    )
    slug: Mapped[str]
    name: Mapped[str]
    accent: Mapped[str] = mapped_column(default="#2f4fc4")
    logo_id: Mapped[UUID | None]  # a stored file of this workspace
    time_zone: Mapped[str] = mapped_column(default="Europe/Berlin")
    currency: Mapped[str] = mapped_column(default="EUR")
    postal_address: Mapped[str] = mapped_column(default="")
    join_open: Mapped[bool] = mapped_column(default=True)  # is there a public join page?
    join_code: Mapped[str] = mapped_column(default="")  # empty: the join page is open to all


class User(Identified):
    """One sign-in identity; memberships say where it may go."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email_norm"),)
    email: Mapped[str]
    email_norm: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str | None]


class Membership(TenantOwned):
    """A user in a workspace. Invited first; active once the link in the letter was used or the user signed in."""

    __tablename__ = "memberships"
    rules = (
        UniqueConstraint("tenant_id", "user_id"),
        UniqueConstraint("tenant_id", "email_norm"),
        same_tenant("invited_by_id", "memberships"),
        CheckConstraint("cardinality(roles) > 0", name="has_a_role"),
        CheckConstraint(
            "roles <@ array['advocate','rep','manager','admin','owner']::text[]", name="roles_are_known"
        ),
        Index("ix_memberships_user", "user_id"),
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str]  # as the workspace knows it: users may not be listed from inside the wall
    email_norm: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    roles: Mapped[list[str]]
    link_version: Mapped[int] = mapped_column(default=1)
    invited_by_id: Mapped[UUID | None]
    invited_at: Mapped[datetime | None]  # when the newest invitation was asked for
    joined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise")

    @property
    def is_active(self) -> bool:
        return self.joined_at is not None and self.ended_at is None

    def may(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


class SignInSession(Identified):
    """A signed-in browser. Only the hash of its token is kept; signing out deletes the row."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (UniqueConstraint("token_hash"),)
    token_hash: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    last_post_at: Mapped[datetime] = mapped_column(default=utc_now)
    agent: Mapped[str] = mapped_column(default="")


class SignInRequest(Identified):
    """One wish for a letter with a link (sign-in or join): the limits per address and per source count these."""

    __tablename__ = "sign_in_requests"
    __table_args__ = (
        Index("ix_sign_in_requests_address", "email_norm", "created_at"),
        Index("ix_sign_in_requests_source", "source", "created_at"),
        Index("ix_sign_in_requests_browser", "browser_hash", "created_at"),
    )
    email_norm: Mapped[str]
    source: Mapped[str]  # the asking network address
    kind: Mapped[str] = mapped_column(default="sign_in")  # or join
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenants.id"))
    browser_hash: Mapped[str] = mapped_column(default="")  # only this browser needs no code
    wanted: Mapped[str] = mapped_column(default="")  # the page to open afterwards
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class ScheduleRun(Base):
    """A due slot of a schedule, taken by the one ticker that inserted it."""

    __tablename__ = "schedule_runs"
    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(default=utc_now)


class MailboxLetter(Identified):
    """The local mailbox of demo and development: it takes a letter once, by its id."""

    __tablename__ = "mailbox"
    __table_args__ = (Index("ix_mailbox_tenant", "tenant_id", "created_at"),)
    tenant_id: Mapped[UUID | None]
    sender: Mapped[str]
    recipient: Mapped[str]
    recipient_norm: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    calendar: Mapped[str] = mapped_column(default="")  # the .ics it carries


class ClockOffset(Base):
    """How far demo and development have jumped ahead. Production refuses to start with one."""

    __tablename__ = "clock_offset"
    __table_args__ = (CheckConstraint("is_set", name="one_row"),)
    is_set: Mapped[bool] = mapped_column(primary_key=True, default=True)
    seconds: Mapped[int] = mapped_column(default=0)
