"""Takes files in, and back. Killed at any moment, the next bell goes on where the last commit stands.

Staging commits every batch: progress, and the place to resume. The merge is announced, then done in one transaction.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jobs import import_files
from jobs.import_files import asking
from jobs.shift import Shift, round_robin
from jobs.waiting import is_away
from portal.imports import claims, merging, staging, undoing
from portal.imports.models import LIFECYCLE, Import, Move, State
from portal.imports.originals import table_of
from portal.imports.sniffing import NoTable
from portal.imports.staging import Batch
from tenants.advisory_locks import only_worker
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
MANY = 1000  # lines that change what a good plan is


def work() -> None:
    take_in(Shift())


def take_in(shift: Shift) -> int:
    return round_robin("imports", due, do_some, shift)


def due() -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "imports", now=utc_now()))


def do_some(tenant_id: UUID) -> int:
    """Each waiting import of this workspace goes a step on; returns how many did."""
    with tenant_session(tenant_id, read_only=True) as session:
        ids = claims.due(session)
    return sum(do(tenant_id, import_id) for import_id in ids)


def do(tenant_id: UUID, import_id: UUID) -> bool:
    """Everything that is left of one import. False: another worker has it."""
    try:
        with only_worker(f"import {import_id}") as mine:
            return mine and go_on(tenant_id, import_id)
    except DBAPIError as problem:
        if is_away(problem):
            raise
        log.exception("import failed, it will be tried again", import_id=str(import_id))
        return False


def go_on(tenant_id: UUID, import_id: UUID) -> bool:
    """Each step does nothing where it is not due."""
    looked = import_files.look(tenant_id, import_id) or import_files.check(tenant_id, import_id)
    stage(tenant_id, import_id)
    return merge(tenant_id, import_id) or undo(tenant_id, import_id) or looked


def stage(tenant_id: UUID, import_id: UUID) -> None:
    """Read the file into lines, a batch a transaction."""
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, State.QUEUED, State.STAGING)
        if this is None or not claims.announce(session, this, Move.STAGE):
            return
    try:
        this = import_files.unpacked(tenant_id, this)
        done = all(keep(tenant_id, this, batch) for batch in batches(tenant_id, this))
    except NoTable as reason:
        fail(tenant_id, import_id, str(reason))
        return
    if done:
        prepare_merge(tenant_id, this)


def batches(tenant_id: UUID, this: Import, size: int = staging.BATCH) -> Iterator[Batch]:
    """The next batch is read and cleaned while the database keeps this one."""
    lines = staging.lines_of(this, table_of(asking(tenant_id), this))
    with ThreadPoolExecutor(1) as reader:
        following = reader.submit(staging.pack, islice(lines, size))
        while (batch := following.result()).lines:
            following = reader.submit(staging.pack, islice(lines, size))
            yield batch


def keep(tenant_id: UUID, seen: Import, batch: Batch) -> bool:
    """False when another worker has gone on with it."""
    with tenant_session(tenant_id) as session:
        this = claims.take(session, seen.id, State.STAGING)
        if this is None or this.line_staged != seen.line_staged:
            return False
        staging.stage(session, this, batch)
        this.tries = 0  # it gets on
    seen.line_staged = this.line_staged
    return True


def prepare_merge(tenant_id: UUID, seen: Import) -> None:
    with tenant_session(tenant_id) as session:
        this = claims.take(session, seen.id, State.STAGING)
        if this is not None and this.line_staged == seen.line_staged:
            this.tries, this.state = 0, LIFECYCLE.after(Move.MERGE, this.state)


def merge(tenant_id: UUID, import_id: UUID) -> bool:
    """Counted first, so that a merge that kills its worker is given up at last; then all of it in one transaction."""
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, State.MERGING)
        if this is None or not claims.announce(session, this, Move.MERGE):
            return this is not None
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, State.MERGING)
        if this is not None:
            merging.merge(session, this)
    if this is not None and this.line_staged >= MANY:
        measure_customers(tenant_id)
    return this is not None


def measure_customers(tenant_id: UUID) -> None:
    """Autovacuum would do it within a minute; until then every page would be planned for an empty workspace."""
    with tenant_session(tenant_id) as session:
        session.execute(text("SELECT wall.measure_customers()"))


def undo(tenant_id: UUID, import_id: UUID) -> bool:
    """Counted first, like the merge: what can't be taken back stays at last."""
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, State.UNDOING)
        if this is None or not claims.announce(session, this, Move.TAKE_BACK):
            return this is not None
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, State.UNDOING)
        if this is not None:
            undoing.undo(session, this)
    return this is not None


def fail(tenant_id: UUID, import_id: UUID, why: str) -> None:
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, State.STAGING)
        if this is not None:
            claims.give_up(this, why)
