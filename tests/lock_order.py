"""Records over the whole run in which order rows are locked, and says at its end which ways could wait for each other.

A lock that is taken while another is held makes a pair (held, wanted). A table that is wanted while a later one of
LOCK_ORDER is held breaks the order of docs/architecture.md; two tables locked in both orders may wait for ever.
"""

import re

import pytest
from sqlalchemy import Connection, Engine, event
from xdist.workermanage import WorkerController

LOCK_ORDER = ("reference_requests", "accounts", "advocates", "asks", "meetings")
LOCKS = re.compile(r"\bFOR (?:NO KEY )?UPDATE(?: OF (?P<of>\w+))?(?P<skips> SKIP LOCKED)?")
FROM = re.compile(r"\bFROM (?:public\.)?(?P<table>\w+)(?: (?:AS )?(?P<alias>\w+))?")
Pair = tuple[str, str]
KEY = "lock_pairs"
_pairs: dict[Pair, str] = {}
_test = [""]


def locked_table(statement: str) -> tuple[str, bool] | None:
    """The table whose rows this statement locks, and whether it waits for them."""
    locks = LOCKS.search(statement)
    if locks is None:
        return None
    named = {(each["alias"] or each["table"]): each["table"] for each in FROM.finditer(statement)}
    first = next(iter(named.values()), "")
    return named.get(locks["of"] or "", locks["of"] or first), locks["skips"] is None


@event.listens_for(Engine, "before_cursor_execute")
def _record(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    if (found := locked_table(statement)) is None:
        return
    table, waits = found
    held: list[str] = connection.info.setdefault(KEY, [])
    if table in held:  # locked again, or another row of it
        return
    if waits:
        _pairs.update({(earlier, table): _test[0] for earlier in held if earlier != table})
    held.append(table)


@event.listens_for(Engine, "begin")
@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    if not connection.invalidated:  # one the server broke off holds nothing, and refuses to be asked
        connection.info.pop(KEY, None)


def faults(pairs: dict[Pair, str]) -> list[str]:
    """A sentence for each pair of tables that is locked against the order, or in both orders."""
    places = {table: number for number, table in enumerate(LOCK_ORDER)}
    against = [
        f"{wanted} was locked after {held}, in {where}"
        for (held, wanted), where in sorted(pairs.items())
        if held in places and wanted in places and places[held] > places[wanted]
    ]
    both = [
        f"{one} and {other} were locked in both orders: in {pairs[one, other]} and in {pairs[other, one]}"
        for one, other in sorted(pairs)
        if one < other and (other, one) in pairs
    ]
    return against + both


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    _test[0] = item.nodeid


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[KEY] = [[*pair, where] for pair, where in _pairs.items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    for held, wanted, where in getattr(node, "workeroutput", {}).get(KEY, ()):
        _pairs.setdefault((held, wanted), where)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for fault in faults(_pairs):
        terminalreporter.write_line(f"lock order (docs/architecture.md): {fault}", red=True)
