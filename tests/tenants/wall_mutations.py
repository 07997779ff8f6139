"""Ways to spoil the wall: what somebody does to the database, and what must be said of it."""

APP, OWNER, PLATFORM = "goodword_app", "goodword_owner", "goodword_platform"
SEEN = "tenant_id = (SELECT wall.tenant())"
SAFE = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
CLOSED = f"REVOKE ALL ON FUNCTION wall.f FROM PUBLIC; ALTER FUNCTION wall.f OWNER TO {PLATFORM}"


def policy(rest: str, name: str = "one_tenant", table: str = "accounts") -> str:
    return f"DROP POLICY IF EXISTS {name} ON {table}; CREATE POLICY {name} ON {table} {rest}"


def function(signature: str, body: str = "SELECT tenant_id FROM public.emails", *, by: str = SAFE) -> str:
    """A function that is right but for what the caller makes wrong."""
    return (
        f"GRANT CREATE ON SCHEMA wall TO {PLATFORM}; "
        f"CREATE FUNCTION wall.{signature} LANGUAGE sql STABLE {by} AS $${body}$$; {CLOSED}; "
        f"REVOKE CREATE ON SCHEMA wall FROM {PLATFORM}"
    )


def tenant(body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION wall.tenant() RETURNS uuid LANGUAGE sql STABLE {SAFE} AS $${body}$$"


IN_SCRATCH = "CREATE SCHEMA scratch; "
UNSIGNED = "SELECT split_part(current_setting('app.tenant', true), '.', 1)::uuid"
TWO_HALVES = f"SELECT coalesce(({UNSIGNED} WHERE length(current_setting('app.tenant', true)) > 80), NULL)"
ROWS = "uuid) RETURNS"
MUTANTS = {
    # policies
    "policy for SELECT only": (policy(f"FOR SELECT USING ({SEEN})"), "is not for all commands, only for r"),
    "policy to one role": (policy(f"TO {APP} USING ({SEEN})"), f"is not for every role, only for ['{APP}']"),
    "policy that shows all": (policy("USING (true)"), "shows true instead of the rows of wall.tenant()"),
    "policy that shows a little more": (policy(f"USING ({SEEN} OR name = '')"), "on public.accounts shows"),
    "policy of a plain setting": (
        policy("USING (tenant_id = current_setting('app.tenant')::uuid)"),
        "on public.accounts shows (tenant_id = (current_setting",
    ),
    "policy that writes anywhere": (policy(f"USING ({SEEN}) WITH CHECK (true)"), "checks new rows by true"),
    "restrictive policy": (policy(f"AS RESTRICTIVE USING ({SEEN})"), "is restrictive"),
    "second policy": (policy("USING (true)", "more"), "The policy more on public.accounts is not one of"),
    "second policy for INSERT": (policy("FOR INSERT WITH CHECK (true)", "more"), "The policy more on"),
    "platform may write": (
        policy(f"TO {PLATFORM} USING (true)", "platform_reads", "emails"),
        "The policy platform_reads on public.emails is for more than SELECT",
    ),
    "platform reads is everybody's": (
        policy("FOR SELECT USING (true)", "platform_reads", "emails"),
        "is for ['PUBLIC'], not for the platform role alone",
    ),
    "no policy": ("DROP POLICY one_tenant ON history", "public.history has no policy one_tenant"),
    # tables
    "not forced": ("ALTER TABLE deals NO FORCE ROW LEVEL SECURITY", "public.deals is not forced"),
    "switched off": (
        "ALTER TABLE deals DISABLE ROW LEVEL SECURITY",
        "Row-level security of public.deals is off",
    ),
    "table without a wall": ("CREATE TABLE t (id int)", "Row-level security of public.t is off"),
    "table in another schema": (IN_SCRATCH + "CREATE TABLE scratch.t (id int)", "of scratch.t is off"),
    "table named like a global one": (
        IN_SCRATCH + "CREATE TABLE scratch.users AS SELECT * FROM memberships",
        "Row-level security of scratch.users is off",
    ),
    "copy in the wall's own schema": ("CREATE TABLE wall.t AS SELECT * FROM deals", "of wall.t is off"),
    "child": ("CREATE TABLE t () INHERITS (accounts)", "Row-level security of public.t is off"),
    "partition": (
        "CREATE TABLE t (tenant_id uuid) PARTITION BY LIST (tenant_id); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
        "CREATE TABLE t1 PARTITION OF t DEFAULT",
        "Row-level security of public.t1 is off",
    ),
    "table of the app's": (f"ALTER TABLE deals OWNER TO {APP}", f"public.deals belongs to {APP}"),
    # keys
    "key by id first": (
        "CREATE TABLE t (tenant_id uuid, id uuid, PRIMARY KEY (id, tenant_id))",
        "The primary key of public.t does not begin with tenant_id",
    ),
    "unique over all": (
        "CREATE UNIQUE INDEX over_all ON deals (id)",
        "over_all on public.deals compares rows of all",
    ),
    "exclusion over all": (
        "ALTER TABLE deals ADD CONSTRAINT over_all EXCLUDE USING btree (id WITH =)",
        "over_all on public.deals compares rows of all",
    ),
    "foreign key without the tenant": (
        "ALTER TABLE accounts ADD UNIQUE (id); ALTER TABLE advocates ADD CONSTRAINT out FOREIGN KEY (account_id) "
        "REFERENCES accounts (id)",
        "The foreign key out of public.advocates does not carry tenant_id",
    ),
    "foreign key that crosses its columns": (
        "ALTER TABLE accounts ADD UNIQUE (id, tenant_id); ALTER TABLE advocates ADD CONSTRAINT out "
        "FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (id, tenant_id) NOT VALID",
        "The foreign key out of public.advocates does not carry tenant_id",
    ),
    # grants
    "TRUNCATE": (f"GRANT TRUNCATE ON accounts TO {APP}", f"{APP} may TRUNCATE public.accounts"),
    "TRIGGER": (f"GRANT TRIGGER ON accounts TO {APP}", f"{APP} may TRIGGER public.accounts"),
    "REFERENCES": (f"GRANT REFERENCES ON accounts TO {APP}", f"{APP} may REFERENCES public.accounts"),
    "PUBLIC": ("GRANT SELECT ON accounts TO PUBLIC", "PUBLIC may SELECT public.accounts"),
    "another role": (
        "CREATE ROLE other; GRANT SELECT ON accounts TO other",
        "other may SELECT public.accounts",
    ),
    "platform deletes": (f"GRANT DELETE ON emails TO {PLATFORM}", f"{PLATFORM} may DELETE public.emails"),
    "platform changes consents": (
        f"GRANT UPDATE (granted) ON consent_entries TO {PLATFORM}",
        f"{PLATFORM} may UPDATE public.consent_entries (granted)",
    ),
    "a column to everybody": (
        "GRANT SELECT (email) ON advocates TO PUBLIC",
        "PUBLIC may SELECT public.advocates (email)",
    ),
    "a ledger's lines change": (f"GRANT UPDATE ON history TO {APP}", f"{APP} may UPDATE public.history"),
    "one column of a ledger": (
        f"GRANT UPDATE (granted) ON consent_entries TO {APP}",
        f"{APP} may UPDATE public.consent_entries (granted)",
    ),
    "a ledger's lines go": (
        f"GRANT DELETE ON consent_entries TO {APP}",
        f"{APP} may DELETE public.consent_entries",
    ),
    "passed on": (
        f"GRANT SELECT ON deals TO {APP} WITH GRANT OPTION",
        f"{APP} may pass on the right to SELECT",
    ),
    "the key of the wall": (f"GRANT SELECT ON wall.key TO {APP}", f"{APP} may SELECT wall.key"),
    "sequence": ("CREATE SEQUENCE s; GRANT USAGE ON s TO PUBLIC", "PUBLIC may USAGE public.s"),
    "future tables": (
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT ALL ON TABLES TO {APP}",
        f"{APP} may TRUNCATE whatever {OWNER} makes in future",
    ),
    "future functions": (
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA wall GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        f"PUBLIC may EXECUTE whatever {OWNER} makes in future",
    ),
    "making tables": (f"GRANT CREATE ON SCHEMA public TO {APP}", f"{APP} may CREATE the schema public"),
    "the wall's schema to everybody": (
        "GRANT USAGE ON SCHEMA wall TO PUBLIC",
        "PUBLIC may USAGE the schema wall",
    ),
    "another schema": (
        IN_SCRATCH + "GRANT USAGE ON SCHEMA scratch TO PUBLIC",
        "PUBLIC may USAGE the schema scratch",
    ),
    "making schemas": (f"GRANT CREATE ON DATABASE goodword TO {APP}", f"{APP} may CREATE the database"),
    "everybody connects": ("GRANT CONNECT ON DATABASE goodword TO PUBLIC", "PUBLIC may CONNECT the database"),
    "without triggers": (
        f"GRANT SET ON PARAMETER session_replication_role TO {APP}",
        f"{APP} may SET the server's parameter session_replication_role",
    ),
    # what shows or copies
    "view": (IN_SCRATCH + "CREATE VIEW scratch.v AS SELECT * FROM accounts", "scratch.v is a view without"),
    "view that forgot it": (
        "CREATE VIEW v WITH (security_invoker = false) AS SELECT * FROM accounts",
        "public.v is a view without security_invoker",
    ),
    "materialized view": (
        IN_SCRATCH + "CREATE MATERIALIZED VIEW scratch.m AS SELECT * FROM accounts",
        "scratch.m is a materialized view",
    ),
    "foreign table": (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; "
        "CREATE FOREIGN TABLE t (id int) SERVER s",
        "public.t is a foreign table",
    ),
    "rule": (
        IN_SCRATCH + "CREATE TABLE scratch.t (id uuid); CREATE RULE copies AS ON INSERT TO accounts DO ALSO "
        "INSERT INTO scratch.t VALUES (NEW.id)",
        "The rule copies acts on public.accounts",
    ),
    "trigger": (
        "CREATE TRIGGER copies AFTER UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()",
        "The trigger copies acts on public.accounts",
    ),
    # functions
    "function of the owner's": (
        function("f(id uuid) RETURNS uuid") + f"; ALTER FUNCTION wall.f OWNER TO {OWNER}",
        f"wall.f() belongs to {OWNER}",
    ),
    "function of a superuser's": (
        function("f(id uuid) RETURNS uuid") + "; ALTER FUNCTION wall.f OWNER TO CURRENT_USER",
        "wall.f() belongs to postgres",
    ),
    "function that returns rows": (
        function(f"f(id {ROWS} SETOF public.emails", "SELECT * FROM public.emails"),
        "returns SETOF emails",
    ),
    "function that returns text": (
        function(f"f(id {ROWS} text", "SELECT recipient FROM public.emails"),
        "returns text",
    ),
    "function that returns a record": (
        function("f(id uuid, OUT a uuid, OUT b text) RETURNS record", "SELECT $1, ''"),
        "returns record",
    ),
    "function that returns a table": (
        function(f"f(id {ROWS} TABLE (a text)", "SELECT ''"),
        "returns TABLE(a text)",
    ),
    "function that takes a text": (function("f(word text) RETURNS uuid"), "wall.f() takes ['text']"),
    "function that takes many": (
        function("f(VARIADIC ids uuid[]) RETURNS uuid"),
        "wall.f() takes ['uuid[]']",
    ),
    "another tenant()": (
        function("tenant(id uuid) RETURNS uuid").replace("wall.f ", "wall.tenant(uuid) "),
        "wall.tenant() takes ['uuid']",
    ),
    "function without a path": (
        function("f(id uuid) RETURNS uuid", by="SECURITY DEFINER"),
        "wall.f() does not say SET search_path",
    ),
    "function with a wide path": (
        function("f(id uuid) RETURNS uuid", by="SECURITY DEFINER SET search_path = public, pg_catalog"),
        "wall.f() does not say SET search_path",
    ),
    "function of the caller's": (
        function("f(id uuid) RETURNS uuid", by=SAFE.replace("DEFINER", "INVOKER")),
        "wall.f() runs as whoever calls it",
    ),
    "function that writes": (
        function("f(id uuid) RETURNS uuid").replace("STABLE", "VOLATILE"),
        "wall.f() may change rows",
    ),
    "function of commands": (
        "CREATE FUNCTION wall.f(id uuid) RETURNS uuid LANGUAGE plpgsql STABLE "
        + SAFE
        + " AS $$BEGIN RETURN id; END$$",
        "wall.f() is written in plpgsql",
    ),
    "function that sees first": (
        function("f(id uuid) RETURNS uuid") + "; ALTER FUNCTION wall.f LEAKPROOF",
        "wall.f() is marked leakproof",
    ),
    "function for everybody": (
        "GRANT EXECUTE ON FUNCTION wall.tenants_with_due_keys TO PUBLIC",
        "may be called by everybody",
    ),
    "function elsewhere": (
        IN_SCRATCH + "CREATE FUNCTION scratch.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "scratch.f() is no function of the wall",
    ),
    "procedure": ("CREATE PROCEDURE wall.p() LANGUAGE sql AS 'SELECT 1'", "wall.p() is not a plain function"),
    # the one that names the workspace
    "tenant() without a signature": (tenant(UNSIGNED), "wall.tenant() believes a setting that nobody signed"),
    "tenant() that looks at the length": (
        tenant(TWO_HALVES),
        "wall.tenant() believes a setting that nobody signed",
    ),
    "tenant() by other words": (
        tenant("SELECT NULL::uuid"),
        "wall.tenant() is not the function that checks the signature",
    ),
    "tenant() of the app's": (
        f"GRANT CREATE ON SCHEMA wall TO {APP}; ALTER FUNCTION wall.tenant() OWNER TO {APP}",
        f"wall.tenant() belongs to {APP}",
    ),
    "tenant() without a path": (
        "ALTER FUNCTION wall.tenant() RESET ALL",
        "wall.tenant() does not say SET search_path",
    ),
    # roles
    "app bypasses": (f"ALTER ROLE {APP} BYPASSRLS", f"The role {APP} may bypass row-level security"),
    "app is a superuser": (f"ALTER ROLE {APP} SUPERUSER", f"The role {APP} is a superuser"),
    "app replicates": (f"ALTER ROLE {APP} REPLICATION", f"The role {APP} may replicate"),
    "app makes roles": (f"ALTER ROLE {APP} CREATEROLE", f"The role {APP} may create roles"),
    "app is the platform": (f"GRANT {PLATFORM} TO {APP}", f"The role {APP} may act as {PLATFORM}"),
    "app reads files": (
        f"GRANT pg_read_server_files TO {APP}",
        f"The role {APP} may act as pg_read_server_files",
    ),
    "app is a role above all": (
        f"CREATE ROLE above BYPASSRLS; GRANT above TO {APP}",
        f"The role {APP} may act as above",
    ),
    "platform bypasses": (f"ALTER ROLE {PLATFORM} BYPASSRLS", f"The role {PLATFORM} may bypass"),
    "platform logs in": (f"ALTER ROLE {PLATFORM} LOGIN", f"The role {PLATFORM} may log in"),
    "platform is more": (
        f"GRANT pg_read_all_data TO {PLATFORM}",
        f"The role {PLATFORM} may act as pg_read_all_data",
    ),
    "owner bypasses": (f"ALTER ROLE {OWNER} BYPASSRLS", f"The role {OWNER} may bypass"),
    "somebody is the owner": (
        f"CREATE ROLE other; GRANT {OWNER} TO other",
        f"The role other may act as {OWNER}",
    ),
}
