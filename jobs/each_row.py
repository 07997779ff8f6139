"""Many things due at once: each has its own unit of work, so one that fails does not hold up the others."""

from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from jobs.service_waits import is_connection_lost
from tenants.database import tenant_session

log = structlog.get_logger()


def for_each_row(
    tenant_id: UUID, due_ids: Callable[[Session], Sequence[UUID]], handle: Callable[[Session, UUID], object]
) -> None:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = due_ids(session)
    for row_id in ids:
        try:
            with tenant_session(tenant_id) as session:
                handle(session, row_id)
        except Exception as problem:
            if is_connection_lost(problem):
                raise
            log.exception("turn failed", workspace=str(tenant_id), row=str(row_id))
