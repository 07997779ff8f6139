"""A database as the release before 0029 left it: real rows, written by that release's own code."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from portal.cli import upgrade_database
from portal.demo import embedded
from portal.settings import Settings

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
    with psycopg.connect(postgres, autocommit=True) as server:
        words = {"copy": Identifier(COPY), "made": Identifier(made_once), "owner": Identifier(embedded.OWNER)}
        server.execute(SQL("CREATE DATABASE {copy} TEMPLATE {made} OWNER {owner}").format(**words))
    embedded.make_database(postgres, COPY)  # closed to everybody who is not asked in
    yield in_database(settings, COPY)
    embedded.drop_database(postgres, COPY)


def superuser_url(postgres: str) -> str:
    return beside(postgres, COPY)


def in_database(settings: Settings, name: str) -> Settings:
    served, owned = beside(settings.database_url, name), beside(settings.database_owner_url, name)
    return replace(settings, database_url=served, database_owner_url=owned)


def beside(url: str, name: str) -> str:
    """The same server and role, another database."""
    return f"{url.rsplit('/', 1)[0]}/{name}"
