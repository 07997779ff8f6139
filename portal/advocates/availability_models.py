"""From which day on a person may be asked again, for each kind of ask but the call: that is `available_from`."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.advocates.ask_kinds import AskKind
from tenants.base import TenantOwned, same_tenant


class AdvocateAvailability(TenantOwned):
    """Written by asks (portal/asks/advocate_activity.py). No row: as far as budgets go, today."""

    __tablename__ = "advocate_availability"
    is_bulk_row = True
    rules = (
        UniqueConstraint("tenant_id", "advocate_id", "kind"),
        same_tenant("advocate_id", "advocates", ondelete="CASCADE"),
        Index("ix_advocate_availability_kind", "tenant_id", "kind", "available_from", "advocate_id"),
    )
    advocate_id: Mapped[UUID]
    kind: Mapped[AskKind]
    available_from: Mapped[date]
