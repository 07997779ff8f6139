"""What every process opens before it begins, and what it insists on: web, workers and ticker alike."""

import sys

import structlog
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import links, schema, secrets
from portal.gateways.bell import Bell
from portal.outreach import sender
from portal.settings import Settings
from portal.web import session_cookie
from tenants.clock import offset
from tenants.database import connect, door, read_clock
from tenants.wall import OtherDataKey, WallIsDown, insist_on_the_data_key, insist_on_the_wall

__all__ = ["insist", "open_doors", "schema"]  # the schema: every table is known, whatever a process works on


def open_doors(settings: Settings) -> Bell:
    """Database, bell and link key of this process: the same for web, workers and ticker."""
    keep_secrets_out_of_logs()
    bell = Bell(settings.redis_url)
    connect(settings.database_url, settings.wall_key, ring=bell.ring)
    links.configure(settings.secret_key)
    session_cookie.configure(settings.secret_key)
    secrets.configure(settings.data_key)
    sender.configure(settings.mail_from)
    return bell


def keep_secrets_out_of_logs() -> None:
    """Tracebacks name lines, never values: where `rich` is installed they would show keys and live links."""
    *before, _ = structlog.get_config()["processors"]
    lines = structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[*before, lines])


def insist(settings: Settings) -> None:
    """Before serving: the wall stands with this role and key, and production has no jumped clock."""
    try:
        with door.engine.connect() as connection:
            insist_on_the_wall(connection, door.seal)
            insist_on_the_data_key(connection, secrets.fingerprint(settings.data_key))
    except (OperationalError, ProgrammingError) as problem:
        raise SystemExit(f"Database: {problem.orig}".strip().splitlines()[0]) from None
    except OtherDataKey as reason:
        raise SystemExit(f"Settings: {reason}") from None
    except WallIsDown as reason:
        raise SystemExit(f"The wall between workspaces: {reason}") from None
    read_clock()
    if settings.is_production and offset():
        raise SystemExit(
            "Settings: the clock of this database was moved (clock_offset). Production must not use it."
        )
