"""Staged lines become companies, people and deals: one transaction, all of it or nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.imports.line_reason_codes import LineReason
from portal.imports.merging import account_lines, details, known_people, opt_out_suppression
from portal.imports.merging import merge_sql as sql
from portal.imports.merging.merge_sql import TableMerge
from portal.imports.merging.targets import EMPLOYERS, TARGETS, USAGE
from portal.imports.models import Import, ImportKind, ImportMove
from portal.imports.values.fields import OF_ACCOUNTS, WITH_CUSTOM_FIELDS, cells_of
from portal.lifecycle import move
from tenants.clock import utc_now
from tenants.database import tenant, tenant_of

# Estimates behind the wall are guesses: a nested loop over 100,000 lines took a minute where a hash takes a moment.
PLANNER_SETTINGS = ("SET LOCAL enable_nestloop = off", "SET LOCAL jit = off", "SET LOCAL work_mem = '64MB'")

RunStatement = Callable[[str], Any]


def merge(session: Session, this: Import) -> None:
    """Merge the staged lines; nothing shows before the caller commits, and a killed merge begins again."""
    given = _given(session, this)
    run: RunStatement = lambda statement: session.execute(text(statement), given)  # noqa: E731
    _run_all(run, [*PLANNER_SETTINGS, *sql.incoming(this.kind)])
    if this.kind in OF_ACCOUNTS:
        _find_accounts(run, this.kind)
    if this.kind == ImportKind.SUBSCRIPTIONS:
        account_lines.refuse_wrong_periods(session, run, given)
    MERGES[this.kind](run)
    if this.kind in WITH_CUSTOM_FIELDS:
        details.merge_details(session, this, run)
    if this.kind == ImportKind.PEOPLE:
        opt_out_suppression.suppress_opted_out(session, this)
    _run_all(run, [sql.RESULTS_OF_UNREADABLE, sql.RESULTS_OF_LEFT_OUT])
    move(session, this, ImportMove.FINISH, columns={"counts": dict(run(sql.COUNTS).all())})


def _given(session: Session, this: Import) -> dict[str, Any]:
    """What every statement may name."""
    currency = tenant(session).currency
    return {"import": this.id, "tenant": tenant_of(session), "now": utc_now(), "currency": currency}


def _run_all(run: RunStatement, statements: Iterable[str]) -> None:
    for statement in statements:
        run(statement)


def _accounts(run: RunStatement) -> None:
    _run_all(run, sql.external_id_conflicts("external_id", "name"))
    _lines(run, ImportKind.ACCOUNTS)


def _people(run: RunStatement) -> None:
    _run_all(run, known_people.STATEMENTS)
    _run_all(run, sql.external_id_conflicts("company_external_id", "company"))
    _companies(run)
    _lines(run, ImportKind.PEOPLE)


def _companies(run: RunStatement) -> None:
    """What people's lines say about their companies."""
    _run_all(run, sql.fold_repeated("colleagues", "company_norm", sql.COMPANY_CELLS))
    run(sql.conflicting_values("colleagues", "company_norm", sql.company_fields()))
    into = TableMerge(EMPLOYERS, sql.folded("colleagues", "company_norm", sql.COMPANY_CELLS))
    _merge_into(run, into)
    run(sql.company_results(into))


def _deals(run: RunStatement) -> None:
    run(sql.REFUSE_SAME_NAME)
    _lines(run, ImportKind.DEALS)


def _find_accounts(run: RunStatement, kind: ImportKind) -> None:
    _run_all(
        run,
        [*account_lines.WITH_ACCOUNTS, *account_lines.REFUSE_WITHOUT_ACCOUNT, account_lines.set_keys(kind)],
    )


def _usage(run: RunStatement) -> None:
    """What a file says of a month takes the place of all that was known of it."""
    run(account_lines.ROLLED_UP)
    into = TableMerge(USAGE, "repeated")
    _merge_into(run, into)
    run(sql.line_results(into, "repeated", LineReason.ROLLED_UP))
    run(account_lines.MARK_LATEST.format(accounts="SELECT account_id FROM repeated"))


def _subscriptions(run: RunStatement) -> None:
    _lines(run, ImportKind.SUBSCRIPTIONS, "account_id")


def _lines(run: RunStatement, kind: ImportKind, *more: str) -> None:
    """The file's own rows, one for each identity."""
    names = [*cells_of(kind), *more]
    _run_all(run, sql.fold_repeated("repeated", "key", names))
    run(sql.conflicting_values("repeated", "key", sql.own_fields(kind)))
    into = TableMerge(TARGETS[kind], sql.folded("repeated", "key", names))
    _merge_into(run, into)
    run(sql.line_results(into, "repeated"))


def _merge_into(run: RunStatement, into: TableMerge) -> None:
    _run_all(run, [*sql.find_rows(into), *sql.update(into), sql.create(into)])


MERGES = {
    ImportKind.ACCOUNTS: _accounts,
    ImportKind.PEOPLE: _people,
    ImportKind.DEALS: _deals,
    ImportKind.USAGE: _usage,
    ImportKind.SUBSCRIPTIONS: _subscriptions,
}
