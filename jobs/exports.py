"""Makes the files of long lists. Killed at any moment, the next bell begins the file anew; one too many finds nothing.

One at a time for each workspace, oldest first; a shift goes round the workspaces.
"""

from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from jobs.shift import Shift, round_robin
from jobs.waiting import is_away
from portal.exports import claims, making
from portal.exports.sources import ExportSource
from portal.imports.export import IMPORT_LINES
from portal.metrics.export import METRIC_ROWS
from portal.pool.export import ADVOCATES
from tenants.advisory_locks import only_worker
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
SOURCES: tuple[ExportSource, ...] = (ADVOCATES, METRIC_ROWS, IMPORT_LINES)


def work() -> None:
    make_due(Shift())


def make_due(shift: Shift) -> int:
    return round_robin("exports", due, make_next, shift)


def due() -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "exports", now=utc_now()))


def make_next(tenant_id: UUID) -> int:
    """The oldest of this workspace that no other worker has; returns whether there was one."""
    with tenant_session(tenant_id, read_only=True) as session:
        ids = claims.due(session)
    return int(any(make(tenant_id, export_id) for export_id in ids))


def make(tenant_id: UUID, export_id: UUID) -> bool:
    """False: another worker has it, or it failed and will be tried again."""
    try:
        with only_worker(f"export {export_id}") as mine:
            return mine and making.make(tenant_id, export_id, SOURCES)
    except claims.Lost:
        log.warning("export was begun anew by another worker", export_id=str(export_id))
    except DBAPIError as problem:
        if is_away(problem):
            raise
        log.exception("export failed, it will be tried again", export_id=str(export_id))
    return False
