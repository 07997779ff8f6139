"""Figures of each day that the limits read."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.base import TenantOwned


class DailyMailStats(TenantOwned):
    """What a workspace sent on one day, for the daily limit and the share of complaints."""

    __tablename__ = "daily_mail_stats"
    rules = (UniqueConstraint("tenant_id", "day"),)
    day: Mapped[date]
    claimed: Mapped[int] = mapped_column(default=0)  # all but transactional emails
    accepted: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    bounced: Mapped[int] = mapped_column(default=0)
    complained: Mapped[int] = mapped_column(default=0)
