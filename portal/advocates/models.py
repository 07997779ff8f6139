"""The workspace's people: candidates, advocates, what they agreed to, and their requests to join."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.accounts.models import Account
from portal.advocates.lifecycles import IN_PROGRAM, LIFECYCLE, AdvocateMove, AdvocateState
from portal.lifecycle import Lifecycle
from portal.name_search import FoundByName, name_indexes
from portal.outbox import Message
from tenants.base import TenantOwned, same_tenant
from tenants.clock import utc_now

__all__ = [
    "IN_PROGRAM",
    "LIFECYCLE",
    "Advocate",
    "AdvocateEnrolled",
    "AdvocateInvited",
    "AdvocateLeft",
    "AdvocateMove",
    "AdvocatePending",
    "AdvocateResumed",
    "AdvocateState",
    "ConsentAnchor",
    "ConsentEntry",
    "ConsentGiven",
    "ConsentPurpose",
    "ConsentSource",
    "ConsentText",
    "JoinRequest",
    "JoinRequested",
    "PreferencesChanged",
    "Provenance",
]


NEVER_HELPED = datetime(1900, 1, 1, tzinfo=UTC)  # in `last_act_sort`
NEVER = "'1900-01-01 00:00:00+00'::timestamp with time zone"


class Provenance(StrEnum):
    INVITED = "invited"
    SELF_JOINED = "self_joined"
    NOMINATED = "nominated"
    IMPORTED = "imported"
    REFERRED = "referred"


class ConsentPurpose(StrEnum):
    """What a person can agree to. Each kind of ask needs one (portal/advocates/ask_kinds.py)."""

    CALLS = "calls"  # reference calls, site visits, questions from peers
    NAME = "name"  # quotes, logo, written references, RFP answers, stories
    EVENTS = "events"  # speaking, events and boards
    REVIEWS = "reviews"
    NEWS = "news"  # program news by email
    FEEDBACK = "feedback"  # surveys and research
    REFERRALS = "referrals"


class ConsentSource(StrEnum):
    """Where a consent was given or taken back."""

    JOIN = "join"
    INVITATION = "invitation"
    OWN_PAGE = "own_page"
    EMAIL = "letter"  # frozen: inside the consent hash; the preferences behind an email's link


class Advocate(FoundByName, TenantOwned):
    """A person at a customer. Identity: the email address, case-insensitive, within the workspace."""

    __tablename__ = "advocates"
    lifecycle: ClassVar[Lifecycle[AdvocateState, AdvocateMove]] = LIFECYCLE
    rules = (
        UniqueConstraint("tenant_id", "email_norm"),
        same_tenant("account_id", "accounts"),
        same_tenant("membership_id", "memberships"),
        same_tenant("nominated_by_id", "memberships"),
        Index("ix_advocates_account", "tenant_id", "account_id"),
        Index("ix_advocates_state", "tenant_id", "state", "name_sort", "id"),
        Index("ix_advocates_name", "tenant_id", "name_sort", "id"),
        Index("ix_advocates_last_act", "tenant_id", "last_act_sort", "id"),
        Index("ix_advocates_provenance", "tenant_id", "provenance", "id"),
        Index(
            "ix_advocates_company",
            *("tenant_id", "company_sort", "id"),
            postgresql_where="account_id IS NULL",
        ),
        *name_indexes("advocates"),
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="paused_has_a_time"),
        CheckConstraint("state <> 'enrolled' OR enrolled_at IS NOT NULL", name="enrolled_has_a_time"),
        CheckConstraint("nps BETWEEN 0 AND 10", name="nps_in_range"),
        CheckConstraint("limit_minutes > 0", name="limit_minutes_positive"),
        CheckConstraint("limit_calls > 0", name="limit_calls_positive"),
    )
    email: Mapped[str]
    email_norm: Mapped[str]
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="")
    name_sort: Mapped[str] = mapped_column(default="")  # "last first", lower case: lists are ordered by it
    title: Mapped[str] = mapped_column(default="")
    seniority: Mapped[str] = mapped_column(default="")  # c_level, vp, director, manager, staff
    persona: Mapped[str] = mapped_column(default="")  # it, finance, operations, data, other
    account_id: Mapped[UUID | None]
    membership_id: Mapped[UUID | None]  # access to their own pages, granted on enrollment
    external_id: Mapped[str] = mapped_column(default="")
    state: Mapped[AdvocateState] = mapped_column(default=LIFECYCLE.initial)
    provenance: Mapped[Provenance] = mapped_column(default=Provenance.IMPORTED)
    nominated_by_id: Mapped[UUID | None]
    company: Mapped[str] = mapped_column(default="")  # as written by the person, while no account is linked
    products: Mapped[list[str]] = mapped_column(default=list)
    use_cases: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)
    time_zone: Mapped[str] = mapped_column(default="")
    nps: Mapped[int | None]
    consents: Mapped[list[str]] = mapped_column(default=list)  # purposes agreed to now; the ledger decides
    accepted_ask_kinds: Mapped[list[str]] = mapped_column(default=list)  # values of AskKind
    limit_minutes: Mapped[int | None]  # own limit in 90 days; the stricter of this and the workspace's wins
    limit_calls: Mapped[int | None]  # own limit of calls in 90 days
    invited_at: Mapped[datetime | None]
    invitation_count: Mapped[int] = mapped_column(default=0)  # at most 2 ever per address
    enrolled_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]  # refused or departed
    activated_at: Mapped[datetime | None]  # first completed act
    paused_at: Mapped[datetime | None]
    paused_until: Mapped[date | None]  # the day on which they are back; none: when they say so
    available_from: Mapped[date | None]  # written by asks: the first day a call fits every window again
    last_ask_at: Mapped[datetime | None]  # written by asks
    last_act_at: Mapped[datetime | None]  # written by asks
    # lists are ordered by them, and a page begins after one: never comes before every day
    last_act_sort: Mapped[datetime] = mapped_column(Computed(f"coalesce(last_act_at, {NEVER})"))
    company_sort: Mapped[str] = mapped_column(Computed("lower(company)"))
    link_version: Mapped[int] = mapped_column(
        default=1
    )  # raising it revokes invitations, not preference links
    version: Mapped[int] = mapped_column(default=1)
    account: Mapped[Account | None] = relationship(
        primaryjoin=lambda: Account.id == foreign(Advocate.account_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def name_columns(cls) -> Sequence[str]:
        return ("last_name", "first_name")

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def is_in_program(self) -> bool:
        return self.state in IN_PROGRAM

    @property
    def moves(self) -> list[AdvocateMove]:
        return LIFECYCLE.moves_from(self.state)


class ConsentText(TenantOwned):
    """The exact words shown for a purpose. Never changed, only followed by a new version."""

    __tablename__ = "consent_texts"
    rules = (UniqueConstraint("tenant_id", "purpose", "version"),)
    purpose: Mapped[ConsentPurpose]
    version: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]


class ConsentEntry(TenantOwned):
    """One line of the ledger: append-only, one hash chain per advocate.

    The hash covers a salted digest of the personal fields, so that erasure can drop fields and salt and the
    chain still verifies.
    """

    __tablename__ = "consent_entries"
    rules = (
        UniqueConstraint("tenant_id", "advocate_id", "number"),
        same_tenant("advocate_id", "advocates"),
        same_tenant("text_id", "consent_texts"),
    )
    advocate_id: Mapped[UUID]
    number: Mapped[int]  # 1, 2, 3 … within the advocate
    purpose: Mapped[ConsentPurpose]
    granted: Mapped[bool]
    text_id: Mapped[UUID]
    at: Mapped[datetime]
    source: Mapped[ConsentSource]
    personal: Mapped[dict[str, Any] | None]  # email and network address; dropped by erasure
    salt: Mapped[str | None]  # dropped by erasure
    digest: Mapped[str]  # sha256 over salt and personal fields
    previous: Mapped[str] = mapped_column(default="")
    hash: Mapped[str]


class ConsentAnchor(TenantOwned):
    """How long a person's chain was on a day, and the hash it ended with: what came before can't be taken away."""

    __tablename__ = "consent_anchors"
    rules = (
        UniqueConstraint("tenant_id", "advocate_id", "length"),
        same_tenant("advocate_id", "advocates"),
        CheckConstraint("length > 0", name="length_positive"),
    )
    advocate_id: Mapped[UUID]
    length: Mapped[int]
    last_hash: Mapped[str]


class JoinRequest(TenantOwned):
    """What somebody filled in on the join page; nothing of it counts before it is confirmed."""

    __tablename__ = "join_requests"
    rules = (
        same_tenant("advocate_id", "advocates"),
        Index("ix_join_requests_email", "tenant_id", "email_norm"),
        Index("ix_join_requests_advocate", "tenant_id", "advocate_id"),
    )
    email: Mapped[str]
    email_norm: Mapped[str]
    advocate_id: Mapped[UUID | None]  # set when confirmed
    submission: Mapped[dict[str, Any]]  # as portal.advocates.profile.JoinSubmission writes them
    sent_at: Mapped[datetime] = mapped_column(default=utc_now)  # the newest email's: it lasts a week
    network_address: Mapped[str] = mapped_column(default="")
    link_version: Mapped[int] = mapped_column(default=1)
    confirmed_at: Mapped[datetime | None]


@dataclass(frozen=True)
class JoinRequested(Message):
    join_request_id: UUID


@dataclass(frozen=True)
class AdvocateInvited(Message):
    advocate_id: UUID


@dataclass(frozen=True)
class AdvocatePending(Message):
    """Somebody joined by the public page, from a company nobody knows here."""

    advocate_id: UUID


@dataclass(frozen=True)
class AdvocateEnrolled(Message):
    advocate_id: UUID


@dataclass(frozen=True)
class ConsentGiven(Message):
    """Somebody agreed to something, or joined: what they had ended before may be written again."""

    advocate_id: UUID


@dataclass(frozen=True)
class AdvocateResumed(Message):
    """From a pause, early or on the day that was said."""

    advocate_id: UUID


@dataclass(frozen=True)
class PreferencesChanged(Message):
    """Own limits count in budgets from now on."""

    advocate_id: UUID


@dataclass(frozen=True)
class AdvocateLeft(Message):
    """Refused or departed: what is still open with this person ends."""

    advocate_id: UUID
