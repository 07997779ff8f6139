"""Why an ask was declined or withdrawn, what its note says beside the person's own words, and what the clock of a
request waits for are codes, each in a column of its own.

A sentence that stood alone gets its code. A reason in other words stays as it is under the code `earlier`, in asks and
in the lines of the history that tell of them. Whatever a request waited for that is no code is a manager's question.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import without_forced_wall

revision = "0039"
down_revision = "0038"
DECLINE_REASONS = ("too_busy", "not_me", "not_them", "not_allowed", "too_often", "not_now", "other", "no")
WITHDRAWALS = {
    "The person left the program": "left_program",
    "The request has ended.": "request_ended",
}
WITHDRAWAL_REASONS = (*WITHDRAWALS.values(), "in_words", "earlier")
STILL_WILLING = "Would still help."
SUGGESTION = r"^(?:(.*) )?Suggests (.+)\.$"  # the own words, and whom the person suggests
NOTES = ("suggests_colleague", "would_still_help")
WAITS = ("contact_needed", "prospect_undecided")
CHECKS = (
    ("asks", "decline_reason", "ck_asks_declinereason", (*DECLINE_REASONS, "earlier")),
    ("asks", "withdrawal_reason", "ck_asks_withdrawalreason", WITHDRAWAL_REASONS),
    ("asks", "note_code", "ck_asks_notecode", NOTES),
    ("reference_requests", "waiting_for", "ck_reference_requests_waitingfor", (*WAITS, "question")),
)
OF_ASKS = "subject_type IN ('asks', 'reference_requests') AND action = 'declined'"
OF_WITHDRAWALS = "subject_type = 'asks' AND action = 'withdrawn'"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_asks_declined_has_a_reason"), "asks", type_="check")
    op.alter_column("asks", "reason", new_column_name="reason_text")
    op.alter_column("reference_requests", "waiting_for", new_column_name="waiting_question")
    for table, column, _name, _codes in CHECKS:
        op.add_column(table, sa.Column(column, sa.String(40)))
    op.add_column("asks", sa.Column("note_params", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.alter_column("asks", "note_params", server_default=None)
    _encode()
    for table, column, name, codes in CHECKS:
        op.create_check_constraint(op.f(name), table, f"{column} IN {_list(codes)}")
    _check("asks", "declined_has_a_reason", "(state = 'declined') = (decline_reason IS NOT NULL)")
    _check("asks", "only_withdrawn_says_why", "withdrawal_reason IS NULL OR state = 'withdrawn'")
    _check("reference_requests", "waits_for_something", "(waiting_since IS NULL) = (waiting_for IS NULL)")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for name in ("declined_has_a_reason", "only_withdrawn_says_why"):
        op.drop_constraint(op.f(f"ck_asks_{name}"), "asks", type_="check")
    op.drop_constraint(op.f("ck_reference_requests_waits_for_something"), "reference_requests", type_="check")
    _decode()
    for table, column, _name, _codes in CHECKS:
        op.drop_column(table, column)
    op.drop_column("asks", "note_params")
    op.alter_column("asks", "reason_text", new_column_name="reason")
    op.alter_column("reference_requests", "waiting_question", new_column_name="waiting_for")
    _check("asks", "declined_has_a_reason", "state <> 'declined' OR reason <> ''")


def _encode() -> None:
    with without_forced_wall("asks"):
        _split("asks", "reason_text", "decline_reason", DECLINE_REASONS, "earlier", "state = 'declined'")
        op.execute(
            f"UPDATE asks SET withdrawal_reason = {_case('reason_text', WITHDRAWALS)} ELSE 'earlier' END, "
            f"reason_text = CASE WHEN reason_text IN {_list(WITHDRAWALS)} THEN '' ELSE reason_text END "
            "WHERE state = 'withdrawn' AND reason_text <> ''"
        )
        op.execute(
            "UPDATE asks SET note_code = 'would_still_help', note = '' "
            f"WHERE state = 'expired' AND note = '{STILL_WILLING}'"
        )
        op.execute(
            "UPDATE asks SET note_code = 'suggests_colleague', "
            f"note_params = jsonb_build_object('colleague', (regexp_match(note, '{SUGGESTION}'))[2]), "
            f"note = coalesce((regexp_match(note, '{SUGGESTION}'))[1], '') "
            f"WHERE state = 'declined' AND decline_reason = 'not_me' AND note ~ '{SUGGESTION}'"
        )
    with without_forced_wall("reference_requests"):
        waiting = ("waiting_question", "waiting_for", WAITS, "question", "waiting_since IS NOT NULL")
        _split("reference_requests", *waiting)
    with without_forced_wall("history"):
        _tell_in_words(OF_ASKS, {code: code for code in DECLINE_REASONS})
        _tell_in_words(OF_WITHDRAWALS, WITHDRAWALS)


def _decode() -> None:
    """A code that the release before never wrote as one comes back as the sentence it would have written."""
    sentences = {code: sentence for sentence, code in WITHDRAWALS.items()}
    with without_forced_wall("asks"):
        op.execute(
            f"UPDATE asks SET reason_text = decline_reason WHERE decline_reason IN {_list(DECLINE_REASONS)}"
        )
        op.execute(
            f"UPDATE asks SET reason_text = {_case('withdrawal_reason', sentences)} ELSE reason_text END "
            "WHERE withdrawal_reason IS NOT NULL"
        )
        op.execute(
            "UPDATE asks SET note = concat_ws(' ', nullif(note, ''), CASE note_code WHEN 'would_still_help' "
            f"THEN '{STILL_WILLING}' ELSE 'Suggests ' || (note_params ->> 'colleague') || '.' END) "
            "WHERE note_code IS NOT NULL"
        )
    with without_forced_wall("reference_requests"):
        op.execute(
            f"UPDATE reference_requests SET waiting_question = waiting_for WHERE waiting_for IN {_list(WAITS)}"
        )
    with without_forced_wall("history"):
        reason = "detail ->> 'reason'"
        words = f"{_case(reason, sentences)} ELSE coalesce(nullif(detail ->> 'text', ''), {reason}) END"
        op.execute(
            f"UPDATE history SET detail = jsonb_set(detail, '{{reason}}', to_jsonb({words})) - 'text' "
            f"WHERE ({OF_ASKS} OR {OF_WITHDRAWALS}) AND {reason} <> ''"
        )


def _split(table: str, old: str, new: str, codes: Iterable[str], other: str, which: str) -> None:
    """What is a code moves to a column of its own; what is not stays, under a code that says so."""
    is_code = f"{old} IN {_list(codes)}"
    op.execute(
        f"UPDATE {table} SET {new} = CASE WHEN {is_code} THEN {old} ELSE '{other}' END, "
        f"{old} = CASE WHEN {is_code} THEN '' ELSE {old} END WHERE {which}"
    )


def _tell_in_words(which: str, codes: Mapping[str, str]) -> None:
    """The reason in a line of the history: a code, or `earlier` and the words."""
    reason = "detail ->> 'reason'"
    op.execute(
        f"UPDATE history SET detail = detail || CASE WHEN {reason} IN {_list(codes)} "
        f"THEN jsonb_build_object('reason', {_case(reason, codes)} END) "
        f"ELSE jsonb_build_object('reason', 'earlier', 'text', {reason}) END "
        f"WHERE {which} AND {reason} <> ''"
    )


def _case(column: str, words: Mapping[str, str]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in words.items())


def _list(words: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
