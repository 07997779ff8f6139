"""Takes an import back in one transaction. What people changed or used since stays as it is, and is listed."""
# ruff: noqa: S608 - only declared names are put into statements; values are bound

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKeyConstraint, text
from sqlalchemy.orm import Session

from portal import history
from portal.asks.models import Ask
from portal.imports.merge_sql import FRESH_ID, RESULT
from portal.imports.models import LIFECYCLE, Import, Move, Outcome, Target
from portal.imports.targets import ACCOUNTS, DEALS, PEOPLE, Column
from portal.outreach.models import Letter
from portal.outreach.suppression import from_files
from portal.references.models import ReferenceRequest
from tenants.base import Base
from tenants.clock import utc_now
from tenants.database import tenant_of

COLUMNS: dict[Target, Mapping[str, Column]] = {
    Target.DEALS: DEALS,
    Target.ADVOCATES: PEOPLE,
    Target.ACCOUNTS: ACCOUNTS,  # last: people point at them
}
SHOWN = {Target.DEALS: "t.name", Target.ADVOCATES: "t.email", Target.ACCOUNTS: "t.name"}
POINTING = (Ask, Letter, ReferenceRequest)  # known here, so that their keys are found below
MADE = (Outcome.CREATED, Outcome.COMPANY_CREATED)
EDITED = _l("Edited since")
ASKED = _l("Asked since")
NEEDED = _l("Others point at it")
SETTLE = """
    UPDATE address_collisions c SET settled_at = :now WHERE c.settled_at IS NULL AND c.subject_type = 'advocates'
    AND NOT EXISTS (SELECT FROM advocates a WHERE a.id = c.subject_id)"""


def undo(session: Session, this: Import) -> None:
    given = {
        "import": this.id,
        "tenant": tenant_of(session),
        "now": utc_now(),
        "since": this.ended_at,
        "made": [outcome.value for outcome in MADE],
        "edited": str(EDITED),
        "asked": str(ASKED),
        "needed": str(NEEDED),
    }
    counts = dict(this.counts)
    if this.lifts_opt_outs:
        counts["lifted"] = from_files.lift_all(session, this.id)
    for target in COLUMNS:
        for name, statement in _statements(target).items():
            rows = session.execute(text(statement), given).rowcount  # type: ignore[attr-defined]
            if name in {"restored", "deleted", "kept"}:
                counts[name] = counts.get(name, 0) + rows
    session.execute(text(SETTLE), {"now": given["now"]})  # who shared a mailbox is gone: nobody need decide
    this.counts, this.state = counts, LIFECYCLE.after(Move.UNDONE, this.state)
    history.record(session, this, "undone", restored=counts["restored"], deleted=counts["deleted"])


def _statements(target: Target) -> dict[str, str]:
    plan = f"plan_{target}"
    names = ", ".join(COLUMNS[target])
    return {
        "nested loops": "SET LOCAL enable_nestloop = off",
        "make": f"CREATE TEMP TABLE {plan} (id uuid, line integer, target uuid, made boolean, before jsonb, "
        "version integer, shown text, why text) ON COMMIT DROP",
        "plan": f"""INSERT INTO {plan}
            SELECT i.id, i.line, t.id, i.outcome = ANY(:made), i.before, i.version_after, {SHOWN[target]},
                {_why(target)}
            FROM import_results i JOIN {target} t ON t.id = i.target_id
            WHERE i.import_id = :import AND i.target = '{target}' AND i.version_after IS NOT NULL FOR UPDATE OF t""",
        "kept": f"""{RESULT} {FRESH_ID}, i.line, 'kept', '', i.shown, '', i.why, '{target}', i.target, NULL, NULL
            FROM {plan} i WHERE i.why IS NOT NULL""",
        "restored": f"""UPDATE {target} t SET ({names}) = (SELECT {names} FROM jsonb_populate_record(t, p.before)),
            version = p.version - 1 FROM {plan} p WHERE t.id = p.target AND p.why IS NULL AND NOT p.made""",
        "deleted": f"DELETE FROM {target} t USING {plan} p WHERE t.id = p.target AND p.why IS NULL AND p.made",
    }


def _why(target: Target) -> str:
    """The first reason to leave a row alone, else NULL."""
    asked = {
        Target.ADVOCATES: "EXISTS (SELECT FROM asks a WHERE a.advocate_id = t.id AND a.created_at >= :since)",
        Target.ACCOUNTS: "EXISTS (SELECT FROM asks a WHERE a.account_id = t.id AND a.created_at >= :since)",
        Target.DEALS: "EXISTS (SELECT FROM reference_requests r WHERE r.deal_id = t.id AND r.created_at >= :since)",
    }[target]
    needed = " OR ".join(f"t.id IN (SELECT {column} FROM {table})" for table, column in _pointing_at(target))
    return (
        f"CASE WHEN t.version <> i.version_after THEN :edited WHEN {asked} THEN :asked "
        f"WHEN i.outcome = ANY(:made) AND ({needed}) THEN :needed END"
    )


def _pointing_at(target: Target) -> list[tuple[str, str]]:
    """Every column of the house that holds a key to this table."""
    return sorted(
        (key.parent.name, key.column_keys[1])
        for table in Base.metadata.tables.values()
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint) and key.referred_table.name == target
    )
