"""Takes an import back in one transaction. What people changed or used since stays as it is, and is listed."""
# ruff: noqa: S608 - only declared names are put into statements; values are bound

from sqlalchemy import ForeignKeyConstraint, text
from sqlalchemy.orm import Session

from portal.asks.models import Ask
from portal.imports.line_reason_codes import LineReason
from portal.imports.merging.account_lines import MARK_LATEST
from portal.imports.merging.details import lapse_fields, lapse_tags
from portal.imports.merging.merge_sql import INSERT_RESULT, NEW_ID
from portal.imports.merging.targets import (
    ACCOUNT_TAGS,
    ACCOUNTS,
    ADVOCATE_TAGS,
    CUSTOM_FIELD_VALUES,
    DEALS,
    PEOPLE,
    SUBSCRIPTIONS,
    USAGE,
    Target,
)
from portal.imports.models import Import, ImportKind, ImportMove, LineOutcome, TargetTable
from portal.lifecycle import move
from portal.outreach.models import Email
from portal.outreach.suppressions import import_opt_out_actions
from tenants.base import Base
from tenants.clock import utc_now
from tenants.database import tenant_of

DETAILS = (ACCOUNT_TAGS, ADVOCATE_TAGS, CUSTOM_FIELD_VALUES, USAGE, SUBSCRIPTIONS)
UNDO_ORDER = (*DETAILS, DEALS, PEOPLE, ACCOUNTS)  # companies last: the others point at them
LOCK_ORDER = (
    ACCOUNTS,
    PEOPLE,
    DEALS,
    *DETAILS,
)  # docs/architecture.md; so all of them are locked before anything changes
LAPSE_BEFORE = {
    TargetTable.ACCOUNT_TAGS: lapse_tags,
    TargetTable.CUSTOM_FIELD_VALUES: lapse_fields,
}  # tags and fields are locked before what refers to them
MODELS_WITH_REFERENCES = (Ask, Email)  # known here, so that their keys are found below; programs always are
CREATED_OUTCOMES = (LineOutcome.CREATED, LineOutcome.COMPANY_CREATED, LineOutcome.DETAIL_ADDED)
SETTLE_COLLISIONS = """
    UPDATE address_collisions c SET resolved_at = :now WHERE c.resolved_at IS NULL AND c.subject_type = 'advocates'
    AND NOT EXISTS (SELECT FROM advocates a WHERE a.id = c.subject_id)"""
LOCK_COLLISIONS = """SELECT count(*) FROM (SELECT c.id FROM address_collisions c
    WHERE c.resolved_at IS NULL AND c.subject_type = 'advocates' ORDER BY c.id FOR UPDATE OF c) locked"""


def undo_import(session: Session, this: Import) -> None:
    given = {
        "import": this.id,
        "tenant": tenant_of(session),
        "now": utc_now(),
        "since": this.ended_at,
        "made": [outcome.value for outcome in CREATED_OUTCOMES],
    }
    counts = dict(this.counts)
    _lock_rows(session, this)
    if this.lifts_opt_outs:
        counts["lifted"] = import_opt_out_actions.lift_imported(session, this.id)
    for target in UNDO_ORDER:
        for name, statement in _statements(target).items():
            rows = session.execute(text(statement), given).rowcount  # type: ignore[attr-defined]
            if name == "kept" or (name in {"restored", "deleted"} and target.is_counted):
                counts[name] = counts.get(name, 0) + rows
    if this.kind == ImportKind.USAGE:
        session.execute(text(MARK_LATEST.format(accounts="SELECT account_id FROM account_usage")))
    session.execute(
        text(SETTLE_COLLISIONS), {"now": given["now"]}
    )  # who shared a mailbox is gone: nobody need decide
    told = {name: counts.get(name, 0) for name in ("restored", "deleted")}
    move(session, this, ImportMove.FINISH_UNDO, columns={"counts": counts}, **told)


def _lock_rows(session: Session, this: Import) -> None:
    session.execute(text(LOCK_COLLISIONS))
    for target in LOCK_ORDER:
        if lapse := LAPSE_BEFORE.get(target.table):
            lapse(session, this)
        rows = f"""SELECT count(*) FROM (SELECT t.id FROM {target.table} t JOIN import_results i ON i.target_id = t.id
            WHERE i.import_id = :import AND i.target = '{target.table}' AND i.version_after IS NOT NULL
            ORDER BY t.id FOR UPDATE OF t) locked"""
        session.execute(text(rows), {"import": this.id})


def _statements(target: Target) -> dict[str, str]:
    table, plan = target.table, f"plan_{target.table}"
    names = ", ".join(target.columns)
    shown = target.shown_sql or f"t.{target.display_cell}"
    return {
        "nested loops": "SET LOCAL enable_nestloop = off",
        "make": f"CREATE TEMP TABLE {plan} (id uuid, line integer, target uuid, made boolean, before jsonb, "
        "version integer, shown text, reason text) ON COMMIT DROP",
        "plan": f"""INSERT INTO {plan}
            SELECT i.id, i.line, t.id, i.outcome = ANY(:made), i.before, i.version_after, {shown},
                {_reason_to_keep(target)}
            FROM import_results i JOIN {table} t ON t.id = i.target_id
            WHERE i.import_id = :import AND i.target = '{table}' AND i.version_after IS NOT NULL FOR UPDATE OF t""",
        "kept": f"""{INSERT_RESULT} {NEW_ID}, i.line, 'kept', '', i.shown, '', i.reason, '{table}', i.target, NULL, NULL
            FROM {plan} i WHERE i.reason IS NOT NULL""",
        "restored": f"""UPDATE {table} t SET ({names}) = (SELECT {names} FROM jsonb_populate_record(t, p.before)),
            version = p.version - 1 FROM {plan} p WHERE t.id = p.target AND p.reason IS NULL AND NOT p.made""",
        "deleted": f"DELETE FROM {table} t USING {plan} p WHERE t.id = p.target AND p.reason IS NULL AND p.made",
    }


def _reason_to_keep(target: Target) -> str:
    """The first reason to leave a row alone, else NULL."""
    needed = (
        " OR ".join(
            f"t.id IN (SELECT {column} FROM {table})" for table, column in _references_to(target.table)
        )
        or "false"
    )
    asked = target.asked_since or _referred_to_since(target.table)
    return (
        f"CASE WHEN t.version <> i.version_after THEN '{LineReason.EDITED_SINCE}' "
        f"WHEN {asked} THEN '{LineReason.CONTACTED_SINCE}' "
        f"WHEN {target.blocks_undo or 'false'} THEN '{LineReason.USED_ELSEWHERE}' "
        f"WHEN i.outcome = ANY(:made) AND ({needed}) THEN '{LineReason.USED_ELSEWHERE}' END"
    )


def _referred_to_since(table: TargetTable) -> str:
    """A program did something for the row."""
    return " OR ".join(
        f"EXISTS (SELECT FROM {other} o WHERE o.{column} = t.id AND o.created_at >= :since)"
        for other, column in _references_to(table)
    )


def _references_to(table: TargetTable) -> list[tuple[str, str]]:
    """List every column with a foreign key to this table, but those whose rows go with it."""
    return sorted(
        (key.parent.name, key.column_keys[1])
        for each in Base.metadata.tables.values()
        for key in each.constraints
        if isinstance(key, ForeignKeyConstraint)
        and key.referred_table.name == table
        and key.ondelete != "CASCADE"
    )
