"""The recorder of locks sees what it is there for; the run itself is its subject (tests/lock_order.py)."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.accounts.models import Account
from tests.lock_order import LOCK_ORDER, faults, locked_table
from tests.world import World

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_the_order_is_the_one_that_the_documentation_gives() -> None:
    assert " -> ".join(f"`{table}`" for table in LOCK_ORDER) in ARCHITECTURE.read_text()


def test_a_lock_is_seen_with_its_table_and_whether_it_waits() -> None:
    assert locked_table("SELECT a.id FROM asks AS a JOIN x ON true FOR NO KEY UPDATE OF a") == ("asks", True)
    assert locked_table("SELECT id FROM emails FOR UPDATE SKIP LOCKED") == ("emails", False)
    assert locked_table("SELECT id FROM emails") is None


def test_two_orders_of_the_same_tables_are_a_fault() -> None:
    assert faults({("accounts", "advocates"): "here"}) == []
    assert faults({("advocates", "accounts"): "here"}) == ["accounts was locked after advocates, in here"]
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
