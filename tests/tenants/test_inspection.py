"""Every way to spoil the wall that we could think of is noticed, by a sentence of its own; nothing of it stays."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from portal.schema import GLOBAL_TABLES
from portal.settings import Settings
from tenants.database import as_psycopg
from tenants.inspection.faults import wall_faults
from tests.present import present
from tests.tenants.wall_mutations import APP, MUTANTS


@pytest.fixture(scope="module")
def over_the_wall(postgres: str, settings: Settings) -> Iterator[Connection]:
    """A superuser's connection, which may spoil anything; each test takes back what it did."""
    url = f"{postgres.rsplit('/', 1)[0]}/{settings.database_url.rsplit('/', 1)[1]}"
    with create_engine(as_psycopg(url), poolclass=NullPool).connect() as connection:
        yield connection


@pytest.fixture
def scratch(over_the_wall: Connection) -> Iterator[Connection]:
    with over_the_wall.begin() as undone:
        yield over_the_wall
        undone.rollback()


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_spoiled_wall_is_noticed(scratch: Connection, mutant: str) -> None:
    statements, sentence = MUTANTS[mutant]
    scratch.execute(text(statements))
    faults = wall_faults(scratch, APP, GLOBAL_TABLES)
    assert [fault for fault in faults if sentence in fault], faults


def test_the_newest_right_is_noticed_where_it_exists(scratch: Connection) -> None:
    """MAINTAIN came with PostgreSQL 17."""
    if present(scratch.dialect.server_version_info) >= (17,):
        scratch.execute(text(f"GRANT MAINTAIN ON accounts TO {APP}"))
        assert wall_faults(scratch, APP, GLOBAL_TABLES) == [f"{APP} may MAINTAIN public.accounts."]


def test_the_wall_itself_has_no_fault_whoever_asks(settings: Settings, scratch: Connection) -> None:
    assert wall_faults(scratch, APP, GLOBAL_TABLES) == []
    for url in (settings.database_url, settings.database_owner_url):
        with create_engine(as_psycopg(url), poolclass=NullPool).connect() as connection:
            assert wall_faults(connection, APP, GLOBAL_TABLES) == []
