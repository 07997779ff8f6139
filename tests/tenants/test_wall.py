"""The database is the wall: read from pg_catalog, not from what we believe we wrote."""

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, func, insert, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from portal import verify
from portal.accounts.models import Account
from portal.bootstrap import check_startup
from portal.cli import upgrade_database
from portal.schema import GLOBAL_TABLES
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants.database import NoTenant, as_psycopg, database, enter_tenant, system_session, tenant_session
from tenants.wall import TenantSigner, WallIsDown, check_wall
from tests.world import World

SEVERAL_PROCESSES = (  # cost nothing, and nothing else is there
    *("parallel_setup_cost = 0", "parallel_tuple_cost = 0", "min_parallel_table_scan_size = 0"),
    *("enable_indexscan = off", "enable_indexonlyscan = off", "enable_bitmapscan = off"),
)


def test_the_global_tables_are_tables(superuser: psycopg.Connection) -> None:
    """Everything else is walled: tests/tenants/test_inspection.py."""
    tables = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {name for (name,) in tables} >= GLOBAL_TABLES


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
        gone = text("DELETE FROM accounts WHERE id = :id RETURNING id")
        assert session.execute(gone, {"id": theirs.id}).all() == []
        assert session.execute(text("UPDATE accounts SET name = 'Mine' RETURNING id")).all() == []
        assert session.execute(Account.__table__.select()).all() == []
    assert globex.reload(theirs).name == "Hooli"


def test_processes_that_count_together_count_one_workspace(acme: World, globex: World) -> None:
    own = {acme.account(name).id for name in ("Initech", "Globex", "Umbrella")}
    globex.account("Hooli")
    with acme.session() as session:
        for setting in SEVERAL_PROCESSES:
            session.execute(text(f"SET LOCAL {setting}"))
        plan = session.scalars(text("EXPLAIN SELECT id FROM accounts")).all()
        assert any("Gather" in line for line in plan), plan
        assert set(session.scalars(select(Account.id))) == own


def test_a_row_cannot_be_written_into_another_workspace(acme: World, globex: World) -> None:
    row = {"tenant_id": globex.tenant_id, "name": "Spy", "name_norm": "spy"}
    with pytest.raises(DBAPIError, match="row-level security"), acme.session() as session:
        session.execute(insert(Account).values(**row))
    with pytest.raises(NoTenant), system_session() as session:
        session.add(Account(name="Nobody's", name_norm="nobody's"))


def test_a_setting_without_our_signature_opens_nothing(acme: World) -> None:
    acme.account()
    forged = TenantSigner("x" * 40).signed_setting(acme.tenant_id)
    for setting in (forged, str(acme.tenant_id), f"{acme.tenant_id}.", ".", "x"):
        with system_session() as session:
            session.execute(text("SELECT set_config('app.tenant', :setting, true)"), {"setting": setting})
            assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_session_enters_one_workspace_and_never_another(acme: World, globex: World) -> None:
    with system_session() as session:
        enter_tenant(session, acme.tenant_id)
        with pytest.raises(NoTenant):
            enter_tenant(session, globex.tenant_id)


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
            check_wall(other, database.signer)
    with psycopg.connect(as_superuser, autocommit=True) as connection:
        connection.execute("CREATE ROLE over_the_wall BYPASSRLS; GRANT over_the_wall TO goodword_app")
        with pytest.raises(WallIsDown, match="may become a role"), database.engine.connect() as serving:
            check_wall(serving, database.signer)
        connection.execute("DROP ROLE over_the_wall")
    with pytest.raises(WallIsDown, match="WALL_KEY"), database.engine.connect() as connection:
        check_wall(connection, TenantSigner("another key, not the one of this database"))


def test_an_operator_verifies_the_wall(app: Portal, superuser: psycopg.Connection) -> None:
    def verified() -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["verify", "wall"])
        return done.exit_code, done.output

    assert verified() == (0, f"{verify.WALL_IS_INTACT}\n")
    superuser.execute("GRANT TRUNCATE ON accounts TO goodword_app")
    superuser.commit()
    told = verified()
    superuser.execute("REVOKE TRUNCATE ON accounts FROM goodword_app")
    superuser.commit()
    assert told == (1, "goodword_app may TRUNCATE public.accounts.\nFaults: 1.\n")


def test_a_process_with_another_data_key_does_not_start(app: object, settings: Settings) -> None:
    """It would find nobody who is never to be written to again."""
    with pytest.raises(SystemExit, match="DATA_KEY is not the key"):
        check_startup(replace(settings, data_key="x" * 40))
    with pytest.raises(SystemExit, match="--new-data-key"):
        upgrade_database(replace(settings, data_key="x" * 40))
    check_startup(settings)
