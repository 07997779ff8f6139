"""Why a row of a file, one of its values or a whole file was not taken in is a code with parameters, not a sentence.

A sentence that says exactly what a code says becomes that code. Any other, and one with a number or a name in it,
stays as it was written, under the code `earlier`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import without_forced_wall

revision = "0038"
down_revision = "0037"
LINE_REASONS = {
    "value_missing": "This value is required.",
    "value_too_long": "This is longer than 1,000 characters.",
    "not_decoded": "Some of these characters can’t be read in the encoding of this file.",
    "not_an_address": "This isn’t an email address.",
    "undeliverable_domain": (
        "Email can’t be delivered to this domain. Please check the part after the @: letters, digits and hyphens, "
        "at most 63 of them between two dots."
    ),
    "mixed_alphabets": (
        "The part after the @ mixes look-alike letters from different alphabets. Please type it again."
    ),
    "several_addresses": "More than one address. Give each person their own row.",
    "shortened_id": "A spreadsheet shortened this ID, so it no longer identifies anyone. Export it as text.",
    "not_a_date": "We can’t read this date.",
    "not_a_number": "We can’t read this number.",
    "not_a_score": "An NPS score is a whole number from 0 to 10.",
    "not_a_health": "Health must be green, yellow, red or unknown.",
    "not_a_currency": "A currency is a three-letter code, such as USD.",
    "not_a_time_zone": "A time zone looks like Europe/Berlin.",
    "unreadable_currency": "The currency of this amount can’t be read.",
    "other_currency": "The amount names one currency and its currency column another.",
    "empty_row": "Empty row.",
    "report_footer": "Part of the report’s footer, not of the table.",
    "too_many_cells": "This row has more cells than the header. A quotation mark is probably missing.",
    "behind_quotation_mark": (
        "A quotation mark that opens here or above spans several rows. The check page asks about it."
    ),
    "repeated": "Repeats an earlier row.",
    "conflicting_value": "An earlier row has a different value, which was kept.",
    "id_of_other_company": "This ID already belongs to another company, so nothing was merged.",
    "known_by_other_address": (
        "This ID and name belong to someone with a different address. That address was kept."
    ),
    "same_name_other_date": (
        "An earlier row has a deal with this name and a different close date. Only IDs can tell them apart."
    ),
    "opted_out_of_emails": "No invitations and no program emails from now on.",
    "not_opted_in": "Hasn’t agreed, so no invitations and no program emails from now on.",
    "opted_out_of_calls": "No calls from now on.",
    "opted_out_of_contact": "No invitations, no program emails and no calls from now on.",
    "opted_out_of_events": "No emails about events from now on.",
    "opted_out_of_news": "No news from now on.",
    "opted_out_of_reviews": "No emails about reviews from now on.",
    "bounced": "No emails from now on: the address doesn’t work.",
    "unclear_opt_out": "We can’t read this value, so it’s treated as opted out.",
    "colleague": "Works at your company, so nothing was changed.",
    "edited_since": "Edited since",
    "contacted_since": "Contacted since",
    "used_elsewhere": "Used elsewhere",
}
# before the sentence of an opt-out: that the person had agreed here on a day
AGREED_ON, STILL = "Gave consent here on ", ", but the file still says opted out, so they stay suppressed. "
DAY = "____-__-__"
FAILURES = {
    "file_deleted": "The file of this import was deleted.",
    "file_too_large": (
        "This file is larger than %(most)s MB. Export it in parts, or without the columns you don’t need."
    ),
    "empty_file": "This file is empty. Export the report again and check that it has rows.",
    "picture": "This is a picture, not a table. Choose a CSV or Excel file.",
    "not_a_table": "This isn’t a table. Choose a CSV or Excel file.",
    "no_table_found": "We found no table in this file: no row has at least two column names.",
    "no_rows": "There’s a header but no rows below it. Export the report again and check that it has rows.",
    "too_many_columns": (
        "This table has %(count)s columns; we read up to %(most)s. Leave out the ones you don’t need."
    ),
    "nul_bytes": (
        "This file contains NUL bytes, so it’s damaged or not a text file. Save it as CSV (UTF-8) and try again."
    ),
    "nul_bytes_in_text": (
        "This file has NUL bytes in its text, the first in line %(line)s, so it’s damaged. Export it again, or save "
        "it as CSV (UTF-8), and try again."
    ),
    "line_too_long": (
        "Line %(line)s is longer than two million characters. Either this isn’t a table, or a quotation mark before "
        "it never closes. Fix the file and upload it again."
    ),
    "no_table_inside": (
        "This looks like a workbook, but there’s no table inside. If it’s a ZIP file, unpack it and upload the file "
        "inside."
    ),
    "password": (
        "This workbook is protected by a password. Remove the password, or save the sheet as CSV, and try again."
    ),
    "empty_workbook": "This workbook is empty. Export the report again and check that it has rows.",
    "unpacked_too_large": (
        "This workbook is larger than %(most)s MB once it’s unpacked. Save the sheet you need as CSV and upload that."
    ),
    "too_many_sheets": (
        "This workbook has more than %(most)s sheets. Save the sheet you need as CSV and upload that."
    ),
    "sheet_damaged": (
        "The sheet “%(sheet)s” of this workbook is damaged. Open the file, save it again and upload that."
    ),
    "sheet_too_large": (
        "The sheet “%(sheet)s” has %(rows)s rows and %(columns)s columns, more than we read. Save the rows and "
        "columns you need as CSV and upload that."
    ),
    "row_too_long": (
        "Row %(row)s has more than a million characters. Remove the long text and upload the file again."
    ),
    "reading_too_slow": (
        "Reading this workbook took too long (more than %(seconds)s seconds), so we stopped. Save the sheet you need "
        "as CSV and upload that."
    ),
    "reading_too_big": (
        "This workbook can’t be read: it needs more memory than we allow for one file, or it’s damaged. There may be "
        "a value in a cell far down or far to the right. Save the sheet you need as CSV and upload that."
    ),
    "gave_up": "It failed five times, and nothing was imported. Please contact us with the name of the file.",
    "undo_gave_up": (
        "Undoing it failed five times, so nothing was changed. Please contact us with the name of the file."
    ),
}
TABLES = ("import_rows", "import_results")


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for table in TABLES:
        _codes_of(table)
    with without_forced_wall("import_rows"):
        op.execute(_for_each_left_out(_coded_value()))
    _codes_of_imports()


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _sentences_of_imports()
    with without_forced_wall("import_rows"):
        op.execute(_for_each_left_out(_value_in_words()))
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_linereason"), table)
        words = _words("reason", "reason_params")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN reason TYPE text USING coalesce({words}, '')")
        op.alter_column(table, "reason", nullable=False)
        op.drop_column(table, "reason_params")


def _codes_of_imports() -> None:
    params = sa.Column("failure_params", postgresql.JSONB(), nullable=False, server_default="{}")
    op.add_column("imports", params)
    op.alter_column("imports", "failure_params", server_default=None)
    op.alter_column("imports", "status_reason", new_column_name="failure", nullable=True)
    known = _code("failure", {code: words for code, words in FAILURES.items() if "%(" not in words})
    with without_forced_wall("imports"):
        op.execute(
            "UPDATE imports SET failure_params = jsonb_build_object('text', failure) "
            f"WHERE failure <> '' AND {known} IS NULL"
        )
        _change_check_results(_coded)
    code = f"CASE WHEN failure <> '' THEN coalesce({known}, 'earlier') END"
    op.execute(f"ALTER TABLE imports ALTER COLUMN failure TYPE varchar(40) USING {code}")
    _check("imports", "failure", "importfailure", FAILURES)


def _sentences_of_imports() -> None:
    op.drop_constraint(op.f("ck_imports_importfailure"), "imports")
    op.alter_column("imports", "failure", new_column_name="status_reason", type_=sa.Text())
    with without_forced_wall("imports"):
        _write_failures_out()
        _change_check_results(_written_out)
    op.alter_column("imports", "status_reason", nullable=False)
    op.drop_column("imports", "failure_params")


def _codes_of(table: str) -> None:
    """The rows are written anew once; before that, only those that keep words or a day are."""
    op.add_column(table, sa.Column("reason_params", postgresql.JSONB()))
    is_agreed = f"reason LIKE '{AGREED_ON}{DAY}{STILL}%'"
    rest = f"substr(reason, {len(AGREED_ON + DAY + STILL) + 1})"
    known, after_day = (
        _code("reason", LINE_REASONS),
        f"CASE WHEN {is_agreed} THEN {_code(rest, LINE_REASONS)} END",
    )
    with without_forced_wall(table):
        op.execute(
            f"UPDATE {table} SET reason_params = CASE WHEN {after_day} IS NULL "
            "THEN jsonb_build_object('text', reason) "
            f"ELSE jsonb_build_object('agreed_on', substr(reason, {len(AGREED_ON) + 1}, {len(DAY)})) END "
            f"WHERE reason <> '' AND {known} IS NULL"
        )
    op.alter_column(table, "reason", nullable=True)
    code = f"CASE WHEN reason <> '' THEN coalesce({known}, {after_day}, 'earlier') END"
    op.execute(f"ALTER TABLE {table} ALTER COLUMN reason TYPE varchar(40) USING {code}")
    _check(table, "reason", "linereason", LINE_REASONS)


def _for_each_left_out(changed: str) -> str:
    return (
        f"UPDATE import_rows SET left_out = (SELECT jsonb_agg({changed} ORDER BY place) "
        "FROM jsonb_array_elements(left_out) WITH ORDINALITY AS found (value, place)) "
        "WHERE jsonb_typeof(left_out) = 'array'"
    )


def _coded_value() -> str:
    reason = "value ->> 'reason'"
    known = _code(reason, LINE_REASONS)
    text = f"jsonb_build_object('reason', 'earlier', 'reason_params', jsonb_build_object('text', {reason}))"
    return f"value || CASE WHEN {known} IS NULL THEN {text} ELSE jsonb_build_object('reason', {known}) END"


def _value_in_words() -> str:
    words = _words("(value ->> 'reason')", "(value -> 'reason_params')")
    return f"(value - 'reason_params') || jsonb_build_object('reason', {words})"


def _words(code: str, params: str) -> str:
    agreed = f"'{AGREED_ON}' || ({params} ->> 'agreed_on') || '{STILL}'"
    cases = " ".join(f"WHEN '{each}' THEN {_quoted(words)}" for each, words in LINE_REASONS.items())
    said = f"coalesce({agreed}, '') || CASE {code} {cases} END"
    return f"CASE {code} WHEN 'earlier' THEN {params} ->> 'text' ELSE {said} END"


def _write_failures_out() -> None:
    rows = op.get_bind().execute(sa.text("SELECT id, status_reason, failure_params FROM imports"))
    for import_id, failure, params in rows.all():
        words = params["text"] if failure == "earlier" else FAILURES.get(failure, "") % params
        update = sa.text("UPDATE imports SET status_reason = :words WHERE id = :id")
        op.get_bind().execute(update, {"words": words, "id": import_id})


def _change_check_results(change: Callable[[dict[str, Any]], None]) -> None:
    """What a check found holds the first lines of the file, and some that can't be read."""
    rows = op.get_bind().execute(
        sa.text("SELECT id, check_result FROM imports WHERE jsonb_typeof(check_result) = 'object'")
    )
    for import_id, found in rows.all():
        for line in (*found["first"], *found["problems"]):
            for each in (line, *line.get("left_out", ())):
                change(each)
        update = sa.text("UPDATE imports SET check_result = CAST(:found AS jsonb) WHERE id = :id")
        op.get_bind().execute(update, {"found": json.dumps(found), "id": import_id})


def _coded(line: dict[str, Any]) -> None:
    words = line.get("reason", "")
    code_of = {sentence: code for code, sentence in LINE_REASONS.items()}
    line["reason"] = code_of.get(words, "earlier") if words else None
    line["reason_params"] = {"text": words} if line["reason"] == "earlier" else None


def _written_out(line: dict[str, Any]) -> None:
    code, params = line["reason"], line.pop("reason_params", None)
    line["reason"] = params["text"] if params else LINE_REASONS.get(code, "")


def _code(expression: str, words: Mapping[str, str]) -> str:
    """NULL for words that no code says."""
    cases = " ".join(f"WHEN {_quoted(sentence)} THEN '{code}'" for code, sentence in words.items())
    return f"CASE {expression} {cases} END"


def _check(table: str, column: str, name: str, codes: Iterable[str]) -> None:
    listed = ", ".join(f"'{code}'" for code in ("earlier", *codes))
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
