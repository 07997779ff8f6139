"""A field as an admin makes it, and the inputs in which people are asked for its value."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from portal.custom_fields.labels import SUBJECTS, TYPES
from portal.custom_fields.models import MAX_TEXT, CustomField, CustomFieldType, FieldSubject
from portal.custom_fields.queries import FilledField
from portal.custom_fields.values import FieldValue, input_name
from portal.web.forms import Form, label_choices, select_choices, single_line

MAX_CHOICES, MAX_CHOICE = 50, 100


class FieldForm(Form):
    """Name and choices; what a field is about and its type stay."""

    name = StringField(_l("Name"), [DataRequired(_l("Please enter a name.")), Length(max=60), single_line])
    choices = TextAreaField(_l("Choices"), [Length(max=MAX_CHOICES * (MAX_CHOICE + 2))])
    version = HiddenField()
    type_of_field: CustomFieldType | None = None

    @property
    def listed_choices(self) -> list[str]:
        lines = (" ".join(line.split()) for line in (self.choices.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate_choices(self, field: TextAreaField) -> None:
        if self.chosen_type is not CustomFieldType.CHOICE:
            return
        if not self.listed_choices:
            raise ValidationError(_l("Please enter at least one choice, each on a line of its own."))
        if len(self.listed_choices) > MAX_CHOICES:
            raise ValidationError(_l("Please enter at most 50 choices."))
        if any(len(choice) > MAX_CHOICE for choice in self.listed_choices):
            raise ValidationError(_l("A choice can have at most 100 characters."))

    @property
    def chosen_type(self) -> CustomFieldType | None:
        return self.type_of_field


class NewFieldForm(FieldForm):
    about = SelectField(_l("It’s about"), [InputRequired()], choices=label_choices(SUBJECTS))
    type = SelectField(_l("Type"), [InputRequired()], choices=label_choices(TYPES))

    @property
    def chosen_type(self) -> CustomFieldType | None:
        return CustomFieldType(self.type.data) if self.type.data in set(CustomFieldType) else None

    @property
    def chosen_subject(self) -> FieldSubject:
        return FieldSubject(self.about.data)


def finite(_: BaseForm, field: DecimalField) -> None:
    if field.data is not None and not field.data.is_finite():
        raise ValidationError(_l("Please enter a valid number."))


def inputs(fields: Iterable[CustomField], held: Sequence[FilledField] = ()) -> dict[str, Field]:
    """One input for each field, by its name; a choice that is no longer offered stays choosable where it is held."""
    values = {each.field.id: each.value for each in held}
    return {input_name(field.id): _input(field, values.get(field.id)) for field in fields}


def input_data(held: Iterable[FilledField]) -> dict[str, FieldValue]:
    return {input_name(each.field.id): each.value for each in held}


def entered_values(form: Form, fields: Iterable[CustomField]) -> Mapping[UUID, FieldValue | None]:
    """What somebody filled in; nothing: None."""
    entered: dict[UUID, Any] = {field.id: form[input_name(field.id)].data for field in fields}
    return {field_id: None if value == "" else value for field_id, value in entered.items()}


def _input(field: CustomField, held: FieldValue | None) -> Any:
    if field.type is CustomFieldType.CHOICE:
        named = [*field.choices, *([held] if held and held not in field.choices else ())]
        choices = [("", _l("Not known")), *((name, name) for name in named)]
        return SelectField(field.name, choices=select_choices(choices), default="")
    if field.type is CustomFieldType.NUMBER:
        return DecimalField(field.name, [Optional(), finite], places=None)
    if field.type is CustomFieldType.DATE:
        return DateField(field.name, [Optional()])
    return StringField(field.name, [Length(max=MAX_TEXT), single_line])
