"""What the history says happened to a custom field, or to the values of an account or a person."""

from portal.history import HistoryAction


class FieldAction(HistoryAction):
    CREATED = "field_created"
    RENAMED = "field_renamed"
    CHOICES_CHANGED = "field_choices_changed"
    RETIRED = "field_retired"
    RESTORED = "field_restored"
    STATED = "field_stated"
    STATEMENT_WITHDRAWN = "field_statement_withdrawn"
    STATEMENT_LAPSED = "field_statement_lapsed"  # its name, its choices or a value is another
    VALUES_CHANGED = "field_values_changed"  # of an account or a person
