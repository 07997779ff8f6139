"""What each kind of line is for: the table, its columns, and who is the same row, for the check and the merge alike.

`f` is a line or the fold of several, `t` the row that is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.imports.merging import columns
from portal.imports.merging.columns import MergeColumn
from portal.imports.models import ImportKind, TargetTable

UNIT = "\x1f"
ACCOUNT_NAME = "(SELECT a.name FROM accounts a WHERE a.id = t.account_id)"


@dataclass(frozen=True)
class Identity:
    """Cells that together name one row."""

    cells: tuple[str, ...]
    prefix: str = ""

    @property
    def sql(self) -> str:
        joined = " || chr(31) || ".join(self.cells)
        return f"'{self.prefix}' || {joined}" if self.prefix else joined

    def of(self, line: Mapping[str, str]) -> str | None:
        values = [line[cell] for cell in self.cells]
        return self.prefix + UNIT.join(values) if all(values) else None


@dataclass(frozen=True)
class Target:
    table: TargetTable
    identities: tuple[Identity, ...]  # the first that a line has names it
    columns: Mapping[str, MergeColumn]
    new_row: Mapping[str, str]  # columns that only a new row gets
    joins: str
    display_cell: str = ""  # in the list of results
    name_cells: tuple[str, ...] = ()
    asked_since: str = ""  # why undo leaves a row alone; empty: a newer row of any table refers to it
    matches: str = "SELECT f.key, t.id FROM {source} f JOIN {table} t ON t.{column} = f.key"
    matched_by: tuple[str, ...] = ()  # the cells that `matches` reads beside the key
    refuses_other_days: bool = False
    line_sql: str = ""  # in the list of results, where one cell is not enough
    shown_sql: str = ""  # in the list of what undo kept; empty: the column of `display_cell`
    is_counted: bool = True  # among the records that an undo removed or restored
    blocks_undo: str = ""  # one more condition under which a row stays as it is

    @property
    def key_sql(self) -> str:
        """NULL where the merge itself finds out what a line is about."""
        first, *others = [identity.sql for identity in self.identities] or ["NULL::text"]
        return f"coalesce({', '.join((first, *others))})" if others else first

    def key_of(self, line: Mapping[str, str]) -> str | None:
        keys = (identity.of(line) for identity in self.identities)
        return next((key for key in keys if key is not None), None)

    def matches_sql(self, source: str) -> str:
        column = self.identities[0].cells[0] if self.identities else ""
        return self.matches.format(source=source, table=self.table, column=column)


ACCOUNTS = Target(
    TargetTable.ACCOUNTS,
    (Identity(("name_norm",)),),
    columns.ACCOUNT_COLUMNS,
    columns.NEW_ACCOUNT,
    columns.JOIN_OWNERS,
    display_cell="name",
    name_cells=("name",),
    asked_since="EXISTS (SELECT FROM asks a WHERE a.account_id = t.id AND a.created_at >= :since)",
)
EMPLOYERS = Target(  # the companies of people's lines, by `company_norm`
    TargetTable.ACCOUNTS,
    ACCOUNTS.identities,
    columns.EMPLOYER_COLUMNS,
    columns.NEW_EMPLOYER,
    columns.JOIN_OWNERS,
)
PEOPLE = Target(
    TargetTable.ADVOCATES,
    (Identity(("email_norm",)),),
    columns.ADVOCATE_COLUMNS,
    columns.NEW_ADVOCATE,
    columns.JOIN_EMPLOYERS,
    display_cell="email",
    name_cells=("first_name", "last_name"),
    asked_since="EXISTS (SELECT FROM asks a WHERE a.advocate_id = t.id AND a.created_at >= :since)",
)
DEALS = Target(
    TargetTable.DEALS,
    (Identity(("external_id",), "id "), Identity(("prospect_norm", "name_norm"), "name ")),
    columns.DEAL_COLUMNS,
    {},
    columns.JOIN_REPS,
    display_cell="name",
    name_cells=("name",),
    matches="""WITH by_id AS MATERIALIZED (
            SELECT f.key, t.id FROM {source} f JOIN {table} t ON t.external_id = f.external_id
        ), by_name AS (SELECT DISTINCT ON (id) key, id FROM (
            SELECT DISTINCT ON (f.key) f.key, t.id, f.line FROM {source} f
            JOIN {table} t ON t.prospect_norm = f.prospect_norm AND t.name_norm = f.name_norm
            WHERE (f.external_id IS NULL OR t.external_id = '') AND f.key NOT IN (SELECT key FROM by_id)
            ORDER BY f.key, t.close_on IS DISTINCT FROM f.close_on, t.external_id, t.id) AS named
        WHERE id NOT IN (SELECT id FROM by_id) ORDER BY id, line)
        SELECT key, id FROM by_id UNION ALL SELECT key, id FROM by_name""",
    matched_by=("external_id", "prospect_norm", "name_norm", "close_on"),
    refuses_other_days=True,
)
USAGE = Target(
    TargetTable.USAGE,
    (),
    columns.USAGE_COLUMNS,
    columns.NEW_USAGE,
    "",
    display_cell="company",
    name_cells=("company",),
    asked_since="false",
    matches="SELECT f.key, t.id FROM {source} f JOIN {table} t ON t.account_id = f.account_id AND t.month = f.month",
    matched_by=("account_id", "month"),
    line_sql="concat_ws(', ', i.company, to_char(i.day, 'YYYY-MM'))",
    shown_sql=f"{ACCOUNT_NAME} || ', ' || to_char(t.month, 'YYYY-MM')",
)
SUBSCRIPTIONS = Target(
    TargetTable.SUBSCRIPTIONS,
    (),
    columns.SUBSCRIPTION_COLUMNS,
    columns.NEW_SUBSCRIPTION,
    "",
    display_cell="company",
    name_cells=("company",),
    asked_since="false",
    matches="""SELECT f.key, t.id FROM {source} f
        JOIN {table} t ON t.account_id = f.account_id AND t.starts_on = f.starts_on""",
    matched_by=("account_id", "starts_on"),
    line_sql="concat_ws(', ', i.company, i.starts_on)",
    shown_sql=f"{ACCOUNT_NAME} || ', ' || t.starts_on",
    blocks_undo="""EXISTS (SELECT FROM subscriptions o WHERE o.account_id = t.account_id AND o.id <> t.id
        AND daterange(t.starts_on, coalesce((i.before ->> 'ends_on')::date, CASE WHEN i.before ? 'ends_on' THEN NULL
            ELSE t.ends_on END), '[]') && daterange(o.starts_on, o.ends_on, '[]')
        AND NOT EXISTS (SELECT FROM import_results r WHERE r.import_id = :import AND r.target_id = o.id
            AND r.version_after = o.version))""",
)
ACCOUNT_TAGS, ADVOCATE_TAGS = (
    Target(
        table,
        (),
        {"tag_id": columns.plain_column("tag_id")},
        {},
        "",
        asked_since="false",
        shown_sql="(SELECT g.name FROM tags g WHERE g.id = t.tag_id)",
        is_counted=False,
    )
    for table in (TargetTable.ACCOUNT_TAGS, TargetTable.ADVOCATE_TAGS)
)
CUSTOM_FIELD_VALUES = Target(
    TargetTable.CUSTOM_FIELD_VALUES,
    (),
    columns.VALUE_COLUMNS,
    {},
    "",
    asked_since="false",
    shown_sql="concat(t.text_value, trim_scale(t.number_value), t.date_value)",
    is_counted=False,
)
TARGETS = {
    ImportKind.ACCOUNTS: ACCOUNTS,
    ImportKind.PEOPLE: PEOPLE,
    ImportKind.DEALS: DEALS,
    ImportKind.USAGE: USAGE,
    ImportKind.SUBSCRIPTIONS: SUBSCRIPTIONS,
}


class SameNames:
    """Deals without ids: of one name, only those of the day that was given first are one deal."""

    def __init__(self) -> None:
        self._first_days: dict[str, str] = {}

    def add(self, key: str, line: Mapping[str, str]) -> None:
        if self._has_day(line):
            self._first_days.setdefault(key, line["close_on"])

    def is_other_deal(self, key: str, line: Mapping[str, str]) -> bool:
        """Tell whether the merge refuses this line, as REFUSE_SAME_NAME does."""
        return self._has_day(line) and self._first_days.get(key, line["close_on"]) != line["close_on"]

    @staticmethod
    def _has_day(line: Mapping[str, str]) -> bool:
        return bool(line["close_on"]) and not line["external_id"]
