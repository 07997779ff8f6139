"""Sessions: one session is one tenant is one unit of work. Nothing else commits."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import chain
from uuid import UUID

import structlog
from psycopg import errors as postgres
from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tenants import clock
from tenants.base import TenantOwned
from tenants.models import ClockOffset, Tenant
from tenants.wall import TenantSigner

log = structlog.get_logger()


WITHOUT_SYNC = {"synchronize_session": False}  # for changes of rows that are not read again in this session
CONNECTION_OPTIONS = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 10}  # s, ms, s


class NoTenant(RuntimeError):
    """A walled row was written by a session that belongs to nobody: a mistake of ours, never of a visitor."""


def is_lock_conflict(problem: BaseException) -> bool:
    """Tell whether another transaction won a lock or a row; the same attempt may succeed later."""
    return isinstance(problem, DBAPIError) and isinstance(problem.orig, LOCK_CONFLICTS)


LOCK_CONFLICTS = (postgres.SerializationFailure, postgres.DeadlockDetected, postgres.LockNotAvailable)


class Database:
    """How this process reaches the database; set once at the start by `connect`."""

    engine: Engine
    signer: TenantSigner
    wake: Callable[[str], object]


database = Database()


def connect(
    database_url: str, wall_key: str, *, wake: Callable[[str], object] = lambda queue: None
) -> Engine:
    """Open the database for this process. `wake` wakes a queue's workers after a commit; it may fail quietly."""
    database.engine = create_engine(
        as_psycopg(database_url),
        pool_size=5,
        max_overflow=5,
        pool_pre_ping=True,
        connect_args=CONNECTION_OPTIONS,
    )
    database.signer = TenantSigner(wall_key)
    database.wake = wake
    return database.engine


def as_psycopg(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in {"postgres", "postgresql"} else url


@dataclass(frozen=True)
class TransactionLimits:
    """How long one statement may take, waiting for locks included, and how long a transaction may lie idle."""

    statement: timedelta
    idle: timedelta

    def settings(self) -> dict[str, str]:
        return {
            "statement_timeout": _milliseconds(self.statement),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle),
        }


def _milliseconds(time: timedelta) -> str:
    return str(time // timedelta(milliseconds=1))


@contextmanager
def tenant_session(
    tenant_id: UUID, *, read_only: bool = False, limits: TransactionLimits | None = None
) -> Iterator[Session]:
    """Open one unit of work for one tenant: all of it is committed, or nothing."""
    with _unit_of_work({"tenant_id": tenant_id, "limits": limits}, read_only) as session:
        yield session


@contextmanager
def system_session(*, read_only: bool = False, limits: TransactionLimits | None = None) -> Iterator[Session]:
    """Open one unit of work on the global tables; walled ones stay empty to it until it enters a tenant."""
    with _unit_of_work({"limits": limits}, read_only) as session:
        yield session


def bound_lock_waits(session: Session, most: timedelta) -> None:
    """For this transaction: whoever waits longer for one lock loses (`is_lock_conflict`)."""
    session.execute(select(func.set_config("lock_timeout", f"{_milliseconds(most)}ms", True)))


def is_statement_timeout(problem: BaseException) -> bool:
    return isinstance(problem, DBAPIError) and isinstance(problem.orig, postgres.QueryCanceled)


def enter_tenant(session: Session, tenant_id: UUID) -> None:
    """Let a system session work for one tenant until it ends; there is no way back."""
    if session.info.get("tenant_id", tenant_id) != tenant_id:
        raise NoTenant("This session already belongs to another workspace.")
    session.info["tenant_id"] = tenant_id
    session.execute(_SET_TENANT, {"setting": database.signer.signed_setting(tenant_id)})


def tenant_of(session: Session) -> UUID:
    tenant_id = session.info.get("tenant_id")
    if not isinstance(tenant_id, UUID):
        raise NoTenant("This session belongs to no workspace.")
    return tenant_id


def tenant(session: Session) -> Tenant:
    """Read once: a session forgets rows that nobody holds, so it holds this one."""
    found = session.get_one(Tenant, tenant_of(session))
    session.info["tenant"] = found
    return found


def wake_after_commit(session: Session, queue: str) -> None:
    session.info.setdefault("queues_to_wake", set()).add(queue)


def log_after_commit(session: Session, line: str, ids: Iterable[UUID]) -> None:
    """Log one line for all rows it is true of, once the change is committed."""
    session.info.setdefault("lines_to_log", {}).setdefault(line, []).extend(ids)


def roll_back(session: Session) -> None:
    """Undo this unit of work: nothing is committed, woken or logged."""
    for waiting in ("queues_to_wake", "lines_to_log"):
        session.info.pop(waiting, None)
    session.rollback()


@contextmanager
def _unit_of_work(info: dict[str, object], read_only: bool) -> Iterator[Session]:
    began = time.monotonic()
    with Session(database.engine, expire_on_commit=False, info=info | {"read_only": read_only}) as session:
        with session.begin():
            try:
                yield session
            except BaseException:
                session.expunge_all()  # what was read stays readable: the page of the refusal shows the workspace
                raise
        for queue in session.info.get("queues_to_wake", ()):
            database.wake(queue)
        _log_lines(session, time.monotonic() - began)


def _log_lines(session: Session, seconds: float) -> None:
    for line, ids in session.info.get("lines_to_log", {}).items():
        log_ids(line, tenant_of(session), ids, seconds)


def log_ids(line: str, tenant_id: UUID, ids: Iterable[UUID], seconds: float) -> None:
    if each := " ".join(map(str, ids)):
        log.info(line, workspace=str(tenant_id), ids=each, seconds=round(seconds, 3))


_SET_TENANT = text("SELECT set_config('app.tenant', :setting, true)")


@event.listens_for(Session, "after_begin")
def _set_transaction_settings(session: Session, _: object, connection: Connection) -> None:
    """One question for all that holds in this transaction only."""
    settings: dict[str, str] = {}
    if session.info.get("read_only"):
        settings["transaction_read_only"] = "on"
    if isinstance(limits := session.info.get("limits"), TransactionLimits):
        settings |= limits.settings()
    if isinstance(tenant_id := session.info.get("tenant_id"), UUID):
        settings["app.tenant"] = database.signer.signed_setting(tenant_id)
    if settings:
        settings["plan_cache_mode"] = "force_custom_plan"  # one plan for all workspaces suits no large one
        settings["jit"] = "off"  # compiling a long statement took seconds where running it takes milliseconds
        connection.exec_driver_sql(_set_local(len(settings)), tuple(chain(*settings.items())))


@cache
def _set_local(count: int) -> str:
    """Text for the driver: every transaction begins with it, and building it anew took longer than its answer."""
    return f"SELECT {', '.join(['set_config(%s, %s, true)'] * count)}"


@event.listens_for(Session, "before_flush")
def _stamp_tenant(session: Session, *_: object) -> None:
    for row in session.new:
        if isinstance(row, TenantOwned):
            row.tenant_id = tenant_of(session)


_CLOCK_OFFSET = select(ClockOffset.seconds)


def read_clock() -> None:
    with system_session(read_only=True) as session:
        seconds = session.scalar(_CLOCK_OFFSET) or 0
    clock.set_offset(timedelta(seconds=seconds))
