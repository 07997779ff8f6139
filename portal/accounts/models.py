"""Customer companies, what they use and subscribed to, and the deals of prospects."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.name_search import FoundByName, name_indexes
from tenants.base import TenantOwned, same_tenant


class Health(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


class AccountRelationship(StrEnum):
    """What a company is to us. Competitors, resellers, agencies and public bodies are no ordinary customers."""

    CUSTOMER = "customer"
    RESELLER = "reseller"
    AGENCY = "agency"
    COMPETITOR = "competitor"
    GOVERNMENT = "government"
    OWN = "own"  # our own company
    UNKNOWN = "unknown"


UNHEALTHY = frozenset({Health.RED, Health.YELLOW})


class Account(FoundByName, TenantOwned):
    """A customer company. Its identity is its normalized name."""

    __tablename__ = "accounts"
    rules = (
        UniqueConstraint("tenant_id", "name_norm"),
        same_tenant("group_id", "accounts"),
        same_tenant("owner_id", "memberships"),
        CheckConstraint("employees >= 0", name="employees_not_negative"),
        Index("ix_accounts_external", "tenant_id", "external_id"),
        Index("ix_accounts_region", "tenant_id", "region", "name_norm"),
        Index("ix_accounts_owner_email", "tenant_id", "owner_email_norm"),
        *name_indexes("accounts"),
    )
    name: Mapped[str]
    name_norm: Mapped[str]
    external_id: Mapped[str] = mapped_column(default="")
    relationship: Mapped[AccountRelationship] = mapped_column(default=AccountRelationship.UNKNOWN)
    industry: Mapped[str] = mapped_column(default="")
    sub_industry: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")  # NA, EMEA, APAC, LATAM or the workspace's own
    city: Mapped[str] = mapped_column(default="")
    employees: Mapped[int | None]
    arr_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="")
    health: Mapped[Health] = mapped_column(default=Health.UNKNOWN)
    renewal_on: Mapped[date | None]
    customer_since: Mapped[date | None]
    group_id: Mapped[UUID | None]  # the parent company, when it is a customer too
    competitors: Mapped[list[str]] = mapped_column(default=list)  # normalized names it competes with
    owner_email: Mapped[str] = mapped_column(default="")
    owner_email_norm: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[UUID | None]  # linked when that person joins
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def name_columns(cls) -> Sequence[str]:
        return ("name",)


class AccountUsage(TenantOwned):
    """What an account used in a month, as the last file said it."""

    __tablename__ = "account_usage"
    rules = (
        UniqueConstraint("tenant_id", "account_id", "month"),
        same_tenant("account_id", "accounts"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="month_by_its_first_day"),
        CheckConstraint("licenses >= 0 AND active_users >= 0", name="numbers_not_negative"),
        Index("ix_account_usage_latest", "tenant_id", "account_id", postgresql_where="is_latest"),
    )
    account_id: Mapped[UUID]
    month: Mapped[date]  # its first day
    licenses: Mapped[int | None]
    active_users: Mapped[int | None]
    features: Mapped[list[str]] = mapped_column(default=list)  # names of those that were used
    is_latest: Mapped[bool] = mapped_column(default=False)  # of its account; segments look at these
    version: Mapped[int] = mapped_column(default=1)


class SubscriptionState(StrEnum):
    """What an account’s subscriptions come to today; none is stored."""

    RUNNING = "running"
    ENDED = "ended"  # and no other runs or begins later
    LATER = "later"


class Subscription(TenantOwned):
    """What an account pays a year for some time. No two of one account overlap: `ex_subscriptions_one_at_a_time`."""

    __tablename__ = "subscriptions"
    rules = (
        UniqueConstraint("tenant_id", "account_id", "starts_on"),
        same_tenant("account_id", "accounts"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
    )
    account_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the last day; none: until further notice
    arr_cents: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # why it came about, in the words of the file
    version: Mapped[int] = mapped_column(default=1)


class Deal(FoundByName, TenantOwned):
    """A running or ended sale to a prospect. Its identity is its id in the CRM, else prospect and name."""

    __tablename__ = "deals"
    rules = (
        Index(
            "uq_deals_external", "tenant_id", "external_id", unique=True, postgresql_where="external_id <> ''"
        ),
        Index(
            "uq_deals_name",
            "tenant_id",
            "prospect_norm",
            "name_norm",
            unique=True,
            postgresql_where="external_id = ''",
        ),
        same_tenant("rep_id", "memberships"),
        Index("ix_deals_prospect", "tenant_id", "prospect_norm"),
        Index("ix_deals_rep_email", "tenant_id", "rep_email_norm"),
        *name_indexes("deals"),
    )
    external_id: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    name_norm: Mapped[str]
    prospect: Mapped[str]
    prospect_norm: Mapped[str]
    stage: Mapped[str] = mapped_column(default="")
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="")
    close_on: Mapped[date | None]
    industry: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    product: Mapped[str] = mapped_column(default="")
    competitor: Mapped[str] = mapped_column(default="")
    rep_email: Mapped[str] = mapped_column(default="")
    rep_email_norm: Mapped[str] = mapped_column(default="")
    rep_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def name_columns(cls) -> Sequence[str]:
        return ("prospect", "name")
