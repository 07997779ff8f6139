"""What a manager fills in for a sequence."""

from collections.abc import Mapping
from collections.abc import Sequence as Row
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.advocates.labels import PURPOSES
from portal.advocates.models import Purpose
from portal.outreach.hours import Hours
from portal.outreach.sequences.audience import Audience
from portal.outreach.sequences.making import Plan
from portal.outreach.sequences.models import Sequence, Step
from portal.outreach.sequences.standards import STANDARDS, Standard
from portal.outreach.sequences.timing import DAY, HOUR
from portal.outreach.templates.models import Template
from portal.web.filters import region
from portal.web.forms import Form, one_line, options

MOST_STEPS = 6
LAST_DAY = 365
UNITS = {DAY: _l("days"), HOUR: _l("hours"), 1: _l("minutes")}
MOST_DELAYS = max(each.most for each in STANDARDS.values())


class SeenForm(Form):
    """Two managers at once do not save over each other."""

    seen = HiddenField()

    @property
    def seen_number(self) -> int:
        """A number nobody could have seen matches no version."""
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class PlanForm(SeenForm):
    """Steps are `letter_1`, `day_1` and so on; without a letter a step is none."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Please give it a name. Only you and your colleagues see it.")),
            Length(max=80),
            one_line,
        ],
    )
    purpose = SelectField(_l("What its readers agreed to"), default=Purpose.NEWS.value)
    product = SelectField(_l("Uses"), default="")
    region = SelectField(_l("Region"), default="")
    industry = SelectField(_l("Industry"), default="")
    first_hour = SelectField(_l("Leaves from"), default="")
    last_hour = SelectField(_l("and until"), default="")
    has_letters = False
    most_letters = IntegerField(_l("Stop after so many letters"), [Optional(), NumberRange(1, 1_000_000)])

    most_answers = IntegerField(_l("Stop after so many answers"), [Optional(), NumberRange(1, 1_000_000)])

    def offer(self, letters: Row[Template], known: Mapping[str, Row[str]], hours: Hours) -> None:
        """What can be chosen: the workspace's own letters, the values people have, the hours letters leave in."""
        every = [("", _("Everybody"))]
        self.purpose.choices = options(
            (one.value, str(words).capitalize()) for one, words in PURPOSES.items()
        )
        self.product.choices = options([*every, *((value, value) for value in known["product"])])
        self.region.choices = options([*every, *((value, region(value)) for value in known["region"])])
        self.industry.choices = options([*every, *((value, value) for value in known["industry"])])
        free = range(24) if hours.until <= hours.first else range(hours.first, hours.until)
        self.first_hour.choices = options(
            [("", _("Any hour")), *((str(one), f"{one:02}:00") for one in free)]
        )
        self.last_hour.choices = options(
            [("", _("Any hour")), *((str(one + 1), f"{one + 1:02}:00") for one in free)]
        )
        self.has_letters = bool(letters)
        named = [(str(one.id), f"{one.name} ({PURPOSES[Purpose(one.purpose)]})") for one in letters]
        for number in STEPS:
            self.letter(number).choices = options([("", _("No letter")), *named])

    def hold(self, sequence: Sequence, steps: Row[Step]) -> None:
        self.name.data, self.purpose.data = sequence.name, sequence.purpose
        self.seen.data = str(sequence.version)
        for name, value in sequence.audience.items():
            self[name].data = value
        self.first_hour.data = _hour(sequence.window_from)
        self.last_hour.data = _hour(sequence.window_until)
        self.most_letters.data, self.most_answers.data = sequence.most_letters, sequence.most_answers
        for step in steps:
            self[f"letter_{step.number}"].data = str(step.template_id)
            self[f"day_{step.number}"].data = step.minutes // DAY

    def plan(self) -> Plan:
        first, last = self.first_hour.data, self.last_hour.data
        return Plan(
            name=self.name.data or "",
            purpose=self.purpose.data,
            steps=self._steps(),
            audience=Audience(self.product.data or "", self.region.data or "", self.industry.data or ""),
            window=(int(first), int(last)) if first and last else None,
            most_letters=self.most_letters.data,
            most_answers=self.most_answers.data,
        )

    def validate_last_hour(self, field: SelectField) -> None:
        first, last = self.first_hour.data, field.data
        if bool(first) != bool(last):
            raise ValidationError(_("Please choose both hours, or neither."))
        if first and last and int(last) <= int(first):
            raise ValidationError(_("Please choose an hour after the first."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A letter after the first says when; an empty box is no day."""
        is_good = super().validate(extra_validators)
        chosen = [number for number in STEPS if self[f"letter_{number}"].data]
        for day in (self[f"day_{number}"] for number in chosen[1:]):
            if day.data is None and not day.errors:
                day.errors = [_("Please say how many days after the start.")]
                is_good = False
        return is_good

    def _steps(self) -> list[tuple[int, UUID]]:
        chosen = [number for number in STEPS if self[f"letter_{number}"].data]
        return [
            ((self[f"day_{number}"].data or 0) * DAY, UUID(self[f"letter_{number}"].data))
            for number in chosen
        ]

    def letter(self, number: int) -> SelectField:
        field: SelectField = self[f"letter_{number}"]  # type: ignore[assignment]
        return field

    @property
    def filled(self) -> int:
        """The last step that has a letter."""
        return max((number for number in STEPS if self[f"letter_{number}"].data), default=0)


STEPS = range(1, MOST_STEPS + 1)
for step_number in STEPS:
    setattr(
        PlanForm,
        f"letter_{step_number}",
        SelectField(_l("Letter %(number)s", number=step_number), default=""),
    )
    setattr(
        PlanForm,
        f"day_{step_number}",
        IntegerField(
            _l("Letter %(number)s, days after the start", number=step_number),
            [Optional(), NumberRange(0, LAST_DAY)],
        ),
    )


class DelaysForm(SeenForm):
    """Of a sequence that every workspace has; a row without a number is none."""

    def hold(self, steps: Row[Step], sequence: Sequence) -> None:
        self.seen.data = str(sequence.version)
        for number, step in enumerate(steps, 1):
            length = abs(step.minutes)
            unit = next(unit for unit in UNITS if length % unit == 0)
            self[f"number_{number}"].data, self[f"unit_{number}"].data = length // unit, str(unit)

    def minutes(self, of: Standard) -> list[int]:
        given = [
            (self[f"number_{number}"].data, self[f"unit_{number}"].data) for number in range(1, of.most + 1)
        ]
        return [of.sign * number * int(unit) for number, unit in given if number]


for delay_number in range(1, MOST_DELAYS + 1):
    setattr(
        DelaysForm, f"number_{delay_number}", IntegerField(_l("How long"), [Optional(), NumberRange(0, 1000)])
    )
    setattr(
        DelaysForm,
        f"unit_{delay_number}",
        SelectField(_l("Unit"), choices=options(UNITS.items()), default=str(DAY)),
    )


def _hour(hour: int | None) -> str:
    return "" if hour is None else str(hour)
