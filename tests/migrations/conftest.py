"""A database as the release before 0029 left it: real rows, written by that release's own code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from portal.app import create_app
from portal.bootstrap import check_startup
from portal.cli import upgrade_database
from portal.demo import embedded
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants import clock
from tenants.database import database, read_clock, system_session
from tenants.models import ClockOffset

HERE = Path(__file__).parent
OLD, COPY = "0028", "before"


@pytest.fixture
def release_before() -> dict[str, Any]:
    """What that release answered: its links with their status, its limits, the moment."""
    found: dict[str, Any] = json.loads((HERE / "release_0028.json").read_text())
    return found


@pytest.fixture(scope="session")
def made_once(postgres: str, settings: Settings) -> str:
    """The name of a database that each test gets a copy of: that takes a tenth of the time."""
    embedded.make_database(postgres, name := "as_of_0028")
    upgrade_database(in_database(settings, name), OLD)
    with psycopg.connect(beside(postgres, name)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute((HERE / "release_0028.sql").read_bytes())
    return name


@pytest.fixture
def old_database(postgres: str, settings: Settings, made_once: str) -> Iterator[Settings]:
    """At 0028, with two workspaces that have something in nearly every table."""
    copy_database(postgres, made_once, COPY)
    yield in_database(settings, COPY)
    embedded.drop_database(postgres, COPY)


def copy_database(postgres: str, made: str, name: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as server:
        words = {"copy": Identifier(name), "made": Identifier(made), "owner": Identifier(embedded.OWNER)}
        server.execute(SQL("CREATE DATABASE {copy} TEMPLATE {made} OWNER {owner}").format(**words))
    embedded.make_database(postgres, name)  # closed to everybody who is not asked in


def begin_at(empty: Settings, postgres: str, revision: str = "head") -> None:
    """As if this empty database had been upgraded so far: it becomes a copy of one that was, once in this process."""
    made, name = f"empty_at_{revision}", empty.database_url.rsplit("/", 1)[1]
    with psycopg.connect(postgres) as server:
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (made,)).fetchone()
    if not known:
        embedded.make_database(postgres, made)
        upgrade_database(in_database(empty, made), revision)
    embedded.drop_database(postgres, name)
    copy_database(postgres, made, name)


@contextmanager
def after_upgrade(old_database: Settings, release_before: dict[str, Any]) -> Iterator[Portal]:
    """The application on that database after the upgrade, at the moment the rows were written."""
    upgrade_database(old_database)
    kept = database.engine, database.signer, database.wake
    other = create_app(old_database)
    check_startup(old_database)
    other.testing = True
    moment = datetime.fromisoformat(release_before["now"])
    with system_session() as session:
        session.add(ClockOffset(is_set=True, seconds=int((moment - clock.utc_now()).total_seconds())))
    read_clock()
    yield other
    database.engine.dispose()
    database.engine, database.signer, database.wake = kept


def superuser_url(postgres: str) -> str:
    return beside(postgres, COPY)


def in_database(settings: Settings, name: str) -> Settings:
    served, owned = beside(settings.database_url, name), beside(settings.database_owner_url, name)
    return replace(settings, database_url=served, database_owner_url=owned)


def beside(url: str, name: str) -> str:
    """The same server and role, another database."""
    return f"{url.rsplit('/', 1)[0]}/{name}"
