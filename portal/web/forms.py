"""The base of every form: it asks and checks, it never queries. Choices are handed in."""

from collections.abc import Iterable, MutableMapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import SelectChoice, StringField, ValidationError  # type: ignore[attr-defined]
from wtforms.form import BaseForm


class Form(FlaskForm):
    """Text is trimmed and freed of control characters before it is checked."""

    def __init__(self, formdata: Any = _Auto, **given: Any) -> None:
        super().__init__(formdata, **given)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: BaseForm, unbound_field: Any, options: MutableMapping[str, Any]) -> Any:
            given = options.pop("filters", ()) or ()
            if issubclass(unbound_field.field_class, StringField):
                own = unbound_field.kwargs.get("filters", ())
                return unbound_field.bind(form=form, **options, filters=[tidy, *given, *own])
            return unbound_field.bind(form=form, **options)


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """What may be chosen, from (value, words); words may be lazy."""
    return [SelectChoice(str(value), words) for value, words in pairs]


def tidy(text: Any) -> Any:
    """Without blanks around it and without control characters (a NUL cannot be stored); lines stay lines."""
    if not isinstance(text, str):
        return text
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").strip()


def one_line(_: BaseForm, field: Any) -> None:
    """A validator: names, subjects and addresses may not hold a line break."""
    if field.data and ("\n" in field.data or "\r" in field.data):
        raise ValidationError(field.gettext("Please keep this on one line."))
