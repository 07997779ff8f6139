"""The workspaces of `tests/bench/directory.py`: a large one among many, written anew or found in a kept server."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import func, select

from jobs.list_figures import count_lists
from portal.app import create_app
from portal.web.dispatch import Portal
from tenants.database import tenant_session
from tenants.models import Membership, Role
from tests.bench.bench_server import bench_server
from tests.bench.directory_details import write_details
from tests.bench.directory_people import write_people
from tests.world import World

LARGE = "Large"
KNOWN = "SELECT id FROM tenants WHERE name = %s"
DETAILS = "accounts, advocates, deals, account_tags, advocate_tags, custom_field_values, tags, custom_fields"


@dataclass(frozen=True)
class Size:
    people: int = 100_000  # in the large workspace
    others: int = 199  # other workspaces
    other_people: int = 900_000  # in all of them


@dataclass(frozen=True)
class Workspaces:
    superuser: str
    large: UUID
    reader: Membership


def workspaces(size: Size, kept: Path | None = None) -> Workspaces:
    superuser, settings = bench_server(kept)
    app = create_app(settings)
    with psycopg.connect(superuser, autocommit=True) as connection:
        found = connection.execute(KNOWN, (LARGE,)).fetchone()
        large = found[0] if found else _written(connection, app, size)
        for _ in range(2):  # the first may come too early to mark pages as seen by all
            connection.execute(f"VACUUM ANALYZE {DETAILS}".encode())
    count_lists(large)
    return Workspaces(superuser, large, _manager(large))


def _written(connection: psycopg.Connection, app: Portal, size: Size) -> UUID:
    """The large one gets its name last of all, so that a run that was broken off is not taken for a whole one."""
    for number in range(size.others):
        _fill(connection, World.build(app, "Other"), size.other_people // size.others, number)
    world = World.build(app, "Other")
    world.member(Role.MANAGER)
    _fill(connection, world, size.people, 7)
    connection.execute("UPDATE tenants SET name = %s WHERE id = %s", (LARGE, world.tenant_id))
    return world.tenant_id


def _fill(connection: psycopg.Connection, world: World, people: int, seed: int) -> None:
    write_people(connection, world.tenant_id, people, seed=seed)
    write_details(connection, world.tenant_id)


def _manager(tenant_id: UUID) -> Membership:
    with tenant_session(tenant_id, read_only=True) as session:
        managers = select(Membership).where(func.array_position(Membership.roles, Role.MANAGER.value) > 0)
        return session.scalars(managers.order_by(Membership.id).limit(1)).one()
