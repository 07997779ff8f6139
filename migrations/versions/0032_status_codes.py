"""Why an email is held, waits or failed is a code with parameters, no longer a sentence.

A sentence that stood alone gets its code. One with a number, or with the words of a mail server in it, stays as it is
under the code `earlier`.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import without_forced_wall

revision = "0032"
down_revision = "0031"
CODES = (
    "",
    "earlier",
    "suppressed_bounced",
    "suppressed_complained",
    "suppressed_unsubscribed",
    "suppressed_erased",
    "suppressed_opted_out",
    "suppressed_by_hand",
    "not_in_program",
    "consent_withdrawn",
    "ask_closed",
    "expired",
    "invitation_answered",
    "sequence_ended",
    "sequence_paused",
    "recipient_paused",
    "quiet_hours",
    "frequency_cap_reached",
    "daily_limit_reached",
    "bulk_paused_by_complaints",
    "blocked_by_complaints",
    "sequence_answered",
    "sequence_withdrawn",
    "sequence_unsubscribed",
    "sequence_left",
    "sequence_limit",
    "sequence_by_hand",
    "sequence_recipient_removed",
    "no_consent",
    "advocate_paused",
    "no_address",
    "too_late",
    "unreadable_key",
    "gateway_reply",
    "retries_exhausted",
    "no_answer",
    "lease_expired",
    "previous_account",
    "dropped",
    "no_such_mailbox",
    "turned_away",
    "marked_as_spam",
)
SENTENCES = {
    "Letters to this address came back: there is no such mailbox.": "suppressed_bounced",
    "This person marked a letter as spam, so we do not write again.": "suppressed_complained",
    "This person does not want such letters any more.": "suppressed_unsubscribed",
    "This person was erased, so we do not write again.": "suppressed_erased",
    "Your CRM says that this person opted out.": "suppressed_opted_out",
    "A manager noted that this address gets no letters.": "suppressed_by_hand",
    "This person is not in the programme any more, so the letter was not sent.": "not_in_program",
    "This person no longer agrees to what the letter is about, so it was not sent.": "consent_withdrawn",
    "This ask was answered, ended or changed before the letter left, so it was not sent.": "ask_closed",
    "What it is about was over or had changed before the letter left, so it was not sent.": "expired",
    "This person has answered the invitation already, so it was not sent again.": "invitation_answered",
    "Its sequence ended for this person before the letter left, so it was not sent.": "sequence_ended",
    "Its sequence is paused. It leaves when the sequence goes on.": "sequence_paused",
    "This person asked for a pause.": "recipient_paused",
    "It waits for the hours in which this person reads work mail.": "quiet_hours",
    "It was answered before this letter left, so it was not sent.": "sequence_answered",
    "What it is about was taken back, moved or ended before this letter left.": "sequence_withdrawn",
    "This person does not want such letters any more, so it was not sent.": "sequence_unsubscribed",
    "Its sequence reached its goal before this letter left, so it was not sent.": "sequence_limit",
    "Its sequence was ended before this letter left, so it was not sent.": "sequence_by_hand",
    "A manager took this person out of the sequence before this letter left, so it was not sent.": (
        "sequence_recipient_removed"
    ),
    "The key for SendGrid cannot be read; an admin should enter it again.": "unreadable_key",
    "The mail server did not say whether it took the letter. It may have arrived.": "no_answer",
    "The worker that was sending it stopped before the mail server's answer was kept. It may have arrived.": (
        "lease_expired"
    ),
    "It left by the former SendGrid account, which tells us nothing any more. It may have arrived.": (
        "previous_account"
    ),
    "Its reader marked it as spam.": "marked_as_spam",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column(
        "emails", sa.Column("status_params", postgresql.JSONB(), nullable=False, server_default="{}")
    )
    with without_forced_wall("emails"):
        op.execute(
            f"UPDATE emails SET why = {_case('why', SENTENCES)} ELSE 'earlier' END, status_params = "
            f"CASE WHEN why IN {_list(SENTENCES)} THEN '{{}}' ELSE jsonb_build_object('text', why) END "
            "WHERE why <> ''"
        )
    op.alter_column("emails", "status_params", server_default=None)
    op.alter_column("emails", "why", new_column_name="status_code", type_=sa.String(40))
    op.create_check_constraint(op.f("ck_emails_statuscode"), "emails", f"status_code IN {_list(CODES)}")


def downgrade() -> None:
    """Words that were never stored as a sentence come back as the text of the mail server, or as their code."""
    op.execute("SET lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_emails_statuscode"), "emails")
    op.alter_column("emails", "status_code", new_column_name="why", type_=sa.Text())
    sentence_of = {code: sentence for sentence, code in SENTENCES.items()}
    with without_forced_wall("emails"):
        op.execute(
            f"UPDATE emails SET why = {_case('why', sentence_of)} "
            "ELSE coalesce(status_params ->> 'text', status_params ->> 'reason', why) END WHERE why <> ''"
        )
    op.drop_column("emails", "status_params")


def _case(column: str, words: Mapping[str, str]) -> str:
    return f"CASE {column} " + " ".join(
        f"WHEN {_quoted(old)} THEN {_quoted(new)}" for old, new in words.items()
    )


def _list(words: Iterable[str]) -> str:
    return "(" + ", ".join(map(_quoted, words)) + ")"


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
