"""A list of more than 2,000 lines is made beside the work, shown as it grows, kept for a day, for one person."""

import psycopg
import pytest
from sqlalchemy import func, select

from jobs import exports as job
from jobs import schedule
from portal.exports import actions, export_writer
from portal.exports.list_download import MAX_DIRECT_LINES
from portal.exports.models import Export, ExportKind, ExportPiece, ExportState
from portal.files import PIECE
from tenants.models import Membership, Role
from tests.client import Client
from tests.exports.conftest import Exporter
from tests.exports.many_people import add_people
from tests.fixture_types import Jobs, Travel
from tests.world import World

HTMX = {"HX-Request": "true"}


def newest(acme: World) -> Export:
    with acme.session() as session:
        return session.scalars(select(Export).order_by(Export.asked_at.desc()).limit(1)).one()


def test_a_short_list_comes_at_once_and_leaves_nothing(exporter: Exporter, acme: World) -> None:
    pressed = exporter.client.post("/advocates/export?q=Ada")
    assert pressed.status_code == 303
    answer = exporter.client.follow(pressed)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="advocates.csv"'
    assert len(answer.text.splitlines()) == 2
    assert "advocates.csv" not in exporter.client.get("/exports").text


def test_a_long_list_is_made_by_a_worker_and_comes_whole(
    as_manager: Client, acme: World, superuser: psycopg.Connection
) -> None:
    add_people(superuser, acme, MAX_DIRECT_LINES)
    assert len(as_manager.get("/advocates/export").text.splitlines()) == MAX_DIRECT_LINES + 1
    acme.advocate(last_name="One Too Many")
    assert as_manager.get("/advocates/export").mimetype == "text/html", "where the file can be asked for"

    progress = as_manager.post("/advocates/export")
    assert f"{progress.location}/progress" in as_manager.follow(progress).text
    assert newest(acme).state is ExportState.QUEUED
    assert (
        'hx-trigger="every 2s"'
        in as_manager.get(f"{progress.location}/progress", outside=True, headers=HTMX).text
    )
    job.work()
    told = as_manager.get(f"{progress.location}/progress", outside=True, headers=HTMX)
    assert told.headers["HX-Redirect"] == progress.location
    assert f"{progress.location}/file" in as_manager.get(progress.location, outside=True).text
    assert "2,001" in as_manager.get("/exports").text
    file = as_manager.get(f"{progress.location}/file", outside=True)
    lines = file.text.splitlines()
    assert (len(lines), len(set(lines))) == (MAX_DIRECT_LINES + 2, MAX_DIRECT_LINES + 2)
    assert int(file.headers["Content-Length"]) == len(file.data)


def test_the_progress_page_says_how_far_it_is(exporter: Exporter, acme: World) -> None:
    export = exporter.request()
    with acme.session() as session:
        this = session.get_one(Export, (acme.tenant_id, export.id))
        this.state, this.lines_total, this.lines_done = ExportState.RUNNING, 71_000, 12_000
    assert "12,000 of 71,000 rows" in exporter.client.get(f"/exports/{export.id}").text


def test_two_clicks_make_one_file_and_the_fourth_list_waits(exporter: Exporter) -> None:
    assert exporter.request().id == exporter.request().id
    for name in ("ada", "grace"):
        exporter.request(filters={"q": name})
    with pytest.raises(actions.TooManyExports):
        exporter.request(filters={"q": "linus"})
    exporter.request(filters={"q": "linus"}, client=exporter.acme.signed_in(Role.MANAGER))


def test_only_who_asked_gets_it_and_only_while_the_role_allows_it(
    exporter: Exporter, acme: World, globex: World
) -> None:
    export = exporter.request()
    job.work()
    for address in (f"/exports/{export.id}", f"/exports/{export.id}/file"):
        assert acme.signed_in(Role.ADMIN).get(address).status_code == 404
        assert globex.signed_in(Role.MANAGER).get(address).status_code == 404
        assert acme.signed_in(Role.REP).get(address).status_code == 403
    assert exporter.client.get(f"/exports/{export.id}/file").status_code == 200
    with acme.session() as session:
        session.get_one(Membership, (acme.tenant_id, exporter.client.member.id)).roles = ["rep"]
    assert exporter.client.get(f"/exports/{export.id}/file").status_code == 403


def test_after_a_day_it_is_deleted_and_can_be_made_again(
    exporter: Exporter, acme: World, travel: Travel, run_jobs: Jobs
) -> None:
    export = exporter.request()
    job.work()
    travel(hours=25)
    acme.signed_in(as_member=exporter.client.member)
    gone = exporter.client.get(f"/exports/{export.id}/file")
    assert f"/exports/{export.id}/attempts" in exporter.client.follow(gone).text
    assert f"/exports/{export.id}/file" not in exporter.client.get("/exports").text
    run_jobs()
    with acme.session() as session:
        assert session.scalar(select(func.count()).select_from(ExportPiece)) == 0
    acme.advocate(first_name="Newcomer")
    exporter.client.post(f"/exports/{export.id}/attempts")
    run_jobs()
    assert b"Newcomer" in exporter.file(export)
    assert exporter.client.post(f"/exports/{export.id}/attempts").status_code == 409
    travel(days=31)
    acme.signed_in(as_member=exporter.client.member)
    run_jobs()
    assert exporter.client.get(f"/exports/{export.id}").status_code == 404


def test_somebody_who_exports_all_day_keeps_the_newest_ten(exporter: Exporter, acme: World) -> None:
    for number in range(actions.MAX_READY + 2):
        exporter.request(filters={"q": f"ada{number}"})
        job.work()
    with acme.session() as session:
        states = session.scalars(select(Export.state).order_by(Export.asked_at)).all()
    assert states == [ExportState.EXPIRED] * 2 + [ExportState.READY] * actions.MAX_READY


def test_a_reader_who_takes_their_time_holds_no_transaction(
    exporter: Exporter, postgres: str, acme: World, superuser: psycopg.Connection
) -> None:
    add_people(superuser, acme, 12_000)
    export = exporter.request()
    job.work()
    assert acme.reload(export).size > PIECE
    answer = exporter.client.open(f"/{acme.slug}/exports/{export.id}/file", buffered=False)
    first = next(answer.iter_encoded())
    assert len(first) == PIECE
    with psycopg.connect(postgres) as looking:
        waiting = looking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'goodword_app' AND state LIKE 'idle in%'"
        ).fetchone()
    answer.close()
    assert waiting == (0,)


def test_memory_stays_at_one_piece_however_long_the_list() -> None:
    held = [
        (len(content), lines)
        for content, lines in export_writer.pieces((b"x" * 99 + b"\n" for _ in range(1000)), 4096)
    ]
    assert max(size for size, _ in held) == 4096
    assert (sum(size for size, _ in held), held[-1][1]) == (100_000, 1000)
    assert list(export_writer.pieces([])) == []


def test_every_kind_of_list_has_a_query_and_the_clock_cleans_up() -> None:
    assert sorted(source.kind for source in job.SOURCES) == sorted(ExportKind)
    assert "clear old exports" in {each.name for each in schedule.SCHEDULES}
