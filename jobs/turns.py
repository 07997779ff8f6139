"""Many things due at once: each has its own unit of work, so one that fails does not hold up the others."""

from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from jobs.waiting import is_away
from tenants.database import tenant_session

log = structlog.get_logger()


def one_by_one(
    tenant_id: UUID, due: Callable[[Session], Sequence[UUID]], act: Callable[[Session, UUID], object]
) -> None:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = due(session)
    for row_id in ids:
        try:
            with tenant_session(tenant_id) as session:
                act(session, row_id)
        except Exception as problem:
            if is_away(problem):
                raise
            log.exception("turn failed", workspace=str(tenant_id), row=str(row_id))
