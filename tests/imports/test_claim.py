"""A worker may be killed at any moment: the next one goes on, and the end is the same."""

import io
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from jobs import imports as job
from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.files import StoredFile
from portal.imports import actions, claim, queries
from portal.imports.models import Import, ImportFailure, ImportState
from portal.settings import Settings
from tenants.advisory_locks import only_worker
from tenants.clock import utc_now
from tests.imports.files import Importer, people_file, person, says_why
from tests.one_worker import start_worker
from tests.waiting import eventually
from tests.world import World

MANY = people_file(*[person(f"p{n}@wabtec.example", Employees="31000") for n in range(50)])


def begin(importer: Importer, content: bytes = MANY) -> Import:
    this = importer.upload(content)
    with importer.acme.session() as session:
        actions.start(session, queries.get(session, this.id), by=importer.manager)
    return this


def people(acme: World) -> int:
    with acme.session() as session:
        return session.scalar(select(func.count()).select_from(Advocate)) or 0


def test_a_worker_killed_while_it_reads_loses_one_batch_and_no_line(importer: Importer, acme: World) -> None:
    this = begin(importer)
    with acme.session() as session:
        queries.get(session, this.id).state = ImportState.STAGING
    seen = acme.reload(this)
    batches = job.batches(acme.tenant_id, seen, size=20)
    job.store_batch(acme.tenant_id, seen, next(batches))
    assert isinstance(batches, Generator)
    batches.close()
    assert (acme.reload(this).rows_staged, people(acme)) == (20, 0)

    job.work()
    done = acme.reload(this)
    assert (done.state, done.rows_staged, done.counts["created"], people(acme)) == (
        ImportState.DONE,
        50,
        50,
        50,
    )


def test_two_workers_never_do_the_same_lines(importer: Importer, acme: World) -> None:
    this = begin(importer)
    with acme.session() as session:
        queries.get(session, this.id).state = ImportState.STAGING
    late, quick = acme.reload(this), acme.reload(this)
    batch = next(job.batches(acme.tenant_id, late, size=20))
    job.store_batch(acme.tenant_id, quick, batch)
    with pytest.raises(claim.ImportTaken):
        job.store_batch(acme.tenant_id, late, batch)
    with acme.session() as session:
        session.scalars(select(Import).where(Import.id == this.id).with_for_update()).one()
        job.work()
    assert acme.reload(this).rows_staged == 20


def test_workers_rung_while_the_first_one_reads_leave_it_alone(importer: Importer, acme: World) -> None:
    this = begin(importer)
    with only_worker(f"import {this.id}") as mine:
        for _ in range(claim.TRIES + 1):
            job.work()
        assert mine
        assert (acme.reload(this).state, acme.reload(this).tries) == (ImportState.QUEUED, 0)
    job.work()
    assert acme.reload(this).state == ImportState.DONE


def test_an_import_that_gets_on_is_not_given_up_however_often_workers_are_killed(
    importer: Importer, acme: World
) -> None:
    this = begin(importer)
    with acme.session() as session:
        queries.get(session, this.id).tries, queries.get(session, this.id).state = 5, ImportState.STAGING
    seen = acme.reload(this)
    batches = job.batches(acme.tenant_id, seen, size=20)
    job.store_batch(acme.tenant_id, seen, next(batches))
    assert isinstance(batches, Generator)
    batches.close()
    job.work()
    assert (acme.reload(this).state, people(acme)) == (ImportState.DONE, 50)


def test_a_worker_killed_during_the_merge_leaves_nothing_and_the_next_one_ends_it(
    importer: Importer, acme: World, settings: Settings, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    importer.import_file(people_file(person()))
    this = begin(importer)
    with acme.session() as session:
        session.scalars(select(Account).with_for_update()).one()  # the merge waits for this row
        worker = start_worker("jobs.imports", settings, tmp_path / "log")
        eventually(lambda: _is_waiting(superuser))
        worker.kill()
        assert (acme.reload(this).state, people(acme)) == (ImportState.MERGING, 1)

    def ended() -> bool:
        job.work()
        return acme.reload(this).state == ImportState.DONE

    eventually(ended)
    assert (acme.reload(this).counts["created"], people(acme)) == (50, 51)
    with acme.session() as session:
        assert session.scalar(select(Account.employees)) == 31000


def test_an_import_that_kills_every_worker_is_given_up_with_a_word(importer: Importer, acme: World) -> None:
    this = begin(importer)
    with acme.session() as session:
        queries.get(session, this.id).tries = 5
    job.work()
    failed = acme.reload(this)
    assert (failed.state, failed.failure, people(acme)) == (ImportState.FAILED, ImportFailure.GAVE_UP, 0)
    page = acme.signed_in(as_member=importer.manager).get(f"/imports/{this.id}").text
    assert says_why(page, failed)
    importer.start(failed)
    assert acme.reload(this).state == ImportState.DONE


def test_a_file_that_kills_every_worker_that_looks_at_it_is_not_kept(importer: Importer, acme: World) -> None:
    this = importer.upload(MANY)
    with acme.session() as session:
        unread = actions.upload(session, "report.csv", io.BytesIO(MANY), by=importer.manager)
        unread.tries = claim.TRIES
        actions.choose_quotes(session, read := queries.get(session, this.id), "cells")
        read.tries = claim.TRIES
    job.work()
    gone, stays = acme.reload(unread), acme.reload(this)
    assert (gone.state, gone.file_id) == (ImportState.UNREADABLE, None)
    assert {gone.failure, stays.failure} == {ImportFailure.GAVE_UP}
    assert (stays.state, stays.file_id, stays.quotes) == (ImportState.UPLOADED, this.file_id, "")


def test_what_an_earlier_version_left_of_an_unreadable_file_goes_with_the_days(
    importer: Importer, acme: World
) -> None:
    this = importer.upload(MANY)
    with acme.session() as session:
        left = queries.get(session, this.id)
        left.state, left.created_at = ImportState.UNREADABLE, utc_now() - timedelta(days=400)
    with acme.session() as session:
        actions.clean_up(session)
    with acme.session() as session:
        assert session.scalars(select(StoredFile)).all() == []


def _is_waiting(superuser: psycopg.Connection) -> bool:
    superuser.rollback()
    return (
        superuser.execute("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
        is not None
    )
