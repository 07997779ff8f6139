"""Everything production gets by settings, made under one folder: servers, roles, keys."""

import atexit
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from portal.demo.build_progress import write_once
from portal.demo.processes import Reporter
from portal.demo.servers import THROWAWAY_OPTIONS, Server, report_nothing, start_postgres, start_valkey

OWNER, APP, DATABASE = "goodword_owner", "goodword_app", "goodword"


class Embedded(NamedTuple):
    """Two running servers and the settings that lead to them."""

    postgres: Server
    valkey: Server
    settings: Mapping[str, str]


def start(instance: Path, *, fresh: bool = False, say: Reporter = report_nothing) -> Embedded:
    logs, vault = instance / "logs", instance / "secrets"
    logs.mkdir(parents=True, exist_ok=True)
    password, log = secret(vault, "postgres"), logs / "postgres.log"
    postgres = start_postgres(instance / "pg", password=password, log=log, say=say)
    try:
        log = logs / "valkey.log"
        valkey = start_valkey(instance / "valkey", password=secret(vault, "valkey"), log=log, say=say)
        if fresh:
            drop_database(postgres.url)
        return Embedded(postgres, valkey, _settings(postgres.url, valkey.url, vault))
    except BaseException:  # nobody else knows of it yet
        postgres.child.stop()
        raise


def _settings(superuser_url: str, redis_url: str, vault: Path) -> dict[str, str]:
    owner, app = secret(vault, "owner"), secret(vault, "app")
    make_roles(superuser_url, {OWNER: owner, APP: app})
    make_database(superuser_url)
    return {
        "DATABASE_URL": url_for_role(superuser_url, APP, app),
        "DATABASE_OWNER_URL": url_for_role(superuser_url, OWNER, owner),
        "REDIS_URL": redis_url,
        "WALL_KEY": secret(vault, "wall-key"),
        "SECRET_KEY": secret(vault, "secret-key"),
        "DATA_KEY": secret(vault, "data-key"),
        "MAIL_URL": "mailbox:",
    }


def secret(vault: Path, name: str) -> str:
    vault.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = vault / name
    if not path.exists():
        write_once(path, secrets.token_hex(32))
    return path.read_text()


def keep_settings(path: Path, settings: Mapping[str, str]) -> None:
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()))


def make_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        _make_role(connection, OWNER, passwords[OWNER], "CREATEROLE")
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        _make_role(connection, APP, passwords[APP], "NOCREATEROLE")


def _make_role(connection: psycopg.Connection, role: str, password: str, power: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    statement = "ALTER ROLE {} PASSWORD {}" if known else f"CREATE ROLE {{}} LOGIN {power} PASSWORD {{}}"
    connection.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)))


def make_database(superuser_url: str, name: str = DATABASE) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        words = {"name": sql.Identifier(name), "owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**words))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**words))
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}").format(**words))


def drop_database(superuser_url: str, name: str = DATABASE) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(statement)


def url_for_role(superuser_url: str, role: str, password: str, database: str = DATABASE) -> str:
    parts = urlsplit(superuser_url)
    return urlunsplit(
        parts._replace(netloc=f"{role}:{password}@{parts.hostname}:{parts.port}", path=f"/{database}")
    )


def throwaway_postgres(directory: Path) -> str:
    """Start a server for tests, fast and careless; it ends with the caller. Return its superuser's URL."""
    server = start_postgres(
        directory / "pg",
        password=secrets.token_hex(8),
        log=directory / "postgres.log",
        options=THROWAWAY_OPTIONS,
    )
    atexit.register(server.child.stop)
    return server.url


def throwaway_valkey(directory: Path) -> str:
    server = start_valkey(directory / "valkey", password=secrets.token_hex(8), log=directory / "valkey.log")
    atexit.register(server.child.stop)
    return server.url
