"""Tags and values of custom fields go to the accounts and people of a file, once these are there.

detailed  lines that bring any, each with the row it is about     told  one value, or one tag, of a row
"""
# ruff: noqa: S608 - only declared names are put into statements; values are bound

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.accounts.name_normalization import normal_name
from portal.custom_fields import actions as fields
from portal.imports.line_reason_codes import LineReason
from portal.imports.merging.merge_sql import INSERT_CHANGE, INSERT_RESULT, NEW_ID
from portal.imports.models import Import, ImportKind, LineOutcome, TargetTable
from portal.tags import actions as tags
from portal.tags.actions import create_missing, remember_origin
from portal.tags.models import FROM_FILE, Tag
from portal.tags.queries import tags_named
from tenants.models import Membership

RunStatement = Callable[[str], Any]
TABLES = {
    ImportKind.ACCOUNTS: (TargetTable.ACCOUNTS, "account_id", TargetTable.ACCOUNT_TAGS),
    ImportKind.PEOPLE: (TargetTable.ADVOCATES, "advocate_id", TargetTable.ADVOCATE_TAGS),
}
DETAILED = """
    CREATE TEMP TABLE detailed ON COMMIT DROP AS
    SELECT i.id, i.line, coalesce(n.id, w.id, i.id) AS subject, i.tags, i.custom_values FROM incoming i
    LEFT JOIN repeated w ON w.key = i.key LEFT JOIN found_{table} n ON n.key = i.key
    WHERE i.tags IS NOT NULL OR i.custom_values IS NOT NULL"""
TAG_NAMES = "SELECT DISTINCT unnest(string_to_array(tags, '; ')) FROM detailed WHERE tags IS NOT NULL"
TOLD_TAGS = """
    CREATE TEMP TABLE told_tags ON COMMIT DROP AS
    SELECT DISTINCT ON (i.subject, k.tag_id) i.id, i.line, i.subject, k.tag_id, k.name, k.is_retired FROM detailed i
    CROSS JOIN LATERAL unnest(string_to_array(i.tags, '; ')) AS v (name)
    JOIN unnest(CAST(:names AS text[]), CAST(:ids AS uuid[]), CAST(:retired AS boolean[]))
        AS k (name, tag_id, is_retired) ON k.name = v.name
    WHERE i.tags IS NOT NULL ORDER BY i.subject, k.tag_id, i.line"""
PUT_TAGS = f"""
    WITH put AS (
        INSERT INTO {{table}} (tenant_id, id, created_at, version, {{subject}}, tag_id)
        SELECT :tenant, {NEW_ID}, :now, 1, i.subject, i.tag_id FROM told_tags i WHERE NOT i.is_retired
        ON CONFLICT DO NOTHING RETURNING id, {{subject}} AS subject, tag_id)
    {INSERT_RESULT} {NEW_ID}, i.line, '{LineOutcome.DETAIL_ADDED}', 'tags', i.name, '', NULL, '{{table}}', p.id, NULL, 1
    FROM put p JOIN told_tags i ON i.subject = p.subject AND i.tag_id = p.tag_id"""
REPORT_RETIRED = f"""{INSERT_RESULT} {NEW_ID}, i.line, '{LineOutcome.LEFT_OUT}', 'tags', i.name, '',
    '{LineReason.RETIRED_TAG}', NULL, NULL, NULL, NULL FROM told_tags i WHERE i.is_retired"""
TOLD_VALUES = """
    CREATE TEMP TABLE told_values ON COMMIT DROP AS
    SELECT DISTINCT ON (i.subject, f.id) i.id, i.line, i.subject, f.id AS field_id, f.name, v.value,
        CASE f.type WHEN 'number' THEN 'number_value' WHEN 'date' THEN 'date_value' ELSE 'text_value' END AS at
    FROM detailed i CROSS JOIN LATERAL jsonb_each_text(i.custom_values::jsonb) AS v
    JOIN custom_fields f ON f.id = substr(v.key, length('field_') + 1)::uuid
    WHERE i.custom_values IS NOT NULL ORDER BY i.subject, f.id, i.line"""
OLD_VALUE = "coalesce(t.text_value, trim_scale(t.number_value)::text, t.date_value::text)"
NEW_VALUES = """CASE WHEN {0}.at = 'text_value' THEN {0}.value END,
    CASE WHEN {0}.at = 'number_value' THEN {0}.value::numeric END,
    CASE WHEN {0}.at = 'date_value' THEN {0}.value::date END"""
LOCK_FIELDS = """SELECT f.id FROM custom_fields f WHERE f.id IN (SELECT field_id FROM told_values)
    ORDER BY f.id FOR NO KEY UPDATE OF f"""
CHANGE_VALUES = f"""
    WITH changed AS (
        SELECT t.id AS value_id, i.*, {OLD_VALUE} AS old FROM told_values i
        JOIN custom_field_values t ON t.field_id = i.field_id AND t.{{subject}} = i.subject FOR NO KEY UPDATE OF t
    ), done AS (
        UPDATE custom_field_values t
        SET (text_value, number_value, date_value) = (SELECT {NEW_VALUES.format("w")}), version = t.version + 1
        FROM changed w WHERE w.value_id = t.id AND w.old <> w.value
        RETURNING t.version, w.*)
    {INSERT_CHANGE} {NEW_ID}, i.line, '{LineOutcome.DETAIL_CHANGED}', i.name, i.value, '', NULL,
        '{TargetTable.CUSTOM_FIELD_VALUES}', i.value_id, jsonb_build_object(i.at, i.old), i.version,
        jsonb_build_object(i.at, i.value) FROM done i"""
ADD_VALUES = f"""
    WITH put AS (
        INSERT INTO custom_field_values (tenant_id, id, created_at, version, field_id, {{subject}}, text_value,
            number_value, date_value)
        SELECT :tenant, {NEW_ID}, :now, 1, i.field_id, i.subject, {NEW_VALUES.format("i")} FROM told_values i
        LEFT JOIN custom_field_values t ON t.field_id = i.field_id AND t.{{subject}} = i.subject WHERE t.id IS NULL
        RETURNING id, field_id, {{subject}} AS subject)
    {INSERT_RESULT} {NEW_ID}, i.line, '{LineOutcome.DETAIL_ADDED}', i.name, i.value, '', NULL,
        '{TargetTable.CUSTOM_FIELD_VALUES}', p.id, NULL, 1
    FROM put p JOIN told_values i ON i.subject = p.subject AND i.field_id = p.field_id"""

CHANGED = """SELECT DISTINCT t.{column} FROM {table} t JOIN import_results r ON r.target_id = t.id
    WHERE r.import_id = :import AND r.target = '{table}' AND r.version_after IS NOT NULL ORDER BY 1"""
CHANGED_TAGS = CHANGED.format(column="tag_id", table="{table}")
CHANGED_FIELDS = CHANGED.format(column="field_id", table=TargetTable.CUSTOM_FIELD_VALUES)


def merge_details(session: Session, this: Import, run: RunStatement) -> None:
    """After the rows themselves: the temporary tables of their merge say which line became which."""
    table, subject, tag_table = TABLES[this.kind]
    by = session.get_one(Membership, (this.tenant_id, this.by_id))
    run(DETAILED.format(table=table))
    _tag(session, this, run, tag_table, subject)
    lapse_tags(session, this, by=by)
    run(TOLD_VALUES)
    run(LOCK_FIELDS)
    run(CHANGE_VALUES.format(subject=subject))
    run(ADD_VALUES.format(subject=subject))
    lapse_fields(session, this, by=by)


def lapse_tags(session: Session, this: Import, *, by: Membership | None = None) -> None:
    """Those that the file put on somebody: what was stated was said before it came."""
    for table in (TargetTable.ACCOUNT_TAGS, TargetTable.ADVOCATE_TAGS):
        changed = session.scalars(text(CHANGED_TAGS.format(table=table)), {"import": this.id})
        tags.lapse_stated(session, changed.all(), by)


def lapse_fields(session: Session, this: Import, *, by: Membership | None = None) -> None:
    """Those of which the file changed a value."""
    changed = session.scalars(text(CHANGED_FIELDS), {"import": this.id})
    fields.lapse_stated(session, changed.all(), by)


def _tag(session: Session, this: Import, run: RunStatement, table: TargetTable, subject: str) -> None:
    names = list(run(TAG_NAMES).scalars())
    if not names:
        return
    found = _find_or_create(session, this, names)
    given = {"names": names, "ids": [found[name].id for name in names]}
    given["retired"] = [found[name].is_retired for name in names]
    session.execute(text(TOLD_TAGS), given)
    run(REPORT_RETIRED)
    remember_origin(session, [tag.id for tag in found.values() if not tag.is_retired], [FROM_FILE])
    run(PUT_TAGS.format(table=table, subject=subject))


def _find_or_create(session: Session, this: Import, names: list[str]) -> dict[str, Tag]:
    """By the name in the file, however it is spelled here."""
    by = session.get_one(Membership, (this.tenant_id, this.by_id))
    found = {tag.name_norm: tag for tag in tags_named(session, names)}
    missing = {normal_name(name): name for name in names if normal_name(name) not in found}
    found |= {tag.name_norm: tag for tag in create_missing(session, list(missing.values()), by=by)}
    return {name: found[normal_name(name)] for name in names}
