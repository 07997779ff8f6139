"""Lists of people and companies are read in the order of an index, whatever they are sorted by.

PostgreSQL computes one more column that sorts and is never empty, and for that writes the table of people anew once. A
tag or a field belongs to one workspace, which statistics tell the planner: else it takes both for rare by themselves.
The function that every policy asks keeps nobody from counting very many people with several processes: it reads a
setting of the session, which they share.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
INDEXES = {
    "ix_advocates_provenance": ("advocates", ["tenant_id", "provenance", "id"]),
    "ix_accounts_region": ("accounts", ["tenant_id", "region", "name_norm"]),
}
STATISTICS = {"advocate_tags": "tag_id", "account_tags": "tag_id", "custom_field_values": "field_id"}
COMPANY = ("ix_advocates_company", "advocates", ["tenant_id", "company_sort", "id"])


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    own_company = sa.Computed("lower(company)", persisted=True)
    op.add_column("advocates", sa.Column("company_sort", sa.Text(), own_company, nullable=False))
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.create_index(*COMPANY, postgresql_where=sa.text("account_id IS NULL"))
    for table, column in STATISTICS.items():
        op.execute(f"CREATE STATISTICS st_{table} (dependencies) ON tenant_id, {column} FROM {table}")
    op.execute("ALTER FUNCTION wall.tenant() PARALLEL SAFE")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("ALTER FUNCTION wall.tenant() PARALLEL UNSAFE")
    for table in STATISTICS:
        op.execute(f"DROP STATISTICS st_{table}")
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
    op.drop_index(COMPANY[0], COMPANY[1])
    op.drop_column("advocates", "company_sort")
