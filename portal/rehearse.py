"""`flask db rehearse`: the upgrade on a restored copy, with a proof that everything is still there."""

from collections.abc import Iterator
from dataclasses import replace

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import make_url

from portal import database_state
from portal.cli import owner_connection, upgrade_database
from portal.database_state import Comparison
from portal.settings import Settings
from portal.web.urls import reserved_slugs
from tenants.database import as_psycopg


@click.command()
@click.option("--copy", required=True, help="The owner's address of a database restored from a backup.")
@with_appcontext
def rehearse(copy: str) -> None:
    """Upgrade a restored copy and prove that nothing of it was lost. Ends with 1 on any difference."""
    settings: Settings = current_app.config["SETTINGS"]
    found = list(rehearse_upgrade(settings, copy, reserved_slugs(current_app)))
    width = max(len(line.name) for line in found)
    for line in found:
        mark = "" if line.same else "  DIFFERENT"
        click.echo(f"{line.name:{width}}  {line.before:>10}  {line.after:>10}{mark}")
    different = sum(not line.same for line in found)
    if different:
        click.echo(f"Differences: {different}. Do not upgrade yet.", err=True)
        raise SystemExit(1)
    click.echo("Nothing was lost.")


def rehearse_upgrade(settings: Settings, copy: str, reserved: frozenset[str]) -> Iterator[Comparison]:
    of_copy = _settings_of_copy(settings, copy)
    with owner_connection(of_copy) as connection:
        before = database_state.read_state(connection)
    upgrade_database(of_copy)
    with owner_connection(of_copy) as connection:
        yield from database_state.compare(before, database_state.read_state(connection))
        yield from database_state.problems(connection, reserved)


def _settings_of_copy(settings: Settings, copy: str) -> Settings:
    """The same roles and keys with the copy's server and name; the database that serves people is refused."""
    own, other = make_url(as_psycopg(settings.database_url)), make_url(as_psycopg(copy))
    app = own.set(host=other.host, port=other.port, database=other.database, query=other.query)
    url = app.render_as_string(hide_password=False)
    of_copy = replace(settings, database_owner_url=copy, database_url=url)
    with owner_connection(settings) as real, owner_connection(of_copy) as connection:
        if database_state.identity(real) == database_state.identity(connection):
            raise SystemExit(
                "--copy is the database in use. Restore a backup into another one and give its address."
            )
    return of_copy
