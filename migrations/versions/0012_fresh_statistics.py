"""After a big import PostgreSQL is told at once how much there is now: the app's role may not ANALYZE itself."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("""
        CREATE FUNCTION wall.measure_customers() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $$
            BEGIN ANALYZE public.accounts, public.advocates, public.deals; END $$""")
    op.execute("REVOKE ALL ON FUNCTION wall.measure_customers() FROM PUBLIC")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP FUNCTION wall.measure_customers()")
