"""The wall, the global tables and the walled tables of the first slice."""

from alembic import op

from portal.schema import GLOBAL, metadata
from tenants.migrating import platform_function, raise_wall
from tenants.wall import PLATFORM

revision = "0001"
down_revision = None

READ_ACROSS = {"memberships", "envelopes", "letters", "asks", "meetings", "meeting_answers", "imports"}
FUNCTIONS = {
    "tenants_of_user(user_id uuid)": """
        SELECT m.tenant_id FROM public.memberships m
        WHERE m.user_id = $1 AND m.joined_at IS NOT NULL AND m.ended_at IS NULL ORDER BY m.created_at""",
    "tenants_inviting_user(user_id uuid)": """
        SELECT m.tenant_id FROM public.memberships m
        WHERE m.user_id = $1 AND m.joined_at IS NULL AND m.ended_at IS NULL ORDER BY m.created_at""",
    "staff_tenants_of_user(user_id uuid)": """
        SELECT m.tenant_id FROM public.memberships m
        WHERE m.user_id = $1 AND m.joined_at IS NOT NULL AND m.ended_at IS NULL AND m.roles <> '{advocate}'""",
    "tenants_with_due_envelopes(now timestamptz, queue text)": """
        SELECT DISTINCT e.tenant_id FROM public.envelopes e
        WHERE e.handled_at IS NULL AND e.parked_at IS NULL AND e.queue = $2 AND e.due_at <= $1""",
    "tenants_with_due_letters(now timestamptz, queue text)": """
        SELECT DISTINCT l.tenant_id FROM public.letters l
        WHERE l.queue = $2 AND l.due_at <= $1 AND (l.state IN ('queued', 'unknown')
            OR l.state = 'sending' AND l.lease_until < $1)""",
    "tenants_with_due_asks(today date)": """
        SELECT DISTINCT a.tenant_id FROM public.asks a WHERE a.state = 'sent' AND a.due_on < $1""",
    "tenants_with_due_meetings(now timestamptz)": """
        SELECT DISTINCT m.tenant_id FROM public.meetings m WHERE m.state = 'scheduled' AND m.starts_at <= $1""",
    "tenants_with_due_imports(now timestamptz)": """
        SELECT DISTINCT i.tenant_id FROM public.imports i
        WHERE i.state IN ('queued', 'staging', 'merging', 'undoing') AND i.created_at <= $1""",
}


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
    op.execute(f"GRANT CREATE, USAGE ON SCHEMA wall TO {PLATFORM}")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {PLATFORM}")
    metadata.create_all(op.get_bind())
    for table in sorted(metadata.tables):
        if table not in GLOBAL:
            raise_wall(table, platform_reads=table in READ_ACROSS)
    for signature, body in FUNCTIONS.items():
        platform_function(signature, "SETOF uuid", body)
    op.execute(f"REVOKE CREATE ON SCHEMA wall FROM {PLATFORM}")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.split('(')[0]}")
    metadata.drop_all(
        op.get_bind(), tables=[t for t in metadata.sorted_tables if t.name != "alembic_version"]
    )
    op.execute("DROP SCHEMA wall CASCADE")
