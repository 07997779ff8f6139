"""The days of a series, each on a line of its own or by a rhythm."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, RadioField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from portal.events.local_times import ClockFault, LocalTime, typed_time
from portal.events.models import Event
from portal.web.forms import Form, select_choices

MOST = 24
WEEKLY, FORTNIGHTLY, MONTHLY = "weekly", "fortnightly", "monthly"
WEEK = timedelta(days=7)


class CloneForm(Form):
    zone = "UTC"
    first = DateTimeLocalField(
        _l("The next one starts"), [InputRequired(_l("Please choose a day and a time."))]
    )
    times = IntegerField(_l("How many"), [InputRequired(), NumberRange(1, MOST)], default=1)
    rhythm = RadioField(
        _l("How far apart"),
        choices=select_choices(
            [
                (WEEKLY, _l("A week")),
                (FORTNIGHTLY, _l("Two weeks")),
                (MONTHLY, _l("A month, on the same weekday")),
            ]
        ),
        default=MONTHLY,
    )

    @classmethod
    def for_event(cls, event: Event) -> "CloneForm":
        before = typed_time(event.starts_at, event.time_zone)
        form = cls(formdata=None, first=next_month(before), times=1)
        form.set_zone(event.time_zone)
        return form

    def set_zone(self, zone: str) -> None:
        self.zone = zone

    def validate_first(self, field: DateTimeLocalField) -> None:
        if field.data and LocalTime(field.data, ZoneInfo(self.zone)).fault is ClockFault.SKIPPED:
            raise ValidationError(_("Clocks go forward over this time. Please choose another."))

    @property
    def starts(self) -> list[datetime]:
        first: Any = self.first.data
        found: list[datetime] = [first]
        while len(found) < (self.times.data or 1):
            found.append(self._after(found[-1]))
        return found

    def _after(self, before: datetime) -> datetime:
        if self.rhythm.data == MONTHLY:
            return next_month(before)
        return before + (WEEK if self.rhythm.data == WEEKLY else 2 * WEEK)


def next_month(before: datetime) -> datetime:
    """The same weekday of the month after: the third Tuesday stays the third Tuesday, or the last one."""
    place = (before.day - 1) // 7
    later = before + 4 * WEEK
    while later.month == before.month or (
        (later.day - 1) // 7 < place and (later + WEEK).month == later.month
    ):
        later += WEEK
    return later
