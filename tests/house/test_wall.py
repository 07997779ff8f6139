"""The database is the wall: read from pg_catalog, not from what we believe we wrote."""

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from portal.accounts.models import Account
from portal.cli import upgrade_database
from portal.doors import insist
from portal.schema import GLOBAL
from portal.settings import Settings
from tenants.database import NoTenant, as_psycopg, door, enter, system_session, tenant_session
from tenants.wall import Seal, WallIsDown, insist_on_the_wall
from tests.world import World

TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
           (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND i.indisprimary) AS first_in_key,
           (SELECT array_agg(p.polname || ' ' || pg_get_expr(p.polqual, p.polrelid) ORDER BY p.polname)
            FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"""
WALL = "one_tenant (tenant_id = ( SELECT wall.tenant() AS tenant))"
THE_OWNERS = {
    "tenant",
    "measure_customers",
    "is_data_key",
}  # who asks for a key, and who may ANALYZE; the rest looks across


def test_every_table_but_the_global_ones_is_walled(superuser: psycopg.Connection) -> None:
    rows = superuser.execute(TABLES).fetchall()
    assert {name for name, *_ in rows} >= GLOBAL
    for name, forced, first_in_key, policies in rows:
        if name not in GLOBAL:
            assert (forced, first_in_key) == (True, "tenant_id"), name
            assert policies in ([WALL], [WALL, "platform_reads true"]), (name, policies)


def test_keys_uniques_and_indexes_of_walled_tables_begin_with_the_tenant(
    superuser: psycopg.Connection,
) -> None:
    unique = superuser.execute("""
        SELECT c.relname, i.indexrelid::regclass::text, a.attname
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE n.nspname = 'public' AND i.indisunique""").fetchall()
    assert [row for row in unique if row[0] not in GLOBAL and row[2] != "tenant_id"] == []
    leaving = superuser.execute("""
        SELECT conname FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
        WHERE k.contype = 'f' AND t.relforcerowsecurity AND NOT EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
            AND a.attname = 'tenant_id')""").fetchall()
    assert leaving == []


def test_no_view_and_no_function_looks_over_the_wall(superuser: psycopg.Connection) -> None:
    views = superuser.execute("""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'wall') AND (c.relkind = 'm'
            OR c.relkind = 'v' AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false))
        """).fetchall()
    assert views == []
    for name, definer, config, owner, public in superuser.execute("""
        SELECT p.proname, p.prosecdef, p.proconfig::text, r.rolname,
               EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
        WHERE n.nspname IN ('public', 'wall')"""):
        assert (definer, public) == (True, False), name
        assert config == '{"search_path=pg_catalog, pg_temp"}', name
        assert owner == ("goodword_owner" if name in THE_OWNERS else "goodword_platform"), name


def test_the_app_role_cannot_truncate_create_or_read_the_key(acme: World) -> None:
    for statement in (
        "TRUNCATE accounts",
        "CREATE TABLE mine (x int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT * FROM wall.key",
        "SET ROLE goodword_platform",
        "ALTER TABLE accounts DISABLE ROW LEVEL SECURITY",
        "UPDATE alembic_version SET version_num = ''",
    ):
        with pytest.raises(ProgrammingError), acme.session() as session:
            session.execute(text(statement))


def test_another_workspaces_rows_are_not_there_in_eight_ways(acme: World, globex: World) -> None:
    theirs = globex.account("Hooli")
    by_id = select(Account).where(Account.id == theirs.id)
    with acme.session() as session:
        assert session.scalar(by_id) is None
        assert session.scalar(select(func.count()).select_from(by_id.subquery())) == 0
        assert session.scalar(select(by_id.exists())) is False
        assert session.scalar(select(func.count()).select_from(by_id.cte())) == 0
        assert session.execute(text("SELECT id FROM accounts WHERE id = :id"), {"id": theirs.id}).all() == []
        assert session.execute(text("DELETE FROM accounts WHERE id = :id"), {"id": theirs.id}).rowcount == 0
        assert session.execute(text("UPDATE accounts SET name = 'Mine'")).rowcount == 0
        assert session.execute(Account.__table__.select()).all() == []
    assert globex.reload(theirs).name == "Hooli"


def test_a_row_cannot_be_written_into_another_workspace(acme: World, globex: World) -> None:
    row = {"tenant_id": globex.tenant_id, "name": "Spy", "name_norm": "spy"}
    with pytest.raises(DBAPIError, match="row-level security"), acme.session() as session:
        session.execute(Account.__table__.insert().values(**row))
    with pytest.raises(NoTenant), system_session() as session:
        session.add(Account(name="Nobody's", name_norm="nobody's"))


def test_a_setting_without_our_signature_opens_nothing(acme: World) -> None:
    acme.account()
    forged = Seal("x" * 40).setting(acme.tenant_id)
    for setting in (forged, str(acme.tenant_id), f"{acme.tenant_id}.", ".", "x"):
        with system_session() as session:
            session.execute(text("SELECT set_config('app.tenant', :setting, true)"), {"setting": setting})
            assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_session_enters_one_workspace_and_never_another(acme: World, globex: World) -> None:
    with system_session() as session:
        enter(session, acme.tenant_id)
        with pytest.raises(NoTenant):
            enter(session, globex.tenant_id)


def test_a_reading_session_cannot_write(acme: World) -> None:
    with (
        pytest.raises(DBAPIError, match="read-only"),
        tenant_session(acme.tenant_id, read_only=True) as session,
    ):
        session.add(Account(name="Quiet", name_norm="quiet"))


def test_the_house_refuses_a_role_that_could_pass_the_wall(postgres: str, settings: Settings) -> None:
    as_superuser = f"{postgres.rsplit('/', 1)[0]}/{settings.database_url.rsplit('/', 1)[1]}"
    for url, reason in ((as_superuser, "superuser"), (settings.database_owner_url, "may create roles")):
        with (
            pytest.raises(WallIsDown, match=reason),
            create_engine(as_psycopg(url), poolclass=NullPool).connect() as other,
        ):
            insist_on_the_wall(other, door.seal)
    with psycopg.connect(as_superuser, autocommit=True) as connection:
        connection.execute("CREATE ROLE over_the_wall BYPASSRLS; GRANT over_the_wall TO goodword_app")
        with pytest.raises(WallIsDown, match="may become a role"), door.engine.connect() as serving:
            insist_on_the_wall(serving, door.seal)
        connection.execute("DROP ROLE over_the_wall")
    with pytest.raises(WallIsDown, match="WALL_KEY"), door.engine.connect() as connection:
        insist_on_the_wall(connection, Seal("another key, not the one of this database"))


def test_a_process_with_another_data_key_does_not_start(app: object, settings: Settings) -> None:
    """It would find nobody who is never to be written to again."""
    with pytest.raises(SystemExit, match="DATA_KEY is not the key"):
        insist(replace(settings, data_key="x" * 40))
    with pytest.raises(SystemExit, match="--new-data-key"):
        upgrade_database(replace(settings, data_key="x" * 40))
    insist(settings)
