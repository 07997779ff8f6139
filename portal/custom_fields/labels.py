"""Names of what a field is about, of its type, and of what was done with it."""

from flask_babel import lazy_gettext as _l

from portal.custom_fields.history_actions import FieldAction
from portal.custom_fields.models import CustomFieldType, FieldSubject

SUBJECTS = {FieldSubject.ACCOUNT: _l("Accounts"), FieldSubject.PERSON: _l("People")}
TYPES = {
    CustomFieldType.TEXT: _l("Text"),
    CustomFieldType.NUMBER: _l("Number"),
    CustomFieldType.CHOICE: _l("Choice"),
    CustomFieldType.DATE: _l("Date"),
}
HISTORY_ACTIONS = {
    FieldAction.CREATED: _l("Created"),
    FieldAction.RENAMED: _l("Renamed"),
    FieldAction.CHOICES_CHANGED: _l("Choices changed"),
    FieldAction.RETIRED: _l("Retired"),
    FieldAction.RESTORED: _l("Brought back"),
    FieldAction.STATED: _l("Statement written"),
    FieldAction.STATEMENT_WITHDRAWN: _l("Statement withdrawn"),
    FieldAction.STATEMENT_LAPSED: _l("Statement no longer holds: the field or what is in it has changed"),
    FieldAction.VALUES_CHANGED: _l("Fields changed"),
}
