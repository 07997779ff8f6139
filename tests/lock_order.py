"""Records over the whole run in which order rows are locked; a run in which two orders were seen fails.

A lock that is taken while another is held makes a pair (held, wanted). A table that is wanted while a later one of
LOCK_ORDER is held breaks the order of docs/architecture.md; two tables locked in both orders may wait for ever. A row
that is changed or deleted is locked as well; rows of a table that this transaction writes to are taken for its own.
"""

import re
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session
from xdist.workermanage import WorkerController

LOCK_ORDER = (
    "reference_requests",
    "surveys",
    "events",
    "event_guests",
    "campaigns",
    "accounts",
    "advocates",
    "asks",
    "meetings",
    "sequences",
    "sequence_runs",
    "emails",
)
LOCKS = re.compile(r"\bFOR (?:NO KEY )?UPDATE(?: OF (?P<of>\w+))?(?P<skips> SKIP LOCKED| NOWAIT)?")
FROM = re.compile(r"\bFROM (?:public\.)?(?P<table>\w+)(?: (?:AS )?(?P<alias>\w+))?")
CHANGES = re.compile(r"\s*(?P<verb>UPDATE|DELETE FROM|INSERT INTO) (?:public\.)?(?P<table>\w+)")
ROOT = Path(__file__).parents[1]
PASSED_THROUGH = ("portal/lifecycle.py", "portal/history.py", "tenants/")  # on the way from who wants a lock
NOT_OURS = (
    "<",
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
    *(str(ROOT / path) for path in PASSED_THROUGH),
)
PARTS = {
    "advocate_availability": "advocates",
    "meeting_slots": "meetings",
    "sequence_steps": "sequences",
}  # written by whoever holds the whole alone
NOT_PRODUCT = ("migrations/", "tests/")  # what they lock by themselves is in nobody's way
KEY = "lock_pairs"
Pair = tuple[str, str]


class Lock(NamedTuple):
    table: str
    waits: bool = True  # for whoever has the row
    is_new: bool = False  # nobody else sees the row yet


class Held:
    """By one transaction: tables with the place where their rows were locked, and tables with rows of its own."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.own: set[str] = set()

    def has(self, table: str) -> bool:
        return table in self.places or table in self.own


_pairs: dict[Pair, str] = {}
_test = [""]


@lru_cache(maxsize=5_000)  # every statement of the run comes by here
def lock_of(statement: str) -> Lock | None:
    """What this statement locks."""
    if changed := CHANGES.match(statement):
        is_new = changed["verb"] == "INSERT INTO" and "DO UPDATE" not in statement
        return Lock(changed["table"], waits="SKIP LOCKED" not in statement, is_new=is_new)
    locks = LOCKS.search(statement)
    if locks is None:
        return None
    named = {(each["alias"] or each["table"]): each["table"] for each in FROM.finditer(statement)}
    first = next(iter(named.values()), "")
    return Lock(named.get(locks["of"] or "", locks["of"] or first), waits=locks["skips"] is None)


@event.listens_for(Engine, "before_cursor_execute")
def _record(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    if (lock := lock_of(statement)) is None:
        return
    held: Held = connection.info.setdefault(KEY, Held())
    if lock.table in held.places or held.has(PARTS.get(lock.table, "")):
        return  # locked again, or another row of it
    if lock.is_new:
        held.own.add(lock.table)
    elif not (lock.table in held.own and CHANGES.match(statement)):
        _add(lock, held.places, _place())


def _add(lock: Lock, places: dict[str, str], here: str) -> None:
    if here.startswith(NOT_PRODUCT):
        return
    for earlier, there in places.items() if lock.waits else ():
        _pairs.setdefault((earlier, lock.table), f"{there}, then {here} ({_test[0]})")
    places[lock.table] = here


def _place() -> str:
    """The line of ours that asks for the lock."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith(NOT_OURS):
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    return f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}:{frame.f_lineno}"


@event.listens_for(Engine, "begin")
@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    if not connection.invalidated:  # one the server broke off holds nothing, and refuses to be asked
        connection.info.pop(KEY, None)


def begin_again(session: Session) -> None:
    """What follows stands for a transaction of its own, in a test that takes all of it back and can't commit."""
    _forget(session.connection())


def faults(pairs: dict[Pair, str]) -> list[str]:
    """A sentence for each pair of tables that is locked against the order, or in both orders."""
    places = {table: number for number, table in enumerate(LOCK_ORDER)}
    against = [
        f"{wanted} was locked after {held}: {where}"
        for (held, wanted), where in sorted(pairs.items())
        if held in places and wanted in places and places[held] > places[wanted]
    ]
    both = [
        f"{one} and {other} were locked in both orders: {pairs[one, other]}; and {pairs[other, one]}"
        for one, other in sorted(pairs)
        if one < other and (other, one) in pairs
    ]
    return against + both


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    _test[0] = item.nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    for held, wanted, where in getattr(node, "workeroutput", {}).get(KEY, ()):
        _pairs.setdefault((held, wanted), where)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it saw; the run itself fails."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[KEY] = [[*pair, where] for pair, where in _pairs.items()]
    elif faults(_pairs) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for fault in faults(_pairs):
        terminalreporter.write_line(f"lock order (docs/architecture.md): {fault}", red=True)
