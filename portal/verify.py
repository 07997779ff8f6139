"""`flask verify`: does what guards the data still guard it? For after a restore, and for a nightly cron line."""

from collections.abc import Iterable, Iterator

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal.advocates import consent_queries, consent_verification
from portal.advocates.labels import describe_fault, describe_record_fault
from portal.advocates.record_consents import verification as record_verification
from portal.bootstrap import check_startup
from portal.schema import GLOBAL_TABLES
from tenants.database import database, system_session, tenant_session
from tenants.inspection.faults import wall_faults
from tenants.models import Tenant

WALL_IS_INTACT = "The wall between workspaces is intact: tables, policies, grants, functions and roles."
verify = AppGroup("verify", help="Check what guards the data. Ends with 1 where something is wrong.")


@verify.command()
def wall() -> None:
    """Read the catalog of the database: would anything let a workspace see another's rows?"""
    try:
        with database.engine.connect() as connection:
            faults = wall_faults(connection, current_app.config["SETTINGS"].app_role, GLOBAL_TABLES)
    except OperationalError as problem:
        raise SystemExit(f"Database: {problem.orig}".strip().splitlines()[0]) from None
    except ProgrammingError:
        raise SystemExit("Database: the wall is not there. Run `flask db upgrade` first.") from None
    _report(faults, WALL_IS_INTACT)


@verify.command()
@click.option("--workspace", default="", help="The first part of its addresses; without it, all workspaces.")
def consents(workspace: str) -> None:
    """Prove every person's consent record against its hash chain and its daily anchors."""
    check_startup(
        current_app.config["SETTINGS"]
    )  # with another key of the wall nobody would be seen, and all be well
    tenants = _selected_tenants(workspace)
    faults = (fault for tenant in tenants for fault in _consent_faults(tenant))
    _report(faults, f"All consent records are intact. Workspaces: {len(tenants)}.")


def _selected_tenants(slug: str) -> list[Tenant]:
    with system_session(read_only=True) as session:
        every = select(Tenant).order_by(Tenant.slug)
        tenants = list(session.scalars(every.where(Tenant.slug == slug) if slug else every))
    if slug and not tenants:
        raise click.ClickException(f"There is no workspace “{slug}”. `flask workspace list` names them all.")
    return tenants


def _consent_faults(tenant: Tenant) -> Iterator[str]:
    """In the records of purposes, then in those about single records."""
    with tenant_session(tenant.id, read_only=True) as session:
        for record in consent_queries.all_records(session):
            for fault in consent_verification.faults(record):
                yield f"{tenant.slug}, person {record.advocate_id}: {describe_fault(fault)}"
        for chain in record_verification.all_chains(session):
            holder = "contact" if chain.is_contact else "person"
            for fault in record_verification.faults(chain):
                yield f"{tenant.slug}, {holder} {chain.holder_id}: {describe_record_fault(fault)}"


def _report(faults: Iterable[str], all_is_well: str) -> None:
    """Each fault as it is found, then how many."""
    count = 0
    for sentence in faults:
        count += 1
        click.echo(sentence)
    if count:
        click.echo(f"Faults: {count}.", err=True)
        raise SystemExit(1)
    click.echo(all_is_well)
