"""The schema's way up and down, data migrations over all workspaces, and a dump that comes back with its wall."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, insert, text
from uuid_utils.compat import uuid7

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind
from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.demo.servers import pg_program
from portal.references.models import Meeting, ReferenceRequest
from portal.schema import GLOBAL_TABLES
from portal.settings import Settings
from tenants.base import Base
from tenants.clock import utc_now
from tenants.database import as_psycopg
from tenants.inspection.faults import wall_faults
from tenants.models import Membership, Tenant, User
from tenants.row_level_security import without_forced_wall
from tests.migrations.conftest import begin_at

WALL = "SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY 1"
SHAPE = """
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema IN ('public', 'wall') ORDER BY 1, 2"""
RULES = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
    JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname IN ('public', 'wall')
    UNION ALL SELECT p.polrelid::regclass::text, p.polname, pg_get_expr(p.polqual, p.polrelid) FROM pg_policy p
    UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'wall')
    ORDER BY 1, 2, 3"""


@pytest.fixture
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    """A second, empty database on the same server."""
    embedded.make_database(postgres, "spare")
    yield replace(
        settings,
        database_url=beside(settings.database_url),
        database_owner_url=beside(settings.database_owner_url),
    )
    embedded.drop_database(postgres, "spare")


def beside(url: str) -> str:
    """The same server and role, the spare database."""
    return f"{url.rsplit('/', 1)[0]}/spare"


def shape(connection: Connection) -> list[object]:
    return [*connection.execute(text(SHAPE)), *connection.execute(text(RULES))]


def test_up_down_and_up_again_ends_at_the_same_schema(spare: Settings) -> None:
    upgrade_database(spare)
    with owner_connection(spare) as connection:
        first = shape(connection)
        command.downgrade(alembic_config(connection), "base")
        left = connection.execute(text(SHAPE)).scalars().all()
    assert set(left) <= {"alembic_version"}
    upgrade_database(spare)
    with owner_connection(spare) as connection:
        assert shape(connection) == first
        command.check(alembic_config(connection))


def test_migrations_have_one_head(spare: Settings) -> None:
    with owner_connection(spare) as connection:
        assert len(ScriptDirectory.from_config(alembic_config(connection)).get_heads()) == 1


def test_upgrading_twice_repairs_roles_and_changes_nothing(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres)
    with psycopg.connect(beside(postgres), autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON accounts FROM goodword_app")
    upgrade_database(spare)
    with psycopg.connect(spare.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM accounts").fetchone() == (0,)


def test_a_data_migration_changes_rows_of_two_workspaces(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres)
    two_workspaces(beside(postgres))
    with owner_connection(spare) as connection:
        migration = Operations(MigrationContext.configure(connection))
        with Operations.context(migration.migration_context):
            assert connection.execute(text("UPDATE accounts SET region = 'X'")).rowcount == 0, (
                "the owner is walled"
            )
            with without_forced_wall("accounts"):
                assert connection.execute(text("UPDATE accounts SET region = 'EMEA'")).rowcount == 2
        assert "accounts" in connection.execute(text(WALL)).scalars().all()


HELD = """
    INSERT INTO letters (tenant_id, id, kind, letter_class, queue, occasion, recipient, recipient_norm, recipient_name,
        locale, purpose, about_kind, template_version, fields, links, state, due_at, tries, in_doubt, provider_id, why,
        created_at)
    SELECT id, gen_random_uuid(), 'new_link', 'transactional', 'mail', 'any', 'a@x.example', 'a@x.example', 'Ada', 'en',
        '', '', 1, '{}', '{}', 'held', now() - interval '1 day', 1, true, '', 'It may have arrived.', now()
    FROM tenants WHERE slug = 'one'"""


def test_an_email_in_doubt_from_before_still_waits_for_a_person(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres, "0013")
    two_workspaces(beside(postgres), with_accounts=False)
    with psycopg.connect(beside(postgres), autocommit=True) as connection:
        connection.execute(HELD)
        upgrade_database(spare)
        found = connection.execute("SELECT state, hold_reason, due_at FROM emails").fetchall()
    assert found == [("held", "delivery_unknown", None)]


def test_calls_that_overlapped_before_are_kept_and_the_later_one_is_marked(
    spare: Settings, postgres: str
) -> None:
    begin_at(spare, postgres)
    ids = two_calls_an_hour_apart(beside(postgres))
    with owner_connection(spare) as connection:
        command.downgrade(alembic_config(connection), "0020")
    with psycopg.connect(beside(postgres), autocommit=True) as connection:
        connection.execute("UPDATE meetings SET starts_at = (SELECT min(starts_at) FROM meetings)")
    upgrade_database(spare)
    with psycopg.connect(beside(postgres)) as connection:
        found = connection.execute("SELECT id, double_booked FROM meetings ORDER BY id").fetchall()
        whose = connection.execute("SELECT count(DISTINCT advocate_id) FROM meetings").fetchone()
    assert (found, whose) == ([(ids[0], False), (ids[1], True)], (1,))


def test_who_opted_out_in_a_file_stays_so_on_the_way_down_and_up(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres)
    rows = [
        ("nora", "", "opted_out", 1, None),
        ("nora", "calls", "opted_out", 1, None),
        ("olaf", "", "unsubscribed", 1, None),
        ("olaf", "", "opted_out", 2, None),
        ("pia", "", "opted_out", 1, None),
        ("pia", "", "unsubscribed", 2, None),
        ("quin", "", "opted_out", 1, 3),
        ("quin", "", "unsubscribed", 2, None),
    ]
    two_workspaces(beside(postgres))
    write_suppressions(beside(postgres), rows)
    with owner_connection(spare) as connection:
        command.downgrade(alembic_config(connection), "0023")
    upgrade_database(spare)
    with psycopg.connect(beside(postgres)) as connection:
        found = connection.execute(
            "SELECT address_hash, purpose, reason, extract(day FROM created_at AT TIME ZONE 'UTC')::int, "
            "extract(day FROM lifted_at AT TIME ZONE 'UTC')::int FROM suppressions "
            "WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'one') ORDER BY 1, 2, 4"
        ).fetchall()
        both = connection.execute("SELECT count(*) FROM suppressions").fetchone()
    assert found == [
        ("nora", "", "unsubscribed", 1, None),
        ("nora", "calls", "unsubscribed", 1, None),
        ("olaf", "", "unsubscribed", 1, None),
        ("pia", "", "unsubscribed", 1, None),
        ("quin", "", "unsubscribed", 1, 3),
        ("quin", "", "unsubscribed", 2, None),
    ]
    assert both == (12,), "in each workspace"


def write_suppressions(superuser_url: str, rows: list[tuple[str, str, str, int, int | None]]) -> None:
    """In each workspace, over the wall: whose, purpose, reason, and the days of January on which it began and ended."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for whose, purpose, reason, began, ended in rows:
            connection.execute(
                "INSERT INTO suppressions (tenant_id, id, created_at, address_hash, purpose, reason, note, lifted_at) "
                "SELECT id, gen_random_uuid(), make_timestamptz(2026, 1, %s, 0, 0, 0, 'UTC'), %s, %s, %s, '', "
                "make_timestamptz(2026, 1, %s::int, 0, 0, 0, 'UTC') FROM tenants",
                (began, whose, purpose, reason, ended),
            )


def two_calls_an_hour_apart(superuser_url: str) -> list[UUID]:
    """Of one person, written over the wall, the older one first."""
    tenant, user, rep, ada = (uuid7() for _ in range(4))
    calls, nine = [uuid7(), uuid7()], utc_now() + timedelta(days=7)
    engine = create_engine(as_psycopg(superuser_url), poolclass=NullPool)
    with engine.begin() as connection:

        def write(table: type[Base], **facts: Any) -> None:
            connection.execute(insert(table).values(**facts))

        write(Tenant, id=tenant, slug="one", name="Any")
        write(User, id=user, email="rep@one.example", email_norm="rep@one.example", name="Rep")
        given: dict[str, Any] = {
            "email": "rep@one.example",
            "email_norm": "rep@one.example",
            "name": "Rep",
            "roles": ["rep"],
        }
        write(Membership, tenant_id=tenant, id=rep, user_id=user, **given)
        given = {"email": "ada@one.example", "email_norm": "ada@one.example", "first_name": "Ada"}
        write(Advocate, tenant_id=tenant, id=ada, **given)
        for number, call in enumerate(calls):
            request, ask = uuid7(), uuid7()
            given = {
                "prospect": "Initech",
                "prospect_norm": "initech",
                "kind": AskKind.CALL,
                "needed_by": nine.date(),
            }
            given |= {
                "product": "Any",
                "industry": "Any",
                "region": "NA",
                "state": "scheduled",
                "number": number,
            }
            write(
                ReferenceRequest, tenant_id=tenant, id=request, requester_id=rep, submitted_at=nine, **given
            )
            about = {
                "subject_type": "reference_requests",
                "subject_id": request,
                "kind": AskKind.CALL,
                "minutes": 20,
            }
            given = {"state": "accepted", "due_on": nine.date(), "sent_at": nine}
            write(Ask, tenant_id=tenant, id=ask, advocate_id=ada, **about, **given)
            given = {"state": "scheduled", "minutes": 20, "starts_at": nine + timedelta(hours=number)}
            write(
                Meeting, tenant_id=tenant, id=call, request_id=request, ask_id=ask, advocate_id=ada, **given
            )
    return calls


def test_a_dump_comes_back_with_the_wall_standing(spare: Settings, postgres: str, tmp_path: Path) -> None:
    begin_at(spare, postgres)
    two_workspaces(beside(postgres))
    dump = tmp_path / "goodword.dump"
    without_key = "--exclude-table-data=wall.key"
    run("pg_dump", "--format=custom", without_key, f"--file={dump}", backup_role(postgres))
    with psycopg.connect(beside(postgres)) as connection:
        walled = connection.execute(WALL).fetchall()
    embedded.drop_database(postgres, "spare")
    embedded.make_database(postgres, "spare")
    run("pg_restore", f"--dbname={beside(postgres)}", str(dump))
    upgrade_database(spare)
    with psycopg.connect(beside(postgres)) as connection:
        assert connection.execute(WALL).fetchall() == walled
        assert connection.execute("SELECT count(*) FROM accounts").fetchone() == (2,)
    with psycopg.connect(spare.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM accounts").fetchone() == (0,)
    with owner_connection(spare) as connection:
        assert wall_faults(connection, spare.app_role, GLOBAL_TABLES) == []


def backup_role(postgres: str) -> str:
    """The role that README.md makes for backups."""
    with psycopg.connect(beside(postgres), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS goodword_backup")
        connection.execute("CREATE ROLE goodword_backup LOGIN BYPASSRLS PASSWORD 'b'")
        connection.execute("GRANT pg_read_all_data TO goodword_backup")
        connection.execute("GRANT CONNECT ON DATABASE spare TO goodword_backup")
    return embedded.url_for_role(postgres, "goodword_backup", "b", "spare")


def two_workspaces(superuser_url: str, *, with_accounts: bool = True) -> None:
    """One account each, if today's schema has been reached, written over the wall."""
    engine = create_engine(as_psycopg(superuser_url), poolclass=NullPool)
    with engine.begin() as connection:
        for slug in ("one", "two"):
            tenant_id = uuid4()
            connection.execute(insert(Tenant).values(id=tenant_id, slug=slug, name="Any"))
            if with_accounts:
                connection.execute(insert(Account).values(tenant_id=tenant_id, name="Any", name_norm="any"))


def run(program: str, *arguments: str) -> None:
    done = subprocess.run([pg_program(program), *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
