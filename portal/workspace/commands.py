"""`flask workspace`: create one with its first admin, list them all."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from portal.email_address import InvalidAddress, parse_address
from portal.errors import DomainError
from portal.workspace.provisioning import add_defaults, create_workspace, invite_admin, require_valid_slug
from tenants.database import read_clock, system_session, tenant_session
from tenants.models import Membership, Role, Tenant

workspace = AppGroup("workspace", help="Create and list workspaces.")


@workspace.command()
@click.option("--slug", required=True, help="Its first part of every address, e.g. ledgerworks.")
@click.option("--name", required=True, help="Its name on pages and emails, e.g. “Ledgerworks”.")
@click.option("--admin", required=True, help="The email address of its first admin.")
@click.option("--admin-name", default="", help="How the email greets them.")
def create(slug: str, name: str, admin: str, admin_name: str) -> None:
    """Create a workspace and invite its admin by email. Repeating it changes nothing."""
    try:
        address = parse_address(admin)
        require_valid_slug(slug, current_app.config["RESERVED_SLUGS"])
    except (DomainError, InvalidAddress) as refusal:
        raise click.ClickException(str(refusal)) from None
    read_clock()  # a demo may have jumped ahead, and an invitation of weeks ago would be too old
    with system_session() as session:
        made, is_new = create_workspace(session, slug, name)
    click.echo(f"The workspace “{made.name}” {'was created' if is_new else 'already exists'}: /{made.slug}/")
    with tenant_session(made.id) as session:
        add_defaults(session)
        person, is_written = invite_admin(session, address, admin_name)
    click.echo(_about(person, is_written))


@workspace.command("list")
def list_() -> None:
    """Every workspace: address, name, since when."""
    with system_session(read_only=True) as session:
        for each in session.scalars(select(Tenant).order_by(Tenant.slug)):
            click.echo(f"/{each.slug}/  {each.name}  since {each.created_at:%d %b %Y}")


def _about(person: Membership, is_written: bool) -> str:
    if is_written:
        return f"{person.email} was invited as admin; the email is on its way."
    status = "is already a member" if person.joined_at else "has already been invited"
    role = (
        "admin"
        if person.has_role(Role.ADMIN)
        else "not as an admin: an admin of the workspace can change that"
    )
    return f"{person.email} {status}, {role}. No email was sent."
