"""Keeping what came in. Repeats change nothing: each event has its provider's id."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import inbox
from portal.webhooks.sendgrid_events import SOURCE, StoredEvent
from tenants.database import system_session, tenant_of, tenant_session
from tenants.models import Tenant


def store_for_all_workspaces(events: Mapping[UUID, Sequence[StoredEvent]]) -> None:
    """Store each workspace's events in a unit of work of its own, without those of no workspace we know."""
    for tenant_id in _known_tenants(list(events)):
        with tenant_session(tenant_id) as session:
            inbox.store_events(session, SOURCE, events[tenant_id])


def store_for_workspace(session: Session, events: Mapping[UUID, Sequence[StoredEvent]]) -> None:
    inbox.store_events(session, SOURCE, events.get(tenant_of(session), ()))


def _known_tenants(ids: Sequence[UUID]) -> Sequence[UUID]:
    if not ids:
        return []
    with system_session(read_only=True) as session:
        return session.scalars(select(Tenant.id).where(Tenant.id.in_(ids)).order_by(Tenant.id)).all()
