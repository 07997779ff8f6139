"""How long somebody wants to pause."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, ValidationError

from portal.advocates.forms import PauseForm, today
from portal.web.forms import select_choices

PAUSE_LENGTHS: list[Any] = [
    ("14", _l("Two weeks")),
    ("30", _l("A month")),
    ("90", _l("Three months")),
    ("day", _l("Until a date I choose")),
]


class PauseMeForm(PauseForm):
    """A pause from an email, always until some day. A date that is typed wins over the choice."""

    span = SelectField(_l("Pause me for"), choices=select_choices(PAUSE_LENGTHS), default="14")

    def pause_until(self) -> date | None:
        return self.until.data or super().back_on()

    def validate_span(self, field: SelectField) -> None:
        if field.data == "day" and self.until.data is None:
            raise ValidationError(_l("Please choose a date in the future."))

    def validate_until(self, field: DateField) -> None:
        if field.data is not None and field.data <= today():
            raise ValidationError(_l("Please choose a date in the future."))
