"""Two more purposes for workspaces that are there already; and nobody's word is lost on the way down."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command

from portal.advocates.consent_texts import DEFAULT_TEXTS
from portal.advocates.models import ConsentPurpose
from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.settings import Settings
from tests.migrations.conftest import superuser_url

BEFORE = "0035"
NEW = (ConsentPurpose.FEEDBACK, ConsentPurpose.REFERRALS)
TEXTS = "SELECT t.name, c.purpose, c.version, c.title, c.text FROM consent_texts c JOIN tenants t ON t.id = c.tenant_id"
ANOTHER_LINE = """
    INSERT INTO consent_entries (tenant_id, id, advocate_id, number, purpose, granted, text_id, at, source, personal,
        salt, digest, previous, hash, created_at)
    SELECT tenant_id, gen_random_uuid(), advocate_id, number + 1000, 'feedback', granted, text_id, at, source, personal,
        salt, digest, previous, hash, created_at FROM consent_entries ORDER BY id LIMIT 1"""
PHOTOS = """
    WITH words AS (
        INSERT INTO record_consent_texts (tenant_id, id, kind, version, title, text, created_at)
        SELECT tenant_id, gen_random_uuid(), 'photos', 1, '', '', now() FROM advocates LIMIT 1 RETURNING tenant_id, id)
    INSERT INTO record_consents (tenant_id, id, contact_id, number, subject_type, subject_id, granted, text_id, at,
        source, digest, previous, hash, created_at)
    SELECT tenant_id, gen_random_uuid(), gen_random_uuid(), 1, 'events', gen_random_uuid(), true, id, now(), 'letter',
        '', '', '', now() FROM words"""


@pytest.fixture
def database(old_database: Settings, postgres: str) -> Iterator[psycopg.Connection]:
    """As it was before, seen over the wall."""
    upgrade_database(old_database, BEFORE)
    with psycopg.connect(superuser_url(postgres), autocommit=True) as connection:
        yield connection


def texts(database: psycopg.Connection) -> set[tuple[object, ...]]:
    return set(database.execute(TEXTS).fetchall())


def goes_down(settings: Settings) -> None:
    with owner_connection(settings) as connection:
        command.downgrade(alembic_config(connection), BEFORE)


def test_every_workspace_gets_the_words_in_its_own_name_and_loses_none(
    old_database: Settings, database: psycopg.Connection
) -> None:
    before = texts(database)
    names = [name for (name,) in database.execute("SELECT name FROM tenants").fetchall()]
    upgrade_database(old_database)
    expected = {
        (name, purpose.value, 1, title, text % {"workspace": name})
        for name in names
        for purpose, (title, text) in DEFAULT_TEXTS.items()
        if purpose in NEW
    }
    assert len(names) == 2
    assert texts(database) - before == expected
    upgrade_database(old_database)
    assert len(texts(database)) == len(before) + 4, "once"
    goes_down(old_database)
    assert texts(database) == before


@pytest.mark.parametrize("what", ["surveys", "photos at an event"])
def test_where_somebody_has_agreed_there_is_no_way_down(
    old_database: Settings, database: psycopg.Connection, what: str
) -> None:
    upgrade_database(old_database)
    database.execute("SET session_replication_role = replica")
    database.execute(ANOTHER_LINE if what == "surveys" else PHOTOS)
    known = texts(database)
    with pytest.raises(SystemExit, match=r"people have agreed to .* \(entries: 1\)"):
        goes_down(old_database)
    assert texts(database) == known
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() != [(BEFORE,)]
