"""The words that are stored get the names of 0029's columns: reasons, actions, policies, topics, queues.

What stands under a signature or in a customer's template stays as it is: occasions, purposes of links and consents, the
source of a consent, merge fields. A check of a stored word is named after its enum, so those follow, too.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0030"
down_revision = "0029"
CHECKS = {
    "address_collisions": {
        "ck_address_collisions_addressee": "ck_address_collisions_collisiontable",
    },
    "advocates": {
        "ck_advocates_state": "ck_advocates_advocatestate",
    },
    "asks": {
        "ck_asks_kind": "ck_asks_askkind",
        "ck_asks_state": "ck_asks_askstate",
    },
    "consent_entries": {
        "ck_consent_entries_purpose": "ck_consent_entries_consentpurpose",
        "ck_consent_entries_source": "ck_consent_entries_consentsource",
    },
    "consent_texts": {
        "ck_consent_words_purpose": "ck_consent_texts_consentpurpose",
    },
    "delivery_events": {
        "ck_letter_events_happened": "ck_delivery_events_deliveryeventtype",
    },
    "email_template_versions": {
        "ck_letter_template_versions_origin": "ck_email_template_versions_templateorigin",
    },
    "emails": {
        "ck_letters_held_has_a_reason": "ck_emails_held_has_a_reason",
        "ck_letters_letterstate": "ck_emails_emailstate",
        "ck_letters_sending_has_a_lease": "ck_emails_sending_has_a_lease",
        "ck_letters_waiting_has_a_time": "ck_emails_waiting_has_a_time",
    },
    "import_mappings": {
        "ck_import_mappings_kind": "ck_import_mappings_importkind",
        "ck_import_mappings_quotes": "ck_import_mappings_quotemode",
    },
    "import_results": {
        "ck_import_results_outcome": "ck_import_results_lineoutcome",
        "ck_import_results_target": "ck_import_results_targettable",
    },
    "import_rows": {
        "ck_import_rows_outcome": "ck_import_rows_lineoutcome",
    },
    "imports": {
        "ck_imports_kind": "ck_imports_importkind",
        "ck_imports_quotes": "ck_imports_quotemode",
        "ck_imports_state": "ck_imports_importstate",
    },
    "meeting_answers": {
        "ck_meeting_answers_answered_says_something": "ck_meeting_answers_answered_has_an_outcome",
    },
    "reference_requests": {
        "ck_reference_requests_kind": "ck_reference_requests_askkind",
        "ck_reference_requests_outcome": "ck_reference_requests_dealoutcome",
        "ck_reference_requests_state": "ck_reference_requests_requeststate",
        "ck_reference_requests_unfulfilled": "ck_reference_requests_unfulfilledreason",
        "ck_reference_requests_wanted_in_range": "ck_reference_requests_references_needed_in_range",
    },
    "senders": {
        "ck_senders_trial": "ck_senders_keyresult",
    },
    "sequence_runs": {
        "ck_sequence_runs_stop": "ck_sequence_runs_stopreason",
    },
    "sequences": {
        "ck_sequences_state": "ck_sequences_sequencestate",
    },
    "suppressions": {
        "ck_suppressions_reason": "ck_suppressions_suppressionreason",
    },
}
HOLD_REASONS = {
    "quiet": "quiet_hours",
    "cap": "frequency_cap",
    "day": "daily_limit",
    "left": "left_program",
    "over": "obsolete",
    "doubt": "delivery_unknown",
}
SAME_HOLD_REASONS = ("", "complaints", "paused", "suppressed", "consent")
SUBJECTS = {
    "letters": "emails",
    "letter_events": "delivery_events",
    "letter_templates": "email_templates",
    "letter_template_versions": "email_template_versions",
    "tests of letters": "test_emails",
}
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
TOPICS = {
    "AddressChangeAsked": "AddressChangeRequested",
    "AdvocateBack": "AdvocateResumed",
    "AdvocateWaits": "AdvocatePending",
    "EndAsked": "SequenceEndRequested",
    "JoinAsked": "JoinRequested",
    "ResumptionAsked": "SequenceResumeRequested",
    "SignInAsked": "SignInRequested",
    "StartAsked": "SequenceStartRequested",
    "TakenBack": "ConsentWithdrawn",
    "WishesChanged": "PreferencesChanged",
}
ACTIONS = {
    "address changed": "address_changed",
    "address collision resolved": "address_collision_resolved",
    "advocate cannot come": "advocate_cancelled",
    "advocate needs another time": "advocate_requested_another_time",
    "agreed again": "agreed_again",
    "ask withdrawn": "ask_withdrawn",
    "budget overridden": "budget_overridden",
    "call moved": "call_moved",
    "call rated": "feedback_given",
    "call recorded": "call_outcome_recorded",
    "cannot any more": "advocate_dropped_out",
    "clock restarted": "clock_resumed",
    "clock stopped": "clock_paused",
    "closed with content": "content_accepted",
    "colleague suggested": "colleague_suggested",
    "contact named": "contact_set",
    "entered by hand": "entered_by_hand",
    "given up": "given_up",
    "handed over": "delivery_recorded",
    "logo changed": "logo_changed",
    "logo removed": "logo_removed",
    "marked as a duplicate": "marked_duplicate",
    "new address entered": "new_address_entered",
    "new address withdrawn": "new_address_withdrawn",
    "no time fits": "other_times_requested",
    "not held": "not_held",
    "one side stayed silent": "single_answer_applied",
    "other times offered": "other_times_offered",
    "outcome recorded": "outcome_recorded",
    "place set": "dial_in_set",
    "policy changed": "policy_changed",
    "prospect cannot come": "prospect_cancelled",
    "prospect needs another time": "prospect_requested_another_time",
    "region relaxed": "region_relaxed",
    "roles changed": "roles_changed",
    "sender changed": "sender_changed",
    "sendgrid key kept": "key_stored",
    "sendgrid key removed": "key_removed",
    "taken out": "recipient_removed",
    "time picked": "time_picked",
    "times offered": "times_offered",
    "tried again": "tried_again",
    "undo started": "undo_started",
    "wishes changed": "preferences_changed",
    "workspace changed": "workspace_changed",
    "would still help": "still_willing",
}
SCHEDULES = {"late letters": "late emails"}
QUEUES = {"events": "messages"}
CLASSES = {"programme": "program"}
GATEWAYS = {"former account": "previous_account"}
WALLED = ("asks", "emails", "envelopes", "history", "policies", "sequence_runs")
NEEDS_ATTENTION = "(state = 'failed' OR state = 'held' AND hold_reason = '{doubt}') AND given_up_at IS NULL"


OLD = (
    "ck_letters_letterclass",
    "ck_letters_hold",
    "ck_letters_doubt_waits_for_a_person",
    "ix_letters_needs_a_person",
)
NEW = (
    *("ck_emails_emailclass", "ck_emails_holdreason", "ck_emails_unknown_waits_for_a_person"),
    "ix_emails_needs_attention",
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _rename_checks(CHECKS)
    _loosen(*OLD)
    _rewrite(forwards=True)
    _tighten(*NEW, _new)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _loosen(*NEW)
    _rewrite(forwards=False)
    _tighten(*OLD, _old)
    _rename_checks({table: _reversed(names) for table, names in CHECKS.items()})


def _new(mapping: Mapping[str, str], old: str) -> str:
    return mapping[old]


def _old(_mapping: Mapping[str, str], old: str) -> str:
    return old


def _reversed(mapping: Mapping[str, str]) -> dict[str, str]:
    return {new: old for old, new in mapping.items()}


def _rename_checks(checks: Mapping[str, Mapping[str, str]]) -> None:
    for table, names in checks.items():
        for old, new in names.items():
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")


def _loosen(*names: str) -> None:
    *checks, index = names
    op.drop_index(index, table_name="emails")
    for check in checks:
        op.drop_constraint(op.f(check), "emails", type_="check")


def _tighten(
    email_class: str, hold: str, unknown: str, index: str, word: Callable[[Mapping[str, str], str], str]
) -> None:
    classes = ("transactional", "invitation", word(CLASSES, "programme"))
    reasons = ("", *(word(HOLD_REASONS, old) for old in HOLD_REASONS), *SAME_HOLD_REASONS[1:])
    doubt = word(HOLD_REASONS, "doubt")
    waits = f"state <> 'held' OR hold_reason <> '{doubt}' OR due_at IS NULL"
    op.create_check_constraint(op.f(email_class), "emails", f"email_class IN {classes}")
    op.create_check_constraint(op.f(hold), "emails", f"hold_reason IN {reasons}")
    op.create_check_constraint(op.f(unknown), "emails", waits)
    needs = sa.text(NEEDS_ATTENTION.format(doubt=doubt))
    op.create_index(index, "emails", ["tenant_id", "id"], postgresql_where=needs)


def _rewrite(*, forwards: bool) -> None:
    with ExitStack() as walls:
        for table in WALLED:
            walls.enter_context(without_forced_wall(table))
        for table, column, words in VALUES:
            _replace(table, column, words if forwards else _reversed(words))


VALUES = (
    *(
        ("emails", "hold_reason", HOLD_REASONS),
        ("emails", "email_class", CLASSES),
        ("emails", "gateway", GATEWAYS),
    ),
    *((table, "subject_type", SUBJECTS) for table in ("asks", "emails", "history", "sequence_runs")),
    *(("history", "action", ACTIONS), ("policies", "name", POLICIES), ("schedule_runs", "name", SCHEDULES)),
    *(("envelopes", "topic", TOPICS), ("envelopes", "queue", QUEUES)),
)


def _replace(table: str, column: str, words: Mapping[str, str]) -> None:
    cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in words.items())
    op.execute(f"UPDATE {table} SET {column} = CASE {column} {cases} END WHERE {column} IN {_list(words)}")


def _list(words: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"
