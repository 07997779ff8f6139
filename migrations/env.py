"""How Alembic reaches the database: the owner's connection, handed in by `flask db`."""

from alembic import context
from sqlalchemy import Connection

from portal.schema import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
