"""All questions about the wall, asked at once. A sound database answers none of them."""

from collections.abc import Callable, Collection, Iterator

from sqlalchemy import Connection

from tenants.inspection import functions, grants, privileges, relations, role_memberships, tables
from tenants.inspection.catalog import ExpectedNames, known_names

CHECKS: tuple[Callable[[Connection, ExpectedNames], Iterator[str]], ...] = (
    tables.faults,
    relations.faults,
    functions.faults,
    grants.faults,
    privileges.faults,
    role_memberships.faults,
)


def wall_faults(connection: Connection, app_role: str, global_tables: Collection[str]) -> list[str]:
    """Return one sentence for each thing that would let a workspace see or change another's rows.

    Any role may ask: the app's, the owner's or a superuser's. `global_tables` belong to no workspace.
    """
    names = known_names(connection, app_role, global_tables)
    return [fault for question in CHECKS for fault in question(connection, names)]
