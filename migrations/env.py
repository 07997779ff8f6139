"""How Alembic reaches the database: the owner's connection, handed in by `flask db`."""

from alembic import context
from sqlalchemy import Connection

from portal.name_search_indexes import PREFIX
from portal.schema import metadata


def is_compared(item: object, name: str | None, *_: object) -> bool:
    return not (name or "").startswith(PREFIX)


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=False,
        include_object=is_compared,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
