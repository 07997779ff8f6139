"""`flask db`: the schema, the roles, the key of the wall. Features add their own commands beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import ProgrammingError

from portal.name_search_indexes import ensure_name_search_indexes
from portal.secrets import fingerprint
from portal.settings import Settings
from tenants.database import as_psycopg
from tenants.database_roles import ensure_grants, ensure_roles, role_sql, write_data_key, write_wall_key

MIGRATIONS = Path(__file__).parents[1] / "migrations"
db = AppGroup("db", help="The schema, the roles and the key of the wall.")


@db.command()
@click.option("--to", default="head", help="The revision to end at.")
@click.option("--new-data-key", is_flag=True, help="DATA_KEY is lost: start anew with this one.")
def upgrade(to: str, new_data_key: bool) -> None:
    """Bring the database to the newest schema; creates or repairs roles, grants and the key of the wall."""
    upgrade_database(current_app.config["SETTINGS"], to, new_data_key=new_data_key)
    click.echo("The database is up to date.")


@db.command()
@click.argument("to")
def downgrade(to: str) -> None:
    """Take the schema back to a revision (base: to nothing). Loses what the newer tables hold."""
    with owner_connection(current_app.config["SETTINGS"]) as connection:
        command.downgrade(alembic_config(connection), to)


@db.command()
def check() -> None:
    """Say whether models and schema agree."""
    with owner_connection(current_app.config["SETTINGS"]) as connection:
        command.check(alembic_config(connection))


def upgrade_database(settings: Settings, to: str = "head", *, new_data_key: bool = False) -> None:
    with owner_connection(settings) as connection:
        _ensure_roles(connection, settings)
        command.upgrade(alembic_config(connection), to)
        if to == "head":
            ensure_name_search_indexes(connection)
        ensure_grants(connection, settings.database_url)
        write_wall_key(connection, settings.wall_keys)
        if to == "head":
            _check_data_key(connection, settings, new_data_key)


def _check_data_key(connection: Connection, settings: Settings, new: bool) -> None:
    if not write_data_key(connection, fingerprint(settings.data_key), replace=new):
        raise SystemExit(
            "DATA_KEY is not the key this database was set up with. Set the old one; if it is lost, "
            "`flask db upgrade --new-data-key` starts anew: addresses that are never written to are forgotten, and "
            "provider keys must be entered again."
        )


def alembic_config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextmanager
def owner_connection(settings: Settings) -> Iterator[Connection]:
    if not settings.database_owner_url:
        raise SystemExit(
            "Settings: DATABASE_OWNER_URL must be set for `flask db`. README.md says what it is for."
        )
    engine = create_engine(as_psycopg(settings.database_owner_url), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def _ensure_roles(connection: Connection, settings: Settings) -> None:
    try:
        with connection.begin_nested():
            ensure_roles(connection, settings.database_url)
    except ProgrammingError as refused:
        url = connection.engine.url
        lines = ";\n".join(role_sql(settings.app_role, url.database or "", url.username or ""))
        raise SystemExit(
            f"The owner may not create roles ({str(refused.orig).strip()}). "
            f"Let a superuser run this once:\n\n{lines};"
        ) from None


if (
    __name__ == "__main__"
):  # `flask db upgrade` without the rest of the application, which takes seconds to import
    upgrade_database(Settings.from_env())
