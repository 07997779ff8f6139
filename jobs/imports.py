"""Imports files, and undoes imports.

Killed at any moment, the next wake-up goes on from the last commit. Staging commits every batch: progress,
and the place to resume. The merge is announced, then done in one transaction.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jobs import import_inspection
from jobs.import_inspection import begin, piece_reader
from jobs.service_waits import is_connection_lost
from jobs.time_budget import TimeBudget, round_robin
from portal import list_summaries
from portal.imports import claim
from portal.imports.claim import ImportTaken
from portal.imports.file_content import line_source
from portal.imports.merging import merge, staging
from portal.imports.merging.staging import Batch
from portal.imports.merging.undo import undo_import
from portal.imports.models import Import, ImportMove, ImportState
from portal.imports.parsing.errors import UnreadableFile
from portal.lifecycle import move
from tenants.advisory_locks import only_worker
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
ANALYZE_AFTER = 1000  # lines that change what a good plan is


def work() -> None:
    process_due(TimeBudget())


def process_due(budget: TimeBudget) -> int:
    return round_robin("imports", due, process_tenant, budget)


def due() -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "imports", now=utc_now()))


def process_tenant(tenant_id: UUID) -> int:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = claim.due(session)
    return sum(process_import(tenant_id, import_id) is not None for import_id in ids)


def process_import(tenant_id: UUID, import_id: UUID) -> Import | None:
    """Return the import; None when another worker has it, nothing was due, or it will be tried again."""
    try:
        with only_worker(f"import {import_id}") as has_turn:
            return run_steps(tenant_id, import_id) if has_turn else None
    except DBAPIError as problem:
        if is_connection_lost(problem):
            raise
        log.exception("import failed, it will be tried again", import_id=str(import_id))
        return None


def run_steps(tenant_id: UUID, import_id: UUID) -> Import | None:
    looked = import_inspection.inspect(tenant_id, import_id) or import_inspection.check_file(
        tenant_id, import_id
    )
    stage(tenant_id, import_id)
    return merge_import(tenant_id, import_id) or undo(tenant_id, import_id) or looked


def stage(tenant_id: UUID, import_id: UUID) -> None:
    this = begin(tenant_id, import_id, ImportMove.RUN_STAGING, ImportState.QUEUED, ImportState.STAGING)
    if this is None:
        return
    try:
        this = import_inspection.with_unpacked_sheet(tenant_id, this)
        for batch in batches(tenant_id, this):
            store_batch(tenant_id, this, batch)
        prepare_merge(tenant_id, this)
    except UnreadableFile as refusal:
        fail(tenant_id, import_id, refusal)
    except ImportTaken:
        log.warning("import was gone on with by another worker", import_id=str(import_id))


def batches(tenant_id: UUID, this: Import, size: int = staging.BATCH) -> Iterator[Batch]:
    lines = staging.lines_of(this, line_source(piece_reader(tenant_id), this))
    with ThreadPoolExecutor(1) as reader:
        following = reader.submit(staging.pack_batch, islice(lines, size))
        while (batch := following.result()).lines:
            following = reader.submit(staging.pack_batch, islice(lines, size))
            yield batch


def store_batch(tenant_id: UUID, known: Import, batch: Batch) -> None:
    """Raise ImportTaken when another worker has gone on with it."""
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, known.id, ImportState.STAGING)
        if this is None or this.line_staged != known.line_staged:
            raise ImportTaken
        staging.store_batch(session, this, batch)
        this.tries = 0  # it gets on
    known.line_staged = this.line_staged


def prepare_merge(tenant_id: UUID, known: Import) -> None:
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, known.id, ImportState.STAGING)
        if this is not None and this.line_staged == known.line_staged:
            move(session, this, ImportMove.FINISH_STAGING)


def merge_import(tenant_id: UUID, import_id: UUID) -> Import | None:
    """Merge in one transaction, after the one that counts the attempt."""
    if begin(tenant_id, import_id, ImportMove.RUN_MERGE, ImportState.MERGING) is None:
        return None
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, import_id, ImportState.MERGING)
        if this is not None:
            merge.merge(session, this)
    if this is not None:
        after_many_changes(tenant_id, this.line_staged)
    return this


def after_many_changes(tenant_id: UUID, lines: int) -> None:
    if lines >= ANALYZE_AFTER:
        measure_customers(tenant_id)
    with tenant_session(tenant_id) as session:
        list_summaries.expect_changes(session)


def measure_customers(tenant_id: UUID) -> None:
    """Analyze now: until autovacuum does, every page would be planned for an empty workspace."""
    with tenant_session(tenant_id) as session:
        session.execute(text("SELECT wall.measure_customers()"))


def undo(tenant_id: UUID, import_id: UUID) -> Import | None:
    if begin(tenant_id, import_id, ImportMove.RUN_UNDO, ImportState.UNDOING) is None:
        return None
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, import_id, ImportState.UNDOING)
        if this is not None:
            undo_import(session, this)
    if this is not None:
        after_many_changes(tenant_id, 0)
    return this


def fail(tenant_id: UUID, import_id: UUID, refusal: UnreadableFile) -> None:
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, import_id, ImportState.STAGING)
        if this is not None:
            claim.fail(session, this, refusal.failure, **refusal.params)
