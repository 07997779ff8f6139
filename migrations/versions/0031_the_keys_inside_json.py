"""The keys inside JSON follow the columns of 0029 and the words of 0030."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0031"
down_revision = "0030"
JOIN_KEYS = {"about": "contact", "wishes": "preferences", "words": "consent_text_ids"}
CHECK_KEYS = {
    "good": "importable",
    "twins": "repeated",
    "known": "existing",
    "whole": "is_complete",
    "agreed": "agreed_again",
}
PREFERENCES = {"willing": "accepted_ask_kinds"}
POLICIES = {
    "outreach.hours_from": "outreach.send_from_hour",
    "outreach.hours_until": "outreach.send_until_hour",
    "outreach.letters_a_week": "outreach.emails_per_week",
    "outreach.letters_a_month": "outreach.emails_per_month",
    "outreach.letters_a_day": "outreach.emails_per_day",
    "references.first_answer_days": "references.first_response_days",
    "references.named_days": "references.first_ask_days",
    "references.held_days": "references.delivery_days",
    "references.silent_days": "references.feedback_wait_days",
    "metrics.fulfilment_target": "metrics.fulfillment_target",
}
WALLED = ("envelopes", "exports", "history", "imports", "join_requests", "received_events")
Words = Mapping[str, str]


def upgrade() -> None:
    _rewrite(forwards=True)


def downgrade() -> None:
    _rewrite(forwards=False)


def _rewrite(*, forwards: bool) -> None:
    op.execute("SET lock_timeout = '5s'")
    with ExitStack() as walls:
        for table in WALLED:
            walls.enter_context(without_forced_wall(table))
        for statement in _keys(forwards=forwards):
            op.execute(statement)


def _reversed(mapping: Words) -> dict[str, str]:
    return {new: old for old, new in mapping.items()}


def _keys(*, forwards: bool) -> Iterator[str]:
    def to(words: Words) -> Words:
        return words if forwards else _reversed(words)

    for old, new in to({"letter": "email_id"}).items():
        yield _renamed("received_events", "payload", old, new)
    for old, new in to({"letter_id": "email_id"}).items():
        yield _renamed("envelopes", "ids", old, new)
    for old, new in to(JOIN_KEYS).items():
        yield _renamed("join_requests", "submission", old, new)
    for old, new in to(CHECK_KEYS).items():
        yield _renamed("imports", "check_result", old, new)
    yield from _nested(to)


def _renamed(table: str, column: str, old: str, new: str) -> str:
    return (
        f"UPDATE {table} SET {column} = {column} - '{old}' || jsonb_build_object('{new}', {column} -> '{old}') "
        f"WHERE {column} ? '{old}'"
    )


def _nested(to: Callable[[Words], Words]) -> Iterator[str]:
    preferences = JOIN_KEYS["wishes"] if to(JOIN_KEYS) is JOIN_KEYS else "wishes"
    for old, new in to(PREFERENCES).items():
        inner = f"(submission -> '{preferences}')"
        yield (
            f"UPDATE join_requests SET submission = jsonb_set(submission, '{{{preferences}}}', {inner} - '{old}' || "
            f"jsonb_build_object('{new}', {inner} -> '{old}')) WHERE {inner} ? '{old}'"
        )
        yield (
            f"UPDATE history SET detail = jsonb_set(detail, '{{changed}}', (detail -> 'changed') - '{old}' || "
            f"'[\"{new}\"]') WHERE jsonb_typeof(detail -> 'changed') = 'array' AND detail -> 'changed' ? '{old}'"
        )
    for old, new in to({"mark": "mark_proof"}).items():
        yield (
            f"UPDATE imports SET inspection_state = replace(inspection_state::text, '\"{old}\": ', "
            f"'\"{new}\": ')::jsonb WHERE inspection_state ? 'guesses'"
        )
    for old, new in to(POLICIES).items():
        yield (
            f"UPDATE history SET detail = jsonb_set(detail, '{{name}}', '\"{new}\"') "
            f"WHERE detail ->> 'name' = '{old}'"
        )
    for old, new in to({"fulfilment": "fulfillment"}).items():
        yield (
            f"UPDATE exports SET filters = jsonb_set(filters, '{{name}}', '\"{new}\"') "
            f"WHERE filters ->> 'name' = '{old}'"
        )
