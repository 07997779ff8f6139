"""Tags, and the accounts and people that have them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.declarations.origin_statement import OriginStatement, statement_has_a_time
from tenants.base import TenantOwned, same_tenant

BY_HAND = "by_hand"  # in `filled_by`: somebody chose whom to tag
FROM_FILE = "from_file"
UNKNOWN_ORIGINS = frozenset({BY_HAND, FROM_FILE})
MAX_NAME = 60  # characters
MAX_TAGS = 20  # of one account or person


class Tag(OriginStatement, TenantOwned):
    """A word for accounts and people alike. A retired one stays where it is and is no longer offered."""

    __tablename__ = "tags"
    rules = (
        UniqueConstraint("tenant_id", "name_norm"),
        same_tenant("stated_by_id", "memberships"),
        statement_has_a_time(),
    )
    name: Mapped[str]
    name_norm: Mapped[str]
    # how it came to those who have it: BY_HAND, FROM_FILE, or names of the attributes of the filters that filled it
    filled_by: Mapped[list[str]] = mapped_column(default=list)
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


class AccountTag(TenantOwned):
    __tablename__ = "account_tags"
    rules = (
        UniqueConstraint("tenant_id", "account_id", "tag_id"),
        same_tenant("account_id", "accounts"),
        same_tenant("tag_id", "tags"),
        same_tenant("by_id", "memberships"),
        Index("ix_account_tags_tag", "tenant_id", "tag_id", "account_id"),
    )
    account_id: Mapped[UUID]
    tag_id: Mapped[UUID]
    by_id: Mapped[UUID | None]  # nobody: a file
    version: Mapped[int] = mapped_column(default=1)


class AdvocateTag(TenantOwned):
    __tablename__ = "advocate_tags"
    rules = (
        UniqueConstraint("tenant_id", "advocate_id", "tag_id"),
        same_tenant("advocate_id", "advocates"),
        same_tenant("tag_id", "tags"),
        same_tenant("by_id", "memberships"),
        Index("ix_advocate_tags_tag", "tenant_id", "tag_id", "advocate_id"),
    )
    advocate_id: Mapped[UUID]
    tag_id: Mapped[UUID]
    by_id: Mapped[UUID | None]  # nobody: a file
    version: Mapped[int] = mapped_column(default=1)
