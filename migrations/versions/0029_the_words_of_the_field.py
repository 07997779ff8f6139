"""The words of the field: tables, columns, and what is named after them, get the names people use for them.

Nothing else changes here; values that are stored follow in 0030. Rows, grants, policies and foreign keys stay as they
are, since PostgreSQL knows them by number and not by name.
"""

from collections.abc import Mapping

from alembic import op

from tenants.row_level_security import platform_functions

revision = "0029"
down_revision = "0028"
TABLES = {
    "letters": "emails",
    "letter_events": "delivery_events",
    "letter_templates": "email_templates",
    "letter_template_versions": "email_template_versions",
    "consent_words": "consent_texts",
    "mail_days": "daily_mail_stats",
}
COLUMNS = {
    "address_changes": {
        "emails": "email_count",
    },
    "address_collisions": {
        "settled_at": "resolved_at",
        "settled_by_id": "resolved_by_id",
    },
    "advocates": {
        "free_from": "available_from",
        "invitations": "invitation_count",
        "willing": "accepted_ask_kinds",
    },
    "asks": {
        "outside": "off_platform",
        "served_id": "subject_id",
        "served_kind": "subject_type",
        "subject": "helps_name",
        "subject_norm": "helps_name_norm",
        "why": "why_you",
    },
    "consent_entries": {
        "given": "granted",
        "words_id": "text_id",
    },
    "consent_texts": {
        "words": "text",
    },
    "delivery_events": {
        "happened": "event_type",
        "letter_id": "email_id",
        "machine": "is_bot",
        "why": "provider_reason",
    },
    "email_template_versions": {
        "why": "reason",
    },
    "emails": {
        "about_id": "subject_id",
        "about_kind": "subject_type",
        "doubts": "unknown_retries",
        "heard_at": "first_event_at",
        "held_for": "hold_reason",
        "in_doubt": "outcome_unknown",
        "letter_class": "email_class",
        "over_at": "obsolete_at",
        "turned_away_at": "first_rejected_at",
    },
    "envelopes": {
        "why": "last_error",
    },
    "history": {
        "subject_kind": "subject_type",
        "what": "action",
    },
    "imports": {
        "checked": "check_result",
        "inspection": "diagnostics",
        "seen": "inspection_state",
        "why": "status_reason",
    },
    "join_requests": {
        "answers": "submission",
    },
    "meeting_answers": {
        "said": "outcome",
    },
    "meetings": {
        "asked_after_at": "feedback_asked_at",
    },
    "reference_requests": {
        "answered_at": "first_response_at",
        "named_at": "first_ask_at",
        "outside": "off_platform",
        "unfulfilled": "unfulfilled_reason",
        "waited_seconds": "paused_seconds",
        "wanted": "references_needed",
    },
    "senders": {
        "dns": "dns_findings",
        "dns_asked_at": "dns_check_requested_at",
        "key_asked_at": "key_check_requested_at",
        "key_said": "key_message",
        "key_trial": "key_result",
        "key_tried_at": "key_checked_at",
    },
    "sequence_runs": {
        "about_id": "subject_id",
        "about_kind": "subject_type",
        "stopped_by": "stop_reason",
    },
    "sequences": {
        "most_answers": "max_answers",
        "most_letters": "max_emails",
        "programme": "program",
    },
    "sign_in_requests": {
        "emails": "email_count",
    },
    "suppressions": {
        "letter_id": "email_id",
    },
}
CONSTRAINTS = {
    "address_collisions": {
        "fk_address_collisions_tenant_id_settled_by_id": "fk_address_collisions_tenant_id_resolved_by_id",
    },
    "consent_entries": {
        "fk_consent_entries_tenant_id_words_id": "fk_consent_entries_tenant_id_text_id",
    },
    "consent_texts": {
        "fk_consent_words_tenant_id": "fk_consent_texts_tenant_id",
        "pk_consent_words": "pk_consent_texts",
        "uq_consent_words_tenant_id_purpose_version": "uq_consent_texts_tenant_id_purpose_version",
    },
    "daily_mail_stats": {
        "fk_mail_days_tenant_id": "fk_daily_mail_stats_tenant_id",
        "pk_mail_days": "pk_daily_mail_stats",
        "uq_mail_days_tenant_id_day": "uq_daily_mail_stats_tenant_id_day",
    },
    "delivery_events": {
        "fk_letter_events_tenant_id": "fk_delivery_events_tenant_id",
        "fk_letter_events_tenant_id_letter_id": "fk_delivery_events_tenant_id_email_id",
        "pk_letter_events": "pk_delivery_events",
        "uq_letter_events_tenant_id_external_id": "uq_delivery_events_tenant_id_external_id",
    },
    "email_template_versions": {
        "fk_letter_template_versions_tenant_id": "fk_email_template_versions_tenant_id",
        "fk_letter_template_versions_tenant_id_by_id": "fk_email_template_versions_tenant_id_by_id",
        "fk_letter_template_versions_tenant_id_template_id": "fk_email_template_versions_tenant_id_template_id",
        "pk_letter_template_versions": "pk_email_template_versions",
        "uq_letter_template_versions_tenant_id_template_id_number": "uq_email_template_versions_tenant_id_template_id_number",  # noqa: E501
    },
    "email_templates": {
        "fk_letter_templates_tenant_id": "fk_email_templates_tenant_id",
        "pk_letter_templates": "pk_email_templates",
        "uq_letter_templates_tenant_id_kind_name_locale": "uq_email_templates_tenant_id_kind_name_locale",
    },
    "emails": {
        "fk_letters_tenant_id": "fk_emails_tenant_id",
        "fk_letters_tenant_id_advocate_id": "fk_emails_tenant_id_advocate_id",
        "fk_letters_tenant_id_sequence_id": "fk_emails_tenant_id_sequence_id",
        "fk_letters_tenant_id_template_id": "fk_emails_tenant_id_template_id",
        "pk_letters": "pk_emails",
        "uq_letters_tenant_id_occasion_recipient_norm": "uq_emails_tenant_id_occasion_recipient_norm",
    },
    "sequence_runs": {
        "uq_sequence_runs_tenant_id_sequence_id_about_id_recipient_norm": "uq_sequence_runs_tenant_id_sequence_id_subject_id_recip_329d",  # noqa: E501
    },
    "sequences": {
        "uq_sequences_tenant_id_programme_name": "uq_sequences_tenant_id_program_name",
    },
    "suppressions": {
        "fk_suppressions_tenant_id_letter_id": "fk_suppressions_tenant_id_email_id",
    },
}
INDEXES = {
    "ix_letter_events_letter": "ix_delivery_events_email",
    "ix_letters_about": "ix_emails_subject",
    "ix_letters_due": "ix_emails_due",
    "ix_letters_heard_of": "ix_emails_first_event",
    "ix_letters_in_doubt": "ix_emails_outcome_unknown",
    "ix_letters_not_sent": "ix_emails_not_sent",
    "ix_letters_recipient": "ix_emails_recipient",
    "ix_letters_sequence": "ix_emails_sequence",
    "ix_letters_tried_in_vain": "ix_emails_rejected",
    "ix_history_what": "ix_history_action",
}

DUE_EMAILS = """
    SELECT t.id FROM public.tenants t
    WHERE EXISTS (SELECT FROM public.{table} l WHERE l.tenant_id = t.id AND l.queue = $2
            AND l.bulk IN (false, true) AND l.due_at <= $1 AND l.state IN ('queued', 'held'))
        OR EXISTS (SELECT FROM public.{table} l WHERE l.tenant_id = t.id AND l.queue = $2
            AND l.due_at <= $1 AND l.state IN ('sending', 'unknown'))"""
DUE_SENDERS = """
    SELECT s.tenant_id FROM public.senders s
    WHERE s.{requested} > coalesce(s.{checked}, s.{requested} - interval '1 second')"""
NEW_FUNCTIONS = {
    "tenants_with_due_emails(now timestamptz, queue text)": DUE_EMAILS.format(table="emails"),
    "tenants_with_due_dns()": DUE_SENDERS.format(
        requested="dns_check_requested_at", checked="dns_checked_at"
    ),
    "tenants_with_due_keys()": DUE_SENDERS.format(
        requested="key_check_requested_at", checked="key_checked_at"
    ),
}
OLD_FUNCTIONS = {
    "tenants_with_due_letters(now timestamptz, queue text)": DUE_EMAILS.format(table="letters"),
    "tenants_with_due_dns()": DUE_SENDERS.format(requested="dns_asked_at", checked="dns_checked_at"),
    "tenants_with_due_keys()": DUE_SENDERS.format(requested="key_asked_at", checked="key_tried_at"),
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _drop_functions(OLD_FUNCTIONS)
    for old, new in TABLES.items():
        op.rename_table(old, new)
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.alter_column(table, old, new_column_name=new)
    for table, constraints in CONSTRAINTS.items():
        _rename_constraints(table, constraints)
    for old, new in INDEXES.items():
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")
    platform_functions(NEW_FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _drop_functions(NEW_FUNCTIONS)
    for old, new in INDEXES.items():
        op.execute(f"ALTER INDEX {new} RENAME TO {old}")
    for table, constraints in CONSTRAINTS.items():
        _rename_constraints(table, {new: old for old, new in constraints.items()})
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.alter_column(table, new, new_column_name=old)
    for old, new in TABLES.items():
        op.rename_table(new, old)
    platform_functions(OLD_FUNCTIONS)


def _drop_functions(functions: Mapping[str, str]) -> None:
    for signature in functions:
        op.execute(f"DROP FUNCTION wall.{signature}")


def _rename_constraints(table: str, names: Mapping[str, str]) -> None:
    for old, new in names.items():
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
