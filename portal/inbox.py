"""What providers send us: stored by the provider's own id, answered at once, handled by a job.

Repeats are harmless (the id is unique) and so is disorder (what they change only ever moves on).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session

from portal.gateways.bell import Worker
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import ring_after_commit, tenant_of


class ReceivedEvent(TenantOwned):
    __tablename__ = "received_events"
    rules = (
        UniqueConstraint("tenant_id", "source", "external_id"),
        Index("ix_received_events_waiting", "tenant_id", "id", postgresql_where="handled_at IS NULL"),
    )
    source: Mapped[str]  # "sendgrid", "stripe"
    external_id: Mapped[str]
    payload: Mapped[dict[str, Any]]
    handled_at: Mapped[datetime | None]


def receive(session: Session, source: str, events: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Keep (external id, payload) pairs that are new, and wake whoever handles them."""
    kept = dict(events)
    if not kept:
        return
    rows = [
        {
            "tenant_id": tenant_of(session),
            "source": source,
            "external_id": external_id,
            "payload": dict(payload),
            "created_at": utc_now(),
        }
        for external_id, payload in sorted(
            kept.items()
        )  # in one order, so that two deliveries never lock crosswise
    ]
    session.execute(insert(ReceivedEvent).on_conflict_do_nothing(), rows)
    ring_after_commit(session, Worker.EVENTS)
