"""A database as the release before 0029 left it: real rows, written by that release's own code."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from portal.cli import upgrade_database
from portal.demo import embedded
from portal.settings import Settings

HERE = Path(__file__).parent
OLD = "0028"


@pytest.fixture
def release_before() -> dict[str, Any]:
    """What that release answered: its links with their status, its limits, the moment."""
    found: dict[str, Any] = json.loads((HERE / "release_0028.json").read_text())
    return found


@pytest.fixture
def old_database(postgres: str, settings: Settings) -> Iterator[Settings]:
    """At 0028, with two workspaces that have something in nearly every table."""
    embedded.make_database(postgres, "before")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/before" for url in urls)
    old = replace(settings, database_url=served, database_owner_url=owned)
    upgrade_database(old, OLD)
    with psycopg.connect(superuser_url(postgres)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute((HERE / "release_0028.sql").read_bytes())
    yield old
    embedded.drop_database(postgres, "before")


def superuser_url(postgres: str) -> str:
    return f"{postgres.rsplit('/', 1)[0]}/before"
