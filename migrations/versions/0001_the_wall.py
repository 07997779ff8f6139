"""The wall: its key, the function every policy asks, the role that looks across."""

from alembic import op

from tenants.wall import PLATFORM_ROLE

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("CREATE SCHEMA wall")
    op.execute("CREATE TABLE wall.key (outer_key bytea NOT NULL, inner_key bytea NOT NULL)")
    op.execute("REVOKE ALL ON wall.key FROM PUBLIC")
    op.execute("""
        CREATE FUNCTION wall.tenant() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $$
            SELECT split_part(given.s, '.', 1)::uuid
            FROM (SELECT nullif(current_setting('app.tenant', true), '') AS s) given, wall.key
            WHERE given.s IS NOT NULL AND split_part(given.s, '.', 2) = encode(sha256(outer_key || sha256(
                inner_key || convert_to(split_part(given.s, '.', 1), 'UTF8'))), 'hex') $$""")
    op.execute(f"GRANT USAGE ON SCHEMA wall TO {PLATFORM_ROLE}")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {PLATFORM_ROLE}")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP SCHEMA wall CASCADE")
