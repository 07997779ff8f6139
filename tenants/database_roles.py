"""Roles and grants: made or repaired by `flask db upgrade`, printed as SQL where it may not."""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from tenants.wall import PLATFORM_ROLE, TenantSigner

# Ledgers: lines are added, and the app's role can neither change nor remove one. Erasure has functions of its own
# (wall.erase_…), which the platform role owns.
APPEND_ONLY = (
    *("consent_anchors", "consent_entries", "consent_texts", "history", "request_messages"),
    *("record_consent_anchors", "record_consent_texts", "record_consents"),
)
# Removed only together with a template that no email was made from.
INSERT_ONLY = ("email_template_versions",)
# They end, are told apart from machines, or are lifted; and they stay.
NEVER_DELETED = ("asks", "consent_requests", "delivery_events", "suppressions")
_REVOKED = {
    **dict.fromkeys(APPEND_ONLY, frozenset({"UPDATE", "DELETE"})),
    **dict.fromkeys(INSERT_ONLY, frozenset({"UPDATE"})),
    **dict.fromkeys(NEVER_DELETED, frozenset({"DELETE"})),
    "alembic_version": frozenset({"INSERT", "UPDATE", "DELETE"}),
}


def role_sql(app_role: str, database: str, owner: str) -> list[str]:
    return [
        f"CREATE ROLE {PLATFORM_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE",
        f"CREATE ROLE \"{app_role}\" LOGIN PASSWORD '…' NOSUPERUSER NOBYPASSRLS NOCREATEROLE",
        f'GRANT {PLATFORM_ROLE} TO "{owner}"',
        f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO "{app_role}"',
    ]


def ensure_roles(connection: Connection, app_url: str) -> None:
    url = make_url(app_url)
    for name, login in ((PLATFORM_ROLE, None), (url.username or "", url.password or "")):
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}):
            _create(connection, name, login)
    if not connection.scalar(
        text("SELECT pg_has_role(current_user, :role, 'USAGE')"), {"role": PLATFORM_ROLE}
    ):
        connection.execute(text(f"GRANT {PLATFORM_ROLE} TO CURRENT_USER"))


def _create(connection: Connection, name: str, password: str | None) -> None:
    login = "NOLOGIN" if password is None else f"LOGIN PASSWORD {_literal(connection, password)}"
    connection.execute(
        text(f"CREATE ROLE {_quoted(connection, name)} {login} NOSUPERUSER NOCREATEROLE NOBYPASSRLS")
    )


def app_privileges(table: str) -> frozenset[str]:
    return frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"}) - _REVOKED.get(table, frozenset())


def ensure_grants(connection: Connection, app_url: str) -> None:
    """Grant the app role reading and writing rows, adding to ledgers, and the wall's functions.

    In one transaction: nobody sees the moment between what is revoked and what is granted.
    """
    app = _quoted(connection, make_url(app_url).username or "")
    database = _quoted(connection, connection.scalar(text("SELECT current_database()")) or "")
    for statement in (
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public, wall TO {app}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}, PUBLIC",
        *_grants_on_tables(connection, app),
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wall FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA wall TO {app}, {PLATFORM_ROLE}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA wall FROM {app}, {PLATFORM_ROLE}, PUBLIC",
    ):
        connection.execute(text(statement))


def _grants_on_tables(connection: Connection, app: str) -> Iterator[str]:
    tables = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )
    for table in connection.scalars(text(tables)).all():
        rights = ", ".join(sorted(app_privileges(table)))
        yield f"GRANT {rights} ON public.{_quoted(connection, table)} TO {app}"


def write_wall_key(connection: Connection, keys: list[str]) -> None:
    connection.execute(text("DELETE FROM wall.key"))
    for outer, inner in (TenantSigner(key).padded_keys() for key in keys):
        connection.execute(
            text("INSERT INTO wall.key VALUES (:outer, :inner)"), {"outer": outer, "inner": inner}
        )


def write_data_key(connection: Connection, fingerprint: str, *, replace: bool = False) -> bool:
    """Remember which DATA_KEY this database was set up with; False when it has another that may not be replaced."""
    if replace:
        connection.execute(text("DELETE FROM wall.data_key"))
    known = connection.scalar(text("SELECT fingerprint FROM wall.data_key"))
    if known is None:
        connection.execute(text("INSERT INTO wall.data_key VALUES (:it)"), {"it": fingerprint})
    return known in {None, fingerprint}


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _literal(connection: Connection, value: str) -> str:
    return str(connection.scalar(text("SELECT quote_literal(:value)"), {"value": value})).replace(":", "\\:")
