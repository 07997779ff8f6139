"""The embedded servers: data survive, nothing stays behind, nobody is let in without a password."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from portal.demo import embedded
from portal.demo.processes import Child, is_free
from portal.demo.servers import Server, ServerNotStarted, end_orphan, start_postgres
from portal.demo.servers import started as started_server
from tests.waiting import eventually

ASK_AND_DIE = """
import os, sys
from pathlib import Path
from portal.demo import embedded
folder = Path(sys.argv[1])
print(embedded.throwaway_postgres(folder), embedded.throwaway_valkey(folder), flush=True)
os.kill(os.getpid(), 9)
"""


def started(folder: Path) -> Server:
    return start_postgres(folder / "pg", password="s3cret", log=folder / "log")


def number_kept(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT number FROM kept").fetchone()
    assert row
    return int(row[0])


def test_data_survive_a_killed_server(tmp_path: Path) -> None:
    server = started(tmp_path)
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    os.kill(server.child.pid, signal.SIGKILL)
    server.child.stop()
    assert (tmp_path / "pg/postmaster.pid").exists()

    again = started(tmp_path)

    assert number_kept(again.url) == 42
    again.child.stop()


def test_a_process_id_left_by_a_reboot_may_belong_to_somebody_else_now(tmp_path: Path) -> None:
    started(tmp_path).child.stop()
    bystander = subprocess.Popen(["sleep", "60"])
    (tmp_path / "pg/postmaster.pid").write_text(f"{bystander.pid}\n{tmp_path}/pg\n")

    started(tmp_path).child.stop()

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_server_left_by_a_killed_demo_is_ended_before_the_next_starts(tmp_path: Path) -> None:
    orphan = started(tmp_path)

    heir = started(tmp_path)

    assert orphan.child.exit_code == 0
    heir.child.stop()


def test_the_servers_go_with_the_process_that_asked(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK_AND_DIE, tmp_path], capture_output=True, text=True, check=False
    )
    ports = [int(url.rsplit(":", 1)[1].split("/")[0]) for url in asked.stdout.split()]
    assert len(ports) == 2

    eventually(lambda: all(is_free(port) for port in ports))


def test_a_neighbor_on_this_machine_needs_the_password(tmp_path: Path) -> None:
    server = started(tmp_path)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url.replace("s3cret", "guess"))
    server.child.stop()


def test_a_second_start_leads_to_the_same_database_until_a_fresh_one_is_asked_for(tmp_path: Path) -> None:
    def with_demo(statement: str, *, fresh: bool = False) -> None:
        demo = embedded.start(tmp_path, fresh=fresh)
        with psycopg.connect(demo.settings["DATABASE_OWNER_URL"]) as owner:
            owner.execute(statement)
        demo.postgres.child.stop()
        demo.valkey.child.stop()

    with_demo("CREATE TABLE public.kept ()")
    with_demo("SELECT FROM public.kept")
    with_demo("CREATE TABLE public.kept ()", fresh=True)


def test_the_app_owns_nothing_and_the_owner_is_no_superuser(tmp_path: Path) -> None:
    demo = embedded.start(tmp_path)
    with psycopg.connect(demo.settings["DATABASE_OWNER_URL"]) as owner:
        powers = owner.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
        ).fetchall()
    with (
        psycopg.connect(demo.settings["DATABASE_URL"]) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("CREATE TABLE public.mine ()")
    demo.postgres.child.stop()
    demo.valkey.child.stop()

    ours = {name: rest for name, *rest in powers if name.startswith("goodword")}
    assert ours == {"goodword_owner": [False, False, True], "goodword_app": [False, False, False]}


def test_a_secret_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    first = embedded.secret(tmp_path / "secrets", "wall-key")
    path = tmp_path / "secrets/wall-key"
    assert embedded.secret(tmp_path / "secrets", "wall-key") == first
    assert len(first) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


SLOW_TO_GO = """
import signal, time
signal.signal(signal.SIGINT, lambda *_: (time.sleep(1.5), exit()))
print(flush=True)
while True:
    time.sleep(9)
"""


def test_a_server_that_is_slow_to_go_is_waited_for_however_long_it_takes(tmp_path: Path) -> None:
    """Two servers in one folder would ruin it."""
    (tmp_path / "pg").mkdir()
    command = [sys.executable, "-c", SLOW_TO_GO, str(tmp_path / "pg")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as orphan:
        assert orphan.stdout
        orphan.stdout.readline()
        (tmp_path / "pg/postmaster.pid").write_text(f"{orphan.pid}\n{tmp_path}/pg\n")
        said: list[str] = []
        end_orphan(tmp_path / "pg", said.append, every=0.2)
        assert orphan.poll() == 0
    assert said[0].startswith(f"Waiting for the PostgreSQL of the last start to end (process {orphan.pid}, ")
    assert not (tmp_path / "pg/postmaster.pid").exists()


def test_a_server_that_answers_late_is_waited_for_and_one_that_dies_is_not(tmp_path: Path) -> None:
    knocks, said = iter([True] * 20 + [False]), list[str]()

    def knock() -> None:
        if next(knocks):
            raise psycopg.OperationalError("the database system is starting up")

    late = Child("postgres", ["sh", "-c", "echo redo in progress; exec sleep 60"], tmp_path / "log")
    started_server(late, "here", knock, said.append, every=0.2).child.stop()
    assert "Waiting for postgres to answer" in said[0]
    assert "redo in progress" in said[-1]
    dead = Child("postgres", ["sh", "-c", "sleep 0.3; echo no room on the disk; exit 1"], tmp_path / "other")
    with pytest.raises(ServerNotStarted, match=r"(?s)did not start.*no room on the disk"):
        started_server(dead, "here", lambda: (_ for _ in ()).throw(psycopg.OperationalError()))


def test_a_first_start_killed_while_its_database_was_made_is_made_whole_by_the_next(tmp_path: Path) -> None:
    """The database is there, and nobody was let in yet; a secret was begun, and not written."""
    half = embedded.start(tmp_path)
    with psycopg.connect(half.postgres.url, autocommit=True) as superuser:
        superuser.execute("REVOKE ALL ON DATABASE goodword FROM goodword_app")
    half.postgres.child.stop()
    half.valkey.child.stop()
    (tmp_path / "secrets/data-key").unlink()
    (tmp_path / "secrets/data-key.7.new").touch()

    whole = embedded.start(tmp_path)
    with psycopg.connect(whole.settings["DATABASE_URL"]) as app:
        app.execute("CREATE TEMP TABLE mine ()")
    assert len(whole.settings["DATA_KEY"]) == 64
    whole.postgres.child.stop()
    whole.valkey.child.stop()
