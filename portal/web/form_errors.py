"""What a form owes its reader: errors named on top, and every input tied to its help and its error."""

from collections.abc import Iterator

from wtforms import Field, Form, FormField
from wtforms.fields import FieldList

FieldError = tuple[str, str]

MAX_LABEL = 70  # the longest label of a policy


def field_errors(form: Form) -> list[FieldError]:
    whole = [("", str(words)) for words in form.form_errors]
    return whole + [error for field in form for error in _errors_of(field)]


def aria_attributes(field: Field, help_text: object = "") -> dict[str, str]:
    """Return attributes that let a screen reader say help and error together with the input."""
    parts = [f"{field.id}-help"] * bool(help_text) + [f"{field.id}-error"] * bool(field.errors)
    described = {"aria-describedby": " ".join(parts)} if parts else {}
    return described | ({"aria-invalid": "true"} if field.errors else {})


def _errors_of(field: Field) -> Iterator[FieldError]:
    if isinstance(field, (FormField, FieldList)):
        for part in field:
            yield from _errors_of(part)
    elif field.errors:
        words = str(field.errors[0])
        yield field.id, f"{label}: {words}" if (label := _short_label(field)) else words


def _short_label(field: Field) -> str:
    """The label, where it names the field; a whole sentence would not."""
    label = str(field.label.text)
    return label if len(label) <= MAX_LABEL else ""
