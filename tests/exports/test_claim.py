"""A worker may be killed at any moment, and every bell may ring twice: the file is whole, and there is one of it."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from jobs import exports as job
from portal.exports import claim, export_writer, labels
from portal.exports.models import Export, ExportFailure, ExportPiece, ExportState
from portal.settings import Settings
from tenants.advisory_locks import only_worker
from tests.exports.conftest import Exporter
from tests.one_worker import start_worker
from tests.waiting import eventually
from tests.world import World

INSERT_PIECE = """
    INSERT INTO export_pieces (tenant_id, id, export_id, number, content, created_at)
    VALUES (%s, gen_random_uuid(), %s, 0, '', now())"""


def pieces(acme: World) -> int:
    with acme.session() as session:
        return session.scalar(select(func.count()).select_from(ExportPiece)) or 0


def test_a_worker_killed_while_it_writes_leaves_no_piece_twice(
    exporter: Exporter,
    acme: World,
    settings: Settings,
    superuser: psycopg.Connection,
    postgres: str,
    tmp_path: Path,
) -> None:
    export = exporter.request()
    superuser.execute(
        INSERT_PIECE, (acme.tenant_id, export.id)
    )  # so the worker hangs in the middle of writing
    worker = start_worker("jobs.exports", settings, tmp_path / "log")
    eventually(lambda: _is_waiting(postgres))
    worker.kill()
    superuser.rollback()
    assert acme.reload(export).state == ExportState.RUNNING

    def ended() -> bool:
        job.work()
        return bool(acme.reload(export).state == ExportState.READY)

    eventually(ended)
    assert pieces(acme) == 1
    assert exporter.file(export) == exporter.download_at_once()


def _is_waiting(server: str) -> bool:
    with psycopg.connect(server) as looking:
        row = looking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'goodword_app'"
        ).fetchone()
    return bool(row and row[0])


def test_what_a_killed_worker_left_is_dropped_before_the_next_one_begins(
    exporter: Exporter, acme: World
) -> None:
    export = exporter.request()
    with acme.session() as session:
        begun = claim.begin(session, export.id)
        assert begun is not None
        claim.add_piece(session, begun, 0, b"half a line", 3)
    job.work()
    job.work()
    assert (pieces(acme), acme.reload(export).tries) == (1, 2)
    assert exporter.file(export) == exporter.download_at_once()


def test_workers_rung_while_the_first_one_writes_leave_it_alone(exporter: Exporter, acme: World) -> None:
    export = exporter.request()
    with only_worker(f"export {export.id}") as mine:
        for _ in range(claim.TRIES + 1):
            job.work()
        assert mine
        assert (acme.reload(export).state, acme.reload(export).tries) == (ExportState.QUEUED, 0)
    job.work()
    assert acme.reload(export).state == ExportState.READY


def test_a_worker_that_lost_its_turn_writes_nothing_more(exporter: Exporter, acme: World) -> None:
    export = exporter.request()
    with acme.session() as session:
        late = claim.begin(session, export.id)
        assert late is not None
    export_writer.write_export(acme.tenant_id, export.id, job.SOURCES)
    with pytest.raises(claim.ClaimLost), acme.session() as session:
        claim.add_piece(session, late, 7, b"x", 1)
    with pytest.raises(claim.ClaimLost), acme.session() as session:
        claim.finish(session, late, 1)
    assert exporter.file(export) == exporter.download_at_once()


def test_what_stops_five_times_is_given_up_and_can_be_made_again(exporter: Exporter, acme: World) -> None:
    export = exporter.request()
    with acme.session() as session:
        session.get_one(Export, (acme.tenant_id, export.id)).tries = claim.TRIES
    job.work()
    stopped = acme.reload(export)
    assert (stopped.state, stopped.failure) == (ExportState.FAILED, ExportFailure.GAVE_UP)
    page = exporter.client.get(f"/exports/{export.id}")
    assert str(labels.FAILURES[ExportFailure.GAVE_UP]) in page.text
    assert exporter.client.post(f"/exports/{export.id}/attempts").status_code == 303
    job.work()
    assert exporter.file(export) == exporter.download_at_once()


def test_the_next_file_is_made_though_one_before_it_fails(exporter: Exporter, acme: World) -> None:
    gone = exporter.request(kind="import_lines", filters={"import_id": str(acme.tenant_id)})
    export = exporter.request()
    job.work()
    assert acme.reload(gone).failure == ExportFailure.GONE
    assert exporter.file(export) == exporter.download_at_once()
