"""The base of every form: it asks and checks, it never queries. Choices are handed in."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from flask_wtf.i18n import Translations
from wtforms import (  # type: ignore[attr-defined]
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    StringField,
    ValidationError,
)
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from portal.email_address import AddressFault, InvalidAddress, parse_address
from portal.text import clean_text, is_one_line
from portal.web.renamed_fields import with_new_names

TOO_LONG = "Field cannot be longer than %(max)d characters."
MESSAGES = {
    TOO_LONG: _l("Please keep this to %(max)d characters."),
    "Not a valid integer value.": _l("Please enter a whole number."),
    "Not a valid decimal value.": _l("Please enter a number like 12500.50."),
    "Not a valid date value.": _l("Please choose a day."),
    "Not a valid datetime value.": _l("Please choose a day and a time."),
    "Not a valid choice.": _l("Please choose an option from the list."),
    "Not a valid choice": _l("Please choose an option from the list."),
    "Number must be between %(min)s and %(max)s.": _l("Please choose a number from %(min)s to %(max)s."),
    "Number must be at least %(min)s.": _l("Please choose a number of at least %(min)s."),
    "This field is required.": _l("Please fill this in."),
}


class FormTranslations(Translations):
    """What WTForms says by itself, in our words."""

    def gettext(self, string: str) -> str:
        return str(MESSAGES.get(string) or super().gettext(string))  # type: ignore[no-untyped-call]

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        ours = MESSAGES.get(plural)
        return str(ours or super().ngettext(singular, plural, n))  # type: ignore[no-untyped-call]


class Form(FlaskForm):
    """Text is trimmed and freed of control characters before it is checked."""

    def __init__(self, formdata: Any = _Auto, **given: Any) -> None:
        super().__init__(formdata, **given)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: BaseForm) -> FormTranslations:
            return FormTranslations()

        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            posted = super().wrap_formdata(form, formdata)  # type: ignore[no-untyped-call]
            return with_new_names(form, posted)

        def bind_field(self, form: BaseForm, unbound_field: Any, options: MutableMapping[str, Any]) -> Any:
            kind, given = unbound_field.field_class, unbound_field.kwargs
            if issubclass(kind, StringField):
                filters = (*(options.pop("filters", ()) or ()), *given.get("filters", ()))
                return unbound_field.bind(form=form, **options, filters=[_clean, *filters])
            field = unbound_field.bind(form=form, **options)
            if check := next(
                (check for fields, check in TYPE_VALIDATORS.items() if issubclass(kind, fields)), None
            ):
                field.validators = [check, *field.validators]
            return field


def select_choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(str(value), words) for value, words in pairs]


def label_choices(labels: Mapping[Any, Any], empty: object = None) -> list[SelectChoice]:
    first: list[tuple[str, Any]] = [("", empty)] if empty is not None else []
    return select_choices(
        [*first, *((getattr(value, "value", value), words) for value, words in labels.items())]
    )


def _clean(data: Any) -> Any:
    return clean_text(data) if isinstance(data, str) else data


def reasonable_number(_: BaseForm, field: Any) -> None:
    if field.data is not None and not is_reasonable(Decimal(field.data)):
        raise StopValidation(gettext("Please enter a valid number."))


def is_reasonable(number: Decimal) -> bool:
    """Tell whether it is finite, with at most 15 digits before the point and 6 behind it."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and number.adjusted() < 15 and exponent >= -6


def plausible_date(_: BaseForm, field: Any) -> None:
    if field.data is not None and not 1900 <= field.data.year <= 2199:
        raise StopValidation(gettext("Please choose a year between 1900 and 2199."))


TYPE_VALIDATORS = {
    IntegerField: reasonable_number,
    DecimalField: reasonable_number,
    DateField: plausible_date,
}


def single_line(_: BaseForm, field: Any) -> None:
    if field.data and not is_one_line(field.data):
        raise ValidationError(field.gettext("Please keep this on one line."))


def valid_address(words: Any = "") -> Callable[[BaseForm, Any], None]:
    def check(_: BaseForm, field: Any) -> None:
        try:
            field.data = parse_address(field.data or "")
        except InvalidAddress as wrong:
            own = words if wrong.fault is AddressFault.NOT_AN_ADDRESS else ""
            raise ValidationError(own or gettext(wrong.reason)) from wrong

    return check


class ShownVersionForm(Form):
    """Remembers which version its page showed, so that two people do not overwrite each other."""

    seen = HiddenField()
    version_if_empty = -1  # matches no version

    @property
    def shown_version(self) -> int:
        text = str(self.seen.data or "")
        if not text:
            return self.version_if_empty
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
