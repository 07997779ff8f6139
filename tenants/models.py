"""Workspaces, the people who sign in, and what they may do. All global tables are here."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
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
    """A user in a workspace. Invited first; active once the link in the email was used or the user signed in."""

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

    def has_role(self, *roles: Role) -> bool:
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
    """One sign-in code and its link. Whoever asks again while it is new gets the same one once more."""

    __tablename__ = "sign_in_requests"
    __table_args__ = (Index("ix_sign_in_requests_address", "email_norm", "created_at"),)
    email_norm: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenants.id"))
    email_count: Mapped[int] = mapped_column(
        default=0
    )  # so many were let go; none to an unknown address, though
    sent_at: Mapped[datetime] = mapped_column(
        default=utc_now
    )  # the newest of them: the ten minutes begin here
    tries: Mapped[int] = mapped_column(default=0)  # of the code, beside the link
    used_at: Mapped[datetime | None]


class SignInBrowser(Base):
    """A browser that asked for a sign-in request: it needs no code, and has tries of its own."""

    __tablename__ = "sign_in_browsers"
    __table_args__ = (Index("ix_sign_in_browsers_browser", "browser_hash"),)
    request_id: Mapped[UUID] = mapped_column(
        ForeignKey("sign_in_requests.id", ondelete="CASCADE"), primary_key=True
    )
    browser_hash: Mapped[str] = mapped_column(primary_key=True)
    next_url: Mapped[str] = mapped_column(default="")  # the page to open afterwards
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)


class RateLimit(Base):
    """When something that is limited was done of late. The name is a kind and a hash: it tells nobody whose it is."""

    __tablename__ = "rate_limits"
    name: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    last_used_at: Mapped[datetime] = mapped_column(index=True)


class ScheduleRun(Base):
    """A due slot of a schedule, taken by the one ticker that inserted it."""

    __tablename__ = "schedule_runs"
    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(default=utc_now)


class MailboxEmail(Identified):
    """The local mailbox of demo and development: it takes an email once, by its id."""

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
