"""What every process opens before it begins, and what it insists on: web, workers and ticker alike."""

import logging
import sys

import structlog
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import links, programs, schema, secrets
from portal.declarations.registry import IncompleteDeclarations
from portal.gateways.queue import JobQueue
from portal.outreach.senders import default_sender
from portal.settings import Settings
from portal.web import session_cookie
from tenants.clock import offset
from tenants.database import connect, database, read_clock
from tenants.wall import WallIsDown, WrongDataKey, check_data_key, check_wall

__all__ = [
    "check_startup",
    "connect_services",
    "log_problems_only",
    "programs",
    "schema",
]  # the modules: every table, program and kind of email is known, whatever a process works on


def connect_services(settings: Settings) -> JobQueue:
    configure_logging()
    check_declarations()
    queues = JobQueue(settings.redis_url)
    connect(settings.database_url, settings.wall_key, wake=queues.wake)
    links.configure(settings.secret_key)
    session_cookie.configure(settings.secret_key)
    secrets.configure(settings.data_key)
    default_sender.configure(settings.mail_from)
    return queues


def check_declarations() -> None:
    try:
        programs.check_declarations()
    except IncompleteDeclarations as found:
        raise SystemExit(f"Declarations:\n{found}") from None


def configure_logging() -> None:
    """Set up logs. Tracebacks name lines, never values: `rich` would show keys and live links."""
    *before, _ = structlog.get_config()["processors"]
    lines = structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[*before, lines])


def log_problems_only() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def check_startup(settings: Settings) -> None:
    """Refuse to serve without the wall, or in production with a jumped clock."""
    try:
        with database.engine.connect() as connection:
            check_wall(connection, database.signer)
            check_data_key(connection, secrets.fingerprint(settings.data_key))
    except (OperationalError, ProgrammingError) as problem:
        raise SystemExit(f"Database: {problem.orig}".strip().splitlines()[0]) from None
    except WrongDataKey as reason:
        raise SystemExit(f"Settings: {reason}") from None
    except WallIsDown as reason:
        raise SystemExit(f"The wall between workspaces: {reason}") from None
    read_clock()
    if settings.is_production and offset():
        raise SystemExit(
            "Settings: the clock of this database was moved (clock_offset). Production must not use it."
        )
