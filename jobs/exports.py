"""Makes the files of long lists.

Killed at any moment, the next wake-up begins the file anew; one too many finds nothing. One at a time for
each workspace, oldest first, in turns between workspaces.
"""

from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from jobs.service_waits import is_connection_lost
from jobs.time_budget import TimeBudget, round_robin
from portal.exports import claim, export_writer
from portal.exports.models import Export
from portal.exports.sources import ExportSource
from portal.imports.export import IMPORT_LINES
from portal.lists.list_file import LIST_ROWS
from portal.metrics.export import METRIC_ROWS
from portal.programs import PROGRAMS
from tenants.advisory_locks import only_worker
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
SOURCES: tuple[ExportSource, ...] = (
    *(LIST_ROWS, METRIC_ROWS, IMPORT_LINES),
    *(source for program in PROGRAMS for source in program.export_sources),
)


def work() -> None:
    process_due(TimeBudget())


def process_due(budget: TimeBudget) -> int:
    return round_robin("exports", due, process_tenant, budget)


def due() -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "exports", now=utc_now()))


def process_tenant(tenant_id: UUID) -> int:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = claim.due(session)
    return int(any(process_export(tenant_id, export_id) is not None for export_id in ids))


def process_export(tenant_id: UUID, export_id: UUID) -> Export | None:
    """Return the export that was worked on; None when another worker has it, or it failed and will be tried again."""
    try:
        with only_worker(f"export {export_id}") as has_turn:
            return export_writer.write_export(tenant_id, export_id, SOURCES) if has_turn else None
    except claim.ClaimLost:
        log.warning("export was begun anew by another worker", export_id=str(export_id))
    except DBAPIError as problem:
        if is_connection_lost(problem):
            raise
        log.exception("export failed, it will be tried again", export_id=str(export_id))
    return None
