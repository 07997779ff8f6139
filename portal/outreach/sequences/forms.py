"""What a manager fills in for a sequence."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.advocates.labels import PURPOSES
from portal.advocates.models import ConsentPurpose
from portal.declarations.reminders import MOST_EMAILS, ReminderSequence
from portal.outreach.governance.sending_hours import SendingHours
from portal.outreach.sequences.editor import SequencePlan
from portal.outreach.sequences.models import EmailSequence, SequenceStep
from portal.outreach.sequences.timing import DAY, HOUR
from portal.outreach.templates.models import EmailTemplate
from portal.segments.audience import Audience
from portal.web.forms import ShownVersionForm, select_choices, single_line

MAX_STEPS = 6
MAX_DAYS = 365
UNITS = {DAY: _l("days"), HOUR: _l("hours"), 1: _l("minutes")}


class SequencePlanForm(ShownVersionForm):
    """Steps are `template_1`, `day_1` and so on; without an email a step is none."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Please enter a name. Only your team sees it.")),
            Length(max=80),
            single_line,
        ],
    )
    purpose = SelectField(_l("Consent required"), default=ConsentPurpose.NEWS.value)
    first_hour = SelectField(_l("Send from"), default="")
    last_hour = SelectField(_l("Send until"), default="")
    has_templates = False
    max_emails = IntegerField(_l("Stop after this many emails"), [Optional(), NumberRange(1, 1_000_000)])

    max_answers = IntegerField(_l("Stop after this many replies"), [Optional(), NumberRange(1, 1_000_000)])

    def set_choices(self, emails: Sequence[EmailTemplate], hours: SendingHours) -> None:
        self.purpose.choices = select_choices(
            (one.value, str(words).capitalize()) for one, words in PURPOSES.items()
        )
        free = range(24) if hours.until_hour <= hours.from_hour else range(hours.from_hour, hours.until_hour)
        self.first_hour.choices = select_choices(
            [("", _("Any hour")), *((str(one), f"{one:02}:00") for one in free)]
        )
        self.last_hour.choices = select_choices(
            [("", _("Any hour")), *((str(one + 1), f"{one + 1:02}:00") for one in free)]
        )
        self.has_templates = bool(emails)
        named = [(str(one.id), f"{one.name} ({PURPOSES[ConsentPurpose(one.purpose)]})") for one in emails]
        for number in STEPS:
            self.template_field(number).choices = select_choices([("", _("No email")), *named])

    def fill_from(self, sequence: EmailSequence, steps: Sequence[SequenceStep]) -> None:
        self.name.data, self.purpose.data = sequence.name, sequence.purpose
        self.seen.data = str(sequence.version)
        self.first_hour.data = _hour_choice(sequence.window_from)
        self.last_hour.data = _hour_choice(sequence.window_until)
        self.max_emails.data, self.max_answers.data = sequence.max_emails, sequence.max_answers
        for step in steps:
            self[f"template_{step.number}"].data = str(step.template_id)
            self[f"day_{step.number}"].data = step.minutes // DAY

    def plan(self, audience: Audience) -> SequencePlan:
        first, last = self.first_hour.data, self.last_hour.data
        return SequencePlan(
            name=self.name.data or "",
            purpose=self.purpose.data,
            steps=self._steps(),
            audience=audience,
            window=(int(first), int(last)) if first and last else None,
            max_emails=self.max_emails.data,
            max_answers=self.max_answers.data,
        )

    def validate_last_hour(self, field: SelectField) -> None:
        first, last = self.first_hour.data, field.data
        if bool(first) != bool(last):
            raise ValidationError(_("Please choose both hours, or neither."))
        if first and last and int(last) <= int(first):
            raise ValidationError(_("Please choose an hour after the first."))

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = super().validate(extra_validators)
        chosen = [number for number in STEPS if self[f"template_{number}"].data]
        for day in (self[f"day_{number}"] for number in chosen[1:]):
            if day.data is None and not day.errors:
                day.errors = [_("Please enter how many days after the start.")]
                is_good = False
        return is_good

    def _steps(self) -> list[tuple[int, UUID]]:
        chosen = [number for number in STEPS if self[f"template_{number}"].data]
        return [
            ((self[f"day_{number}"].data or 0) * DAY, UUID(self[f"template_{number}"].data))
            for number in chosen
        ]

    def template_field(self, number: int) -> SelectField:
        field: SelectField = self[f"template_{number}"]  # type: ignore[assignment]
        return field

    @property
    def last_filled_step(self) -> int:
        return max((number for number in STEPS if self[f"template_{number}"].data), default=0)


STEPS = range(1, MAX_STEPS + 1)
for step_number in STEPS:
    setattr(
        SequencePlanForm,
        f"template_{step_number}",
        SelectField(_l("Email %(number)s", number=step_number), default=""),
    )
    setattr(
        SequencePlanForm,
        f"day_{step_number}",
        IntegerField(
            _l("Email %(number)s: days after the start", number=step_number),
            [Optional(), NumberRange(0, MAX_DAYS)],
        ),
    )


class DelaysForm(ShownVersionForm):
    """Of a sequence that every workspace has; a row without a number is none."""

    def fill_from(self, steps: Sequence[SequenceStep], sequence: EmailSequence) -> None:
        self.seen.data = str(sequence.version)
        for number, step in enumerate(steps, 1):
            length = abs(step.minutes)
            unit = next(unit for unit in UNITS if length % unit == 0)
            self[f"number_{number}"].data, self[f"unit_{number}"].data = length // unit, str(unit)

    def minutes(self, reminders: ReminderSequence) -> list[int]:
        given = [
            (self[f"number_{number}"].data, self[f"unit_{number}"].data)
            for number in range(1, reminders.max_emails + 1)
        ]
        return [reminders.sign * number * int(unit) for number, unit in given if number]


for delay_number in range(1, MOST_EMAILS + 1):
    setattr(
        DelaysForm, f"number_{delay_number}", IntegerField(_l("How long"), [Optional(), NumberRange(0, 1000)])
    )
    setattr(
        DelaysForm,
        f"unit_{delay_number}",
        SelectField(_l("Unit"), choices=select_choices(UNITS.items()), default=str(DAY)),
    )


def _hour_choice(hour: int | None) -> str:
    return "" if hour is None else str(hour)
