"""What accounts use, month by month, and what they subscribed to; files of both, and of tags and custom fields.

Nobody pays twice for the same time: a range over (workspace, account, day) lets a constraint say so with what every
PostgreSQL brings, as that of meetings does. It looks at the end of a transaction, because an import moves many ends.

Lines of a file that waits are read anew: they have more cells from now on. On the way down usage, subscriptions and
the imports of both are lost; why a line was refused becomes a sentence again.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import raise_wall, without_forced_wall

revision = "0042"
down_revision = "0041"
ID, MOMENT, DAY = sa.Uuid(), sa.DateTime(timezone=True), sa.Date()
KINDS, NEW_KINDS = ("accounts", "people", "deals"), ("usage", "subscriptions")
OUTCOMES = (
    *("created", "updated", "unchanged", "conflicting", "refused", "skipped", "left_out", "company_created"),
    *("company_updated", "suppressed", "kept"),
)
NEW_OUTCOMES = ("detail_added", "detail_changed")
TARGETS = ("accounts", "advocates", "deals")
NEW_TARGETS = ("account_tags", "advocate_tags", "custom_field_values", "account_usage", "subscriptions")
REASONS = (
    *("earlier", "value_missing", "value_too_long", "not_decoded", "not_an_address", "undeliverable_domain"),
    *("mixed_alphabets", "several_addresses", "shortened_id", "not_a_date", "not_a_number", "not_a_score"),
    *("not_a_health", "not_a_currency", "not_a_time_zone", "unreadable_currency", "other_currency"),
    *("empty_row", "report_footer", "too_many_cells", "behind_quotation_mark", "repeated"),
    *("conflicting_value", "id_of_other_company", "known_by_other_address", "same_name_other_date"),
    *("opted_out_of_emails", "not_opted_in", "opted_out_of_calls", "opted_out_of_contact"),
    *("opted_out_of_events", "opted_out_of_news", "opted_out_of_reviews", "bounced", "unclear_opt_out"),
    *("colleague", "edited_since", "contacted_since", "used_elsewhere"),
)
NEW_REASONS = {
    "not_a_relationship": (
        "A relationship is customer, reseller, agency, competitor, government, own or unknown."
    ),
    "not_a_choice": "This isn’t one of the choices of this field.",
    "field_too_long": "This is longer than 500 characters.",
    "too_many_tags": "A row can have up to 20 tags of up to 60 characters each.",
    "retired_tag": "This tag is retired. Bring it back in the settings to use it.",
    "unknown_account": "There’s no account with this ID or name. Import your companies first.",
    "rolled_up": "Counted together with the other days of this month.",
    "ends_before_it_starts": "This ends before it starts.",
    "overlapping_subscription": "Another subscription of this account covers part of this time.",
}
CHECKS: tuple[tuple[str, str, str, tuple[str, ...], Iterable[str]], ...] = (
    ("imports", "kind", "importkind", KINDS, NEW_KINDS),
    ("import_mappings", "kind", "importkind", KINDS, NEW_KINDS),
    ("import_rows", "outcome", "lineoutcome", OUTCOMES, NEW_OUTCOMES),
    ("import_results", "outcome", "lineoutcome", OUTCOMES, NEW_OUTCOMES),
    ("import_rows", "reason", "linereason", REASONS, NEW_REASONS),
    ("import_results", "reason", "linereason", REASONS, NEW_REASONS),
    ("import_results", "target", "targettable", TARGETS, NEW_TARGETS),
)
UNREAD = "state IN ('queued', 'staging', 'merging')"
ACCOUNT_DAY = "calendar.account_day"
PERIOD = f"""calendar.account_days(ROW(tenant_id, account_id, starts_on)::{ACCOUNT_DAY},
    ROW(tenant_id, account_id, coalesce(ends_on, 'infinity'::date))::{ACCOUNT_DAY}, '[]')"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _create_usage()
    _create_subscriptions()
    fields = sa.Column("custom_fields", postgresql.JSONB(), nullable=False, server_default="{}")
    op.add_column("imports", fields)
    op.alter_column("imports", "custom_fields", server_default=None)
    for table, column, name, codes, more in CHECKS:
        _replace_check(table, column, name, (*codes, *more))
    _read_anew()


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _read_anew()
    _forget_new_codes()
    for table, column, name, codes, _more in CHECKS:
        _replace_check(table, column, name, codes)
    op.drop_column("imports", "custom_fields")
    op.drop_table("subscriptions")
    op.execute("DROP TYPE calendar.account_days, calendar.account_day CASCADE")
    op.drop_table("account_usage")


def _create_usage() -> None:
    table = "account_usage"
    op.create_table(
        table,
        *_begin(),
        sa.Column("month", DAY, nullable=False),
        sa.Column("licenses", sa.Integer(), nullable=True),
        sa.Column("active_users", sa.Integer(), nullable=True),
        sa.Column("features", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        *_end(),
        _check(table, "month_by_its_first_day", "EXTRACT(day FROM month) = 1"),
        _check(table, "numbers_not_negative", "licenses >= 0 AND active_users >= 0"),
        *_keys(table, "month"),
    )
    latest = {"postgresql_where": sa.text("is_latest")}
    op.create_index(f"ix_{table}_latest", table, ["tenant_id", "account_id"], **latest)
    raise_wall(table)


def _create_subscriptions() -> None:
    table = "subscriptions"
    op.create_table(
        table,
        *_begin(),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("ends_on", DAY, nullable=True),
        sa.Column("arr_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_end(),
        _check(table, "ends_after_it_starts", "ends_on >= starts_on"),
        *_keys(table, "starts_on"),
    )
    raise_wall(table)
    op.execute(f"CREATE TYPE {ACCOUNT_DAY} AS (tenant_id uuid, account_id uuid, day date)")
    op.execute(f"CREATE TYPE calendar.account_days AS RANGE (subtype = {ACCOUNT_DAY})")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_one_at_a_time EXCLUDE USING gist "
        f"(({PERIOD}) WITH &&) DEFERRABLE INITIALLY DEFERRED"
    )


def _read_anew() -> None:
    """Files that wait or are being read."""
    with without_forced_wall("imports"), without_forced_wall("import_rows"):
        op.execute(f"DELETE FROM import_rows WHERE import_id IN (SELECT id FROM imports WHERE {UNREAD})")
        op.execute(f"UPDATE imports SET state = 'queued', line_staged = 0, rows_staged = 0 WHERE {UNREAD}")


def _forget_new_codes() -> None:
    kinds, outcomes, reasons = _listed(NEW_KINDS), _listed(NEW_OUTCOMES), _listed(NEW_REASONS)
    with (
        without_forced_wall("imports"),
        without_forced_wall("import_mappings"),
        without_forced_wall("import_rows"),
        without_forced_wall("import_results"),
    ):
        for table in ("import_rows", "import_results"):
            op.execute(
                f"DELETE FROM {table} WHERE import_id IN (SELECT id FROM imports WHERE kind IN {kinds})"
            )
            op.execute(f"DELETE FROM {table} WHERE outcome IN {outcomes}")
            op.execute(
                f"UPDATE {table} SET reason_params = jsonb_build_object('text', {_words('reason')}), "
                f"reason = 'earlier' WHERE reason IN {reasons}"
            )
        op.execute(f"DELETE FROM import_mappings WHERE kind IN {kinds}")
        op.execute(f"DELETE FROM imports WHERE kind IN {kinds}")
        op.execute(_left_out_in_words())
        named = "|".join(f'"{code}"' for code in NEW_REASONS)
        op.execute(f"UPDATE imports SET check_result = NULL WHERE check_result::text ~ '{named}'")


def _left_out_in_words() -> str:
    code = "value ->> 'reason'"
    text = f"jsonb_build_object('reason', 'earlier', 'reason_params', jsonb_build_object('text', {_words(code)}))"
    changed = f"CASE WHEN {code} IN {_listed(NEW_REASONS)} THEN value || {text} ELSE value END"
    return (
        f"UPDATE import_rows SET left_out = (SELECT jsonb_agg({changed} ORDER BY place) "
        "FROM jsonb_array_elements(left_out) WITH ORDINALITY AS found (value, place)) "
        "WHERE jsonb_typeof(left_out) = 'array'"
    )


def _words(code: str) -> str:
    cases = " ".join(f"WHEN '{each}' THEN '{words}'" for each, words in NEW_REASONS.items())
    return f"CASE {code} {cases} END"


def _listed(codes: Iterable[str] | Mapping[str, str]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


def _replace_check(table: str, column: str, name: str, codes: Iterable[str]) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")

    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN {_listed(codes)}")


def _begin() -> list[sa.Column[object]]:
    return [sa.Column(name, ID, nullable=False) for name in ("tenant_id", "id", "account_id")]


def _end() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    ]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _keys(table: str, period: str) -> list[sa.Constraint]:
    """One row of an account for each period; foreign keys stay in the workspace."""
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f(f"fk_{table}_tenant_id_account_id"),
        ),
        sa.UniqueConstraint(
            *("tenant_id", "account_id", period), name=op.f(f"uq_{table}_tenant_id_account_id_{period}")
        ),
    ]
