"""Two rows whose addresses turned out to be one mailbox, for a person to decide about."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from portal.history import HistoryAction
from tenants.base import TenantOwned, same_tenant


class WorkspaceAction(HistoryAction):
    """What happened to a workspace's settings, in the history."""

    LOGO_CHANGED = "logo_changed"
    LOGO_REMOVED = "logo_removed"
    COLLISION_RESOLVED = "address_collision_resolved"


class CollisionTable(StrEnum):
    """The table both rows stand in."""

    ADVOCATES = "advocates"
    MEMBERSHIPS = "memberships"


class AddressCollision(TenantOwned):
    """Found when the rule for comparing addresses changed. The subject kept its old key, by which nobody finds it."""

    __tablename__ = "address_collisions"
    rules = (
        same_tenant("resolved_by_id", "memberships"),
        Index("ix_address_collisions_open", "tenant_id", "id", postgresql_where="resolved_at IS NULL"),
    )
    subject_type: Mapped[CollisionTable]
    subject_id: Mapped[UUID]
    other_id: Mapped[UUID | None]  # the row that is found by the address; none: its membership is elsewhere
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None]
