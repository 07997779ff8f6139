"""Custom fields are made, renamed, retired and vouched for; accounts and people get values in them."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal import history
from portal.accounts.models import Account
from portal.accounts.name_normalization import normal_name
from portal.advocates.models import Advocate
from portal.custom_fields import queries
from portal.custom_fields.history_actions import FieldAction
from portal.custom_fields.models import CustomField, CustomFieldType, CustomFieldValue, FieldSubject
from portal.custom_fields.values import VALUE_COLUMNS, FieldValue, as_json, value_of
from portal.declarations.attributes import forget_attributes
from portal.declarations.origin_statement import lapse_statements, lock_for_statement, write_statement
from portal.errors import Conflict, DomainError
from portal.unique_names import refuse_taken_name
from tenants.clock import utc_now
from tenants.models import Membership


class NameTaken(DomainError):
    """Two fields about the same can't have one name."""


def create(
    session: Session,
    about: FieldSubject,
    name: str,
    field_type: CustomFieldType,
    choices: Sequence[str] = (),
    *,
    by: Membership,
) -> CustomField:
    _insist_on_new_name(session, about, name)
    offered = list(choices) if field_type is CustomFieldType.CHOICE else []
    field = CustomField(about=about, name=name, name_norm=normal_name(name), type=field_type, choices=offered)
    with refuse_taken_name(session, _name_taken(name)):
        session.add(field)
    history.record(session, field, FieldAction.CREATED, by=by, name=name)
    return field


def edit(
    session: Session,
    field: CustomField,
    name: str,
    choices: Sequence[str],
    *,
    by: Membership,
    seen_version: str,
) -> None:
    _check_version(field, seen_version)
    before = (field.name, field.choices)
    _rename(session, field, name, by)
    if field.type is CustomFieldType.CHOICE and list(choices) != field.choices:
        told = {"before": ", ".join(field.choices), "after": ", ".join(choices)}
        field.choices = list(choices)
        history.record(session, field, FieldAction.CHOICES_CHANGED, by=by, **told)
    if (field.name, field.choices) != before:
        lapse_stated(session, [field.id], by)


def retire(session: Session, field: CustomField, *, by: Membership) -> None:
    """Its values stay, and it is no longer asked for."""
    if not field.is_retired:
        field.retired_at = utc_now()
        history.record(session, field, FieldAction.RETIRED, by=by)


def restore(session: Session, field: CustomField, *, by: Membership) -> None:
    if field.is_retired:
        field.retired_at = None
        history.record(session, field, FieldAction.RESTORED, by=by)


def state_origin(
    session: Session, field: CustomField, text: str, *, by: Membership, seen_version: str
) -> None:
    """Write down, or take back, that nothing in the field comes from satisfaction."""
    lock_for_statement(session, field)
    _check_version(field, seen_version)
    if write_statement(field, text, by=by):
        action = FieldAction.STATED if field.has_statement else FieldAction.STATEMENT_WITHDRAWN
        history.record(session, field, action, by=by, text=field.statement)


def lapse_stated(session: Session, field_ids: Collection[UUID], by: Membership | None = None) -> None:
    """The fields say something else now, or of others: what was stated was said of what was there."""
    session.flush()
    for field in lapse_statements(session, CustomField, field_ids):
        history.record(session, field, FieldAction.STATEMENT_LAPSED, by=by)
        forget_attributes(session)


def change_values(
    session: Session,
    subject: Account | Advocate,
    values: Mapping[UUID, FieldValue | None],
    *,
    by: Membership,
) -> bool:
    """Write the values of some fields; nothing known takes a value away. Tell whether anything changed."""
    fields = {field.id: field for field in queries.offered_fields(session, queries.about(subject))}
    known = queries.value_rows(session, subject, values)
    before = {field_id: value_of(row) for field_id, row in known.items()}
    changed = {each: new for each, new in values.items() if each in fields and new != before.get(each)}
    if changed:
        flag_modified(subject, "external_id")  # whoever edits the row at the same time is told
        lapse_stated(session, changed, by)
    for field_id, value in changed.items():
        _write(session, subject, fields[field_id], known.get(field_id), value)
    if changed:
        told = {fields[each].name: [as_json(before.get(each)), as_json(new)] for each, new in changed.items()}
        history.record(session, subject, FieldAction.VALUES_CHANGED, by=by, changes=told)
    return bool(changed)


def _write(
    session: Session,
    subject: Account | Advocate,
    field: CustomField,
    row: CustomFieldValue | None,
    value: FieldValue | None,
) -> None:
    if value is None:
        session.delete(row)
        return
    if row is None:
        row = CustomFieldValue(field_id=field.id, version=0)
        setattr(row, queries.subject_column(field.about).key, subject.id)
        session.add(row)
    setattr(row, VALUE_COLUMNS[field.type], value)
    row.version += 1


def _rename(session: Session, field: CustomField, name: str, by: Membership) -> None:
    if name == field.name:
        return
    if normal_name(name) != field.name_norm:
        _insist_on_new_name(session, field.about, name)
    before = field.name
    with refuse_taken_name(session, _name_taken(name)):
        field.name, field.name_norm = name, normal_name(name)
    history.record(session, field, FieldAction.RENAMED, by=by, before=before, after=name)


def _insist_on_new_name(session: Session, about: FieldSubject, name: str) -> None:
    if queries.field_named(session, about, name):
        raise _name_taken(name)


def _name_taken(name: str) -> NameTaken:
    return NameTaken("There’s already a field called “%(name)s”.", name=name)


def _check_version(field: CustomField, seen_version: str) -> None:
    if str(field.version) != seen_version:
        raise Conflict(
            "Someone else changed “%(name)s” while you had this page open. Your change wasn’t saved.",
            name=field.name,
        )
