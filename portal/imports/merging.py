"""Staged lines become companies, people and deals: one transaction, all of it or nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.imports import merge_sql as sql
from portal.imports.fields import cells_of
from portal.imports.models import LIFECYCLE, Import, Kind, Move
from portal.imports.targets import (
    INTO_ACCOUNTS,
    INTO_ACCOUNTS_OF_PEOPLE,
    INTO_ADVOCATES,
    INTO_DEALS,
    Merge,
)
from tenants.clock import utc_now
from tenants.database import tenant, tenant_of

CONFLICT = "An earlier line of the file says something else. That value was kept."
TWO_COMPANIES = "This id already names another company, so nothing was merged."
TWIN = "An earlier line of the file is about the same."
# Estimates behind the wall are guesses: a nested loop over 100,000 lines took a minute where a hash takes a moment.
MANY_ROWS = ("SET LOCAL enable_nestloop = off", "SET LOCAL jit = off", "SET LOCAL work_mem = '64MB'")

Run = Callable[[str], Any]


def merge(session: Session, this: Import) -> None:
    """Nothing is seen of it before the caller commits; killed in between, it starts again from the staged lines."""
    run = _runner(session, this)
    _each(run, [*MANY_ROWS, *sql.incoming(this.kind)])
    KINDS[this.kind](run)
    _each(run, [sql.UNREAD, sql.LEFT_OUT])
    this.counts = dict(run(sql.COUNTS).all())
    this.state, this.ended_at = LIFECYCLE.after(Move.FINISH, this.state), utc_now()


def _runner(session: Session, this: Import) -> Run:
    given = {
        "import": this.id,
        "tenant": tenant_of(session),
        "now": utc_now(),
        "currency": tenant(session).currency,
        "conflict": CONFLICT,
        "two_companies": TWO_COMPANIES,
        "twin": TWIN,
    }
    return lambda statement: session.execute(text(statement), given)


def _each(run: Run, statements: Iterable[str]) -> None:
    for statement in statements:
        run(statement)


def _accounts(run: Run) -> None:
    _each(run, sql.claims("external_id", "name"))
    _fold_lines(run, Kind.ACCOUNTS)
    _into(run, INTO_ACCOUNTS)
    run(sql.line_results(INTO_ACCOUNTS, "name"))


def _people(run: Run) -> None:
    _each(run, sql.claims("company_external_id", "company"))
    _each(run, sql.fold("companies", "company_norm", sql.COMPANY_CELLS))
    run(sql.conflicts("companies", "company_norm", sql.company_fields()))
    _into(run, INTO_ACCOUNTS_OF_PEOPLE)
    run(sql.company_results(INTO_ACCOUNTS_OF_PEOPLE))
    _fold_lines(run, Kind.PEOPLE)
    _into(run, INTO_ADVOCATES)
    run(sql.line_results(INTO_ADVOCATES, "email"))


def _deals(run: Run) -> None:
    _fold_lines(run, Kind.DEALS)
    _into(run, INTO_DEALS)
    run(sql.line_results(INTO_DEALS, "name"))


def _fold_lines(run: Run, kind: Kind) -> None:
    _each(run, sql.fold("folded", "key", cells_of(kind)))
    run(sql.conflicts("folded", "key", sql.own_fields(kind)))


def _into(run: Run, into: Merge) -> None:
    _each(run, [*sql.found(into), *sql.update(into), sql.create(into)])


KINDS = {Kind.ACCOUNTS: _accounts, Kind.PEOPLE: _people, Kind.DEALS: _deals}
