"""Staged lines become companies, people and deals: one transaction, all of it or nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.imports import known_people, suppressing
from portal.imports import merge_sql as sql
from portal.imports.fields import cells_of
from portal.imports.models import LIFECYCLE, Import, Kind, Move, Target
from portal.imports.targets import (
    ACCOUNTS,
    ACCOUNTS_OF_PEOPLE,
    ACCOUNTS_OF_PEOPLE_START,
    ACCOUNTS_START,
    DEALS,
    EMPLOYERS,
    OWNERS,
    PEOPLE,
    PEOPLE_START,
    REPS,
    Merge,
)
from tenants.clock import utc_now
from tenants.database import tenant, tenant_of

CONFLICT = _l("An earlier line of the file says something else. That value was kept.")
TWO_COMPANIES = _l("This id already names another company, so nothing was merged.")
SAME_NAME = _l(
    "An earlier line has a deal of this name with another close date. Only ids can tell them apart."
)
TWIN = _l("An earlier line of the file is about the same.")
# Estimates behind the wall are guesses: a nested loop over 100,000 lines took a minute where a hash takes a moment.
MANY_ROWS = ("SET LOCAL enable_nestloop = off", "SET LOCAL jit = off", "SET LOCAL work_mem = '64MB'")

Run = Callable[[str], Any]


def merge(session: Session, this: Import) -> None:
    """Nothing is seen of it before the caller commits; killed in between, it starts again from the staged lines."""
    run = _runner(session, this)
    _each(run, [*MANY_ROWS, *sql.incoming(this.kind)])
    KINDS[this.kind](run)
    if this.kind == Kind.PEOPLE:
        suppressing.suppress(session, this)
    _each(run, [sql.UNREAD, sql.LEFT_OUT])
    this.counts = dict(run(sql.COUNTS).all())
    this.state, this.ended_at = LIFECYCLE.after(Move.FINISH, this.state), utc_now()


def _runner(session: Session, this: Import) -> Run:
    given = {
        "import": this.id,
        "tenant": tenant_of(session),
        "now": utc_now(),
        "currency": tenant(session).currency,
        "conflict": str(CONFLICT),
        "two_companies": str(TWO_COMPANIES),
        "twin": str(TWIN),
        "same_name": str(SAME_NAME),
        "other_address": str(known_people.OTHER_ADDRESS),
    }
    return lambda statement: session.execute(text(statement), given)


def _each(run: Run, statements: Iterable[str]) -> None:
    for statement in statements:
        run(statement)


def _accounts(run: Run) -> None:
    _each(run, sql.claims("external_id", "name"))
    into = Merge(Target.ACCOUNTS, _fold_lines(run, Kind.ACCOUNTS), ACCOUNTS, ACCOUNTS_START, OWNERS)
    _into(run, into)
    run(sql.line_results(into, "twins", "name"))


def _people(run: Run) -> None:
    _each(run, known_people.STATEMENTS)
    _each(run, sql.claims("company_external_id", "company"))
    _companies(run)
    into = Merge(Target.ADVOCATES, _fold_lines(run, Kind.PEOPLE), PEOPLE, PEOPLE_START, EMPLOYERS)
    _into(run, into)
    run(sql.line_results(into, "twins", "email"))


def _companies(run: Run) -> None:
    """What people's lines say about their companies."""
    _each(run, sql.fold("colleagues", "company_norm", sql.COMPANY_CELLS))
    run(sql.conflicts("colleagues", "company_norm", sql.company_fields()))
    folded = sql.folded("colleagues", "company_norm", sql.COMPANY_CELLS)
    into = Merge(Target.ACCOUNTS, folded, ACCOUNTS_OF_PEOPLE, ACCOUNTS_OF_PEOPLE_START, OWNERS)
    _into(run, into)
    run(sql.company_results(into))


def _deals(run: Run) -> None:
    run(sql.SAME_NAME)
    into = Merge(Target.DEALS, _fold_lines(run, Kind.DEALS), DEALS, {}, REPS)
    _into(run, into)
    run(sql.line_results(into, "twins", "name"))


def _fold_lines(run: Run, kind: Kind) -> str:
    """The file's rows, one for each identity."""
    _each(run, sql.fold("twins", "key", cells_of(kind)))
    run(sql.conflicts("twins", "key", sql.own_fields(kind)))
    return sql.folded("twins", "key", cells_of(kind))


def _into(run: Run, into: Merge) -> None:
    _each(run, [*sql.found(into), *sql.update(into), sql.create(into)])


KINDS = {Kind.ACCOUNTS: _accounts, Kind.PEOPLE: _people, Kind.DEALS: _deals}
