"""The recorder of locks sees what it is there for; the run itself is its subject (tests/lock_order.py)."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.accounts.models import Account
from tenants.database import as_psycopg
from tests.lock_order import LOCK_ORDER, ROOT, Lock, faults, lock_of
from tests.world import World

PLANTED = """
from sqlalchemy import create_engine, text

def test_locks():
    with create_engine({url!r}).begin() as connection:
        for table in {tables}:
            connection.execute(text(f"CREATE TEMP TABLE {{table}} (id integer)"))
        for table in {tables}:
            connection.execute(text({statement!r}.format(table=table)))
"""
LOCKING, CHANGING = "SELECT id FROM {table} FOR UPDATE", "UPDATE {table} SET id = 1"
Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_order_is_the_one_that_the_documentation_gives() -> None:
    architecture = (ROOT / "docs" / "architecture.md").read_text()
    assert " -> ".join(f"`{table}`" for table in LOCK_ORDER) in " ".join(architecture.split())


def test_a_lock_is_seen_with_its_table_and_whether_it_waits() -> None:
    assert lock_of("SELECT a.id FROM asks AS a JOIN x ON true FOR NO KEY UPDATE OF a") == Lock("asks")
    assert lock_of("SELECT id FROM emails FOR UPDATE SKIP LOCKED") == Lock("emails", waits=False)
    assert lock_of("SELECT id FROM emails") is None
    assert lock_of("UPDATE emails SET state='held'") == lock_of("DELETE FROM emails") == Lock("emails")
    assert lock_of("INSERT INTO emails (id) VALUES (1)") == Lock("emails", is_new=True)
    assert lock_of("INSERT INTO emails (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1") == Lock(
        "emails"
    )


def test_two_orders_of_the_same_tables_are_a_fault() -> None:
    assert faults({("accounts", "advocates"): "here"}) == []
    assert faults({("advocates", "accounts"): "here"}) == ["accounts was locked after advocates: here"]
    assert len(faults({("emails", "senders"): "here", ("senders", "emails"): "there"})) == 1


def test_a_connection_that_was_cut_off_is_told_of_as_if_nobody_recorded(
    acme: World, superuser: psycopg.Connection
) -> None:
    def is_cut_off() -> None:
        with acme.session() as session:
            session.scalars(select(Account).with_for_update()).all()
            superuser.execute("SELECT pg_terminate_backend(%s)", [session.scalar(func.pg_backend_pid())])
            session.scalars(select(Account)).all()

    with pytest.raises(OperationalError):
        is_cut_off()


@pytest.fixture
def run_planted(postgres: str, tmp_path: Path) -> Run:
    """A run of its own with a file for each order of tables; returns what it said, and how it ended."""

    def run(
        *orders: tuple[str, str], statement: str = LOCKING, processes: int = 0
    ) -> subprocess.CompletedProcess[str]:
        for number, tables in enumerate(orders):
            planted = PLANTED.format(url=as_psycopg(postgres), tables=tables, statement=statement)
            (tmp_path / f"test_{number}.py").write_text(planted)
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        words = [
            "-m",
            "pytest",
            "-p",
            "xdist",
            "-p",
            "tests.lock_order",
            "-n",
            str(processes),
            "--dist",
            "loadfile",
        ]
        return subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize(("processes", "statement"), [(0, LOCKING), (2, CHANGING)])
def test_a_run_that_saw_two_orders_fails_and_names_both_places(
    run_planted: Run, processes: int, statement: str
) -> None:
    """Each order is seen by a process of its own, if there are several; all tests pass."""
    ended = run_planted(("one", "two"), ("two", "one"), statement=statement, processes=processes)
    places = [f"test_{n}.py:9, then test_{n}.py:9 (test_{n}.py::test_locks)" for n in (0, 1)]
    assert f"one and two were locked in both orders: {places[0]}; and {places[1]}" in ended.stdout
    assert "2 passed" in ended.stdout
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED


def test_a_run_that_breaks_the_documented_order_fails(run_planted: Run) -> None:
    ended = run_planted(("emails", "sequence_runs"))
    assert "sequence_runs was locked after emails: test_0.py:9, then test_0.py:9" in ended.stdout
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED


def test_a_run_that_kept_one_order_is_good(run_planted: Run) -> None:
    ended = run_planted(("one", "two"), ("one", "two"), processes=2)
    assert (ended.returncode, "lock order" in ended.stdout) == (pytest.ExitCode.OK, False)
