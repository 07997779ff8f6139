"""The statements of a merge, written out from what the fields and targets declare. No word of a file is in them.

i  incoming lines, or their folded rows     f  the folded row of a key        t  the table itself
n  rows of the workspace that were found    c  rows that the merge changed (of two companies with one id: claims)
w  a repeated key (in an UPDATE: old and new values of a row)                 v  one value of a line
"""
# ruff: noqa: S608 - only declared names are put into statements; values are bound

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.imports.line_reason_codes import LineReason
from portal.imports.merging.targets import TARGETS, Target
from portal.imports.models import ImportKind
from portal.imports.values.field_types import FieldType
from portal.imports.values.fields import FIELDS, OF_ACCOUNT, cells_of

SQL_TYPES = {
    FieldType.NUMBER: "integer",
    FieldType.SCORE: "integer",
    FieldType.MONEY: "bigint",
    FieldType.DAY: "date",
    FieldType.MONTH: "date",
}
TYPES = {
    field.name: SQL_TYPES[field.type]
    for fields in FIELDS.values()
    for field in fields
    if field.type in SQL_TYPES
} | {"account_id": "uuid", "month": "date"}
ANALYZED_COLUMNS = {
    ImportKind.ACCOUNTS: "key",
    ImportKind.PEOPLE: "key, company_norm",
    ImportKind.DEALS: "key",
    ImportKind.USAGE: "company_norm, company_external_id",
    ImportKind.SUBSCRIPTIONS: "company_norm, company_external_id",
}  # what lines are joined on
COMPANY_CELLS = (
    *(
        "company",
        "company_folded",
        "company_external_id",
        "industry",
        "sub_industry",
        "region",
        "city",
        "region_guess",
    ),
    *("employees", "arr_cents", "arr_cents_currency", "currency", "health", "renewal_on", "customer_since"),
    *("relationship",),
    *("owner_email", "owner_email_norm"),
)
UNCOMPARED_CELLS = frozenset(
    {"company", "company_external_id"}
)  # spelled anew by many; ids have their own check
# the moment and version of the line's id, then chance: a UUIDv7 as old as the line
NEW_ID = "overlay(gen_random_uuid()::text PLACING left(i.id::text, 18) FROM 1)::uuid"
FIRST_VALUE = "(array_agg(i.{0} ORDER BY i.line) FILTER (WHERE i.{0} IS NOT NULL))[1]"
INSERT_RESULT = """INSERT INTO import_results (tenant_id, created_at, import_id, id, line, outcome, "column", value,
    kept, reason, target, target_id, before, version_after) SELECT :tenant, :now, :import, """
INSERT_CHANGE = INSERT_RESULT.replace(
    "version_after)", "version_after, after)"
)  # a line that changed what was there
INSERT_STAGED = INSERT_RESULT.replace("reason,", "reason, reason_params,")  # a reason found before the merge


@dataclass(frozen=True)
class TableMerge:
    """How the folded lines of a file meet one table."""

    target: Target
    folded: str  # the rows of the file, one for each key

    @property
    def found_table(self) -> str:
        return f"found_{self.target.table}"

    @property
    def changed_table(self) -> str:
        return f"changed_{self.target.table}"


def incoming(kind: ImportKind) -> list[str]:
    names = cells_of(kind)
    values = ", ".join(
        f"nullif(cells[{at}], ''){_cast(name)} AS {name}" for at, name in enumerate(names, start=1)
    )
    return [
        f"CREATE TEMP TABLE incoming (id uuid, line integer, key text, {_typed(names)}) ON COMMIT DROP",
        f"INSERT INTO incoming SELECT id, line, {TARGETS[kind].key_sql}, {', '.join(names)} "
        f"FROM (SELECT id, line, {values} "
        "FROM import_rows WHERE import_id = :import AND outcome IS NULL) readable",
        f"ANALYZE incoming ({ANALYZED_COLUMNS[kind]})",
    ]


def fold_repeated(repeated: str, key: str, names: Sequence[str]) -> list[str]:
    """Write one row for each repeated key: for each column the first line's value that has one."""
    firsts = ", ".join(FIRST_VALUE.format(name) for name in names)
    return [
        f"CREATE TEMP TABLE {repeated} (key text, id uuid, line integer, {_typed(names)}) ON COMMIT DROP",
        f"""INSERT INTO {repeated}
            SELECT i.{key}, (array_agg(i.id ORDER BY i.line))[1], min(i.line), {firsts}
            FROM incoming i JOIN (SELECT {key} AS repeated_key FROM incoming GROUP BY 1 HAVING count(*) > 1) again
            ON repeated_key = i.{key} GROUP BY i.{key}""",
        f"ANALYZE {repeated} (key)",
    ]


def folded(repeated: str, key: str, names: Sequence[str]) -> str:
    once = ", ".join(f"o.{name}" for name in names)
    return f"""(SELECT o.{key} AS key, o.id, o.line, {once} FROM incoming o
        LEFT JOIN {repeated} w ON w.key = o.{key} WHERE o.{key} IS NOT NULL AND w.key IS NULL
        UNION ALL SELECT key, id, line, {", ".join(names)} FROM {repeated})"""


def conflicting_values(repeated: str, key: str, fields: Sequence[str]) -> str:
    """Report values that differ from an earlier line's, which won."""
    pairs = ", ".join(f"('{name}', i.{name}::text, f.{name}::text)" for name in fields)
    differs = " OR ".join(f"i.{name} <> f.{name}" for name in fields)
    return f"""{INSERT_RESULT} {NEW_ID}, i.line, 'conflicting', v.name, v.value, v.kept,
        '{LineReason.CONFLICTING_VALUE}', NULL, NULL, NULL, NULL
        FROM incoming i JOIN {repeated} f ON f.key = i.{key} AND ({differs})
        CROSS JOIN LATERAL (VALUES {pairs}) AS v (name, value, kept) WHERE v.value <> v.kept"""


def own_fields(kind: ImportKind) -> list[str]:
    not_own = set(COMPANY_CELLS) if kind == ImportKind.PEOPLE else {each.name for each in OF_ACCOUNT}
    return [
        field.name
        for field in FIELDS[kind]
        if field.name not in not_own and not field.required and field.type != FieldType.TAGS
    ]


def company_fields() -> list[str]:
    return [
        field.name
        for field in FIELDS[ImportKind.PEOPLE]
        if field.name in COMPANY_CELLS and field.name not in UNCOMPARED_CELLS
    ]


def external_id_conflicts(external_id: str, name: str) -> list[str]:
    """Report ids that name two companies; the company that had it first keeps it."""
    norm = f"{name}_norm"
    return [
        "CREATE TEMP TABLE claims (external_id text, norm text, name text) ON COMMIT DROP",
        f"""INSERT INTO claims SELECT DISTINCT ON (external_id) external_id, norm, name FROM (
            SELECT t.external_id, t.name_norm AS norm, t.name, 0 AS line FROM accounts t
            WHERE t.external_id <> '' AND t.external_id IN (SELECT {external_id} FROM incoming)
            UNION ALL SELECT {external_id}, {norm}, {name}, line FROM incoming
            WHERE {external_id} IS NOT NULL AND {norm} IS NOT NULL) AS claimed ORDER BY external_id, line""",
        f"""WITH wrong AS (UPDATE incoming i SET {external_id} = NULL FROM claims c
                WHERE c.external_id = i.{external_id} AND c.norm <> i.{norm}
                RETURNING i.id, i.line, c.external_id, c.name)
            {INSERT_RESULT} {NEW_ID}, i.line, 'conflicting', '{external_id}', i.external_id, i.name,
            '{LineReason.ID_OF_OTHER_COMPANY}', NULL, NULL, NULL, NULL FROM wrong i""",
    ]


def find_rows(merge: TableMerge) -> list[str]:
    make = f"CREATE TEMP TABLE {merge.found_table} (key text, id uuid) ON COMMIT DROP"
    fill = f"INSERT INTO {merge.found_table} {merge.target.matches_sql(merge.folded)}"
    return [make, fill, f"ANALYZE {merge.found_table}"]


def update(merge: TableMerge) -> list[str]:
    """Update rows that get something new, and keep their earlier values for undo."""
    columns = merge.target.columns
    changed = ", ".join(
        f"{column.merged} AS new_{name}, t.{name} AS old_{name}" for name, column in columns.items()
    )
    before, after = (_changed_only(columns, side) for side in ("old", "new"))
    differs = " OR ".join(f"w.new_{name} IS DISTINCT FROM w.old_{name}" for name in columns)
    return [
        f"CREATE TEMP TABLE {merge.changed_table} (id uuid, version integer, before jsonb, after jsonb) ON COMMIT DROP",
        f"""WITH changed AS (
            SELECT t.id, {changed} FROM {merge.folded} f JOIN {merge.found_table} USING (key)
            JOIN {merge.target.table} t ON t.id = {merge.found_table}.id {merge.target.joins} FOR NO KEY UPDATE OF t
        ), done AS (
            UPDATE {merge.target.table} t SET {", ".join(f"{name} = w.new_{name}" for name in columns)},
                version = t.version + 1
            FROM changed w WHERE w.id = t.id AND ({differs}) RETURNING t.id, t.version, {before} AS before,
                {after} AS after
        ) INSERT INTO {merge.changed_table} SELECT id, version, before, after FROM done""",
        f"ANALYZE {merge.changed_table}",
    ]


def _changed_only(columns: Iterable[str], side: str) -> str:
    """One JSON object of the columns whose value is another now: as it was (`old`) or as it is (`new`)."""
    return " || ".join(
        f"CASE WHEN w.new_{name} IS DISTINCT FROM w.old_{name} THEN jsonb_build_object('{name}', w.{side}_{name}) "
        "ELSE '{}' END"
        for name in columns
    )


def create(merge: TableMerge) -> str:
    names = [*merge.target.new_row, *merge.target.columns]
    starts = [*merge.target.new_row.values(), *(column.initial for column in merge.target.columns.values())]
    return f"""INSERT INTO {merge.target.table} (tenant_id, created_at, version, id, {", ".join(names)})
        SELECT :tenant, :now, 1, f.id, {", ".join(starts)} FROM {merge.folded} f
        LEFT JOIN {merge.found_table} USING (key) {merge.target.joins} WHERE {merge.found_table}.id IS NULL"""


def line_results(merge: TableMerge, repeated: str, reason: LineReason = LineReason.REPEATED) -> str:
    return f"""{INSERT_CHANGE} i.id, i.line,
        CASE WHEN i.line > w.line THEN 'unchanged' WHEN n.id IS NULL THEN 'created' WHEN c.id IS NOT NULL THEN 'updated'
            ELSE 'unchanged' END,
        '', {merge.target.line_sql or f"i.{merge.target.display_cell}"}, '',
        CASE WHEN i.line > w.line THEN '{reason}' END,
        '{merge.target.table}', coalesce(n.id, w.id, i.id), CASE WHEN i.line > w.line THEN NULL ELSE c.before END,
        CASE WHEN i.line > w.line THEN NULL WHEN n.id IS NULL THEN 1 ELSE c.version END,
        CASE WHEN i.line > w.line THEN NULL ELSE c.after END
        FROM incoming i LEFT JOIN {repeated} w ON w.key = i.key LEFT JOIN {merge.found_table} n ON n.key = i.key
        LEFT JOIN {merge.changed_table} c ON c.id = n.id"""


def company_results(merge: TableMerge) -> str:
    return f"""{INSERT_CHANGE} {NEW_ID}, i.line,
        CASE WHEN n.id IS NULL THEN 'company_created' ELSE 'company_updated' END,
        'company', i.company, '', NULL, '{merge.target.table}', coalesce(n.id, i.id), c.before,
        coalesce(c.version, 1), c.after FROM {merge.folded} i
        LEFT JOIN {merge.found_table} n ON n.key = i.key LEFT JOIN {merge.changed_table} c ON c.id = n.id
        WHERE n.id IS NULL OR c.id IS NOT NULL"""


REFUSE_SAME_NAME = f"""WITH later AS (
        DELETE FROM incoming i USING (
            SELECT key, (array_agg(close_on ORDER BY line) FILTER (WHERE close_on IS NOT NULL))[1] AS first
            FROM incoming WHERE external_id IS NULL GROUP BY key HAVING count(DISTINCT close_on) > 1) twice
        WHERE twice.key = i.key AND i.external_id IS NULL AND i.close_on <> twice.first
        RETURNING i.id, i.line, i.name)
    {INSERT_RESULT} i.id, i.line, 'refused', 'name', i.name, '', '{LineReason.SAME_NAME_OTHER_DATE}', NULL, NULL, NULL,
        NULL FROM later i"""
RESULTS_OF_UNREADABLE = f"""{INSERT_STAGED} i.id, i.line, i.outcome, i."column", i.value, '', i.reason,
    i.reason_params, NULL, NULL, NULL, NULL FROM import_rows i WHERE i.import_id = :import AND i.outcome IS NOT NULL"""
RESULTS_OF_LEFT_OUT = f"""{INSERT_STAGED} {NEW_ID}, i.line, 'left_out', v.value ->> 'column', v.value ->> 'value', '',
    v.value ->> 'reason', v.value -> 'reason_params', NULL, NULL, NULL, NULL
    FROM import_rows i CROSS JOIN LATERAL jsonb_array_elements(i.left_out) AS v
    WHERE i.import_id = :import AND i.left_out IS NOT NULL"""
COUNTS = """SELECT outcome, CASE outcome WHEN 'suppressed' THEN count(DISTINCT line) ELSE count(*) END
    FROM import_results WHERE import_id = :import GROUP BY outcome"""  # of people who opted out, not of columns


def _typed(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in names)


def _cast(name: str) -> str:
    return f"::{TYPES[name]}" if name in TYPES else ""
