"""A session, a material, a question, a cost line: each is asked on a page of its own."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.events.agenda_models import EventMaterial, EventSession, MaterialMoment
from portal.events.labels import MATERIAL_MOMENTS, QUESTION_TYPES
from portal.events.local_times import ClockFault, LocalTime, typed_time
from portal.events.manage.forms import is_web_address
from portal.events.models import MOST_CHOICES, Event, EventCost, EventQuestion, QuestionType
from portal.web.forms import Form, label_choices, single_line

LONGEST_CHOICE = 80


class PartForm(Form):
    """`event` is given by the page before it is checked."""

    event: Event
    before: Any = None  # the row, where one is changed

    def columns(self) -> dict[str, Any]:
        raise NotImplementedError


class SessionForm(PartForm):
    title = StringField(
        _l("Title"), [DataRequired(_l("Please give the session a title.")), Length(max=120), single_line]
    )
    starts = DateTimeLocalField(_l("Starts"), [InputRequired(_l("Please choose a day and a time."))])
    ends = DateTimeLocalField(_l("Ends"), [Optional()])
    room = StringField(_l("Room or table"), [Length(max=80), single_line])
    description = TextAreaField(_l("What it is about"), [Length(max=2000)])
    is_chosen = BooleanField(_l("Guests say whether they come to it"))
    capacity = IntegerField(_l("Places"), [Optional(), NumberRange(1, 100_000)])

    @staticmethod
    def data_of(row: EventSession, event: Event) -> dict[str, Any]:
        names = ("title", "room", "description", "is_chosen", "capacity")
        ends = typed_time(row.ends_at, event.time_zone) if row.ends_at else None
        return {
            **{name: getattr(row, name) for name in names},
            "starts": typed_time(row.starts_at, event.time_zone),
            "ends": ends,
        }

    def validate_starts(self, field: DateTimeLocalField) -> None:
        at = self._at(field)
        if at is not None and not self.event.starts_at <= at < self.event.ends_at:
            raise ValidationError(_("Please choose a time between start and end of the event."))

    def validate_ends(self, field: DateTimeLocalField) -> None:
        at, start = self._at(field), self._at(self.starts)
        if at and start and at <= start:
            raise ValidationError(_("Please choose an end after the start."))

    def validate_capacity(self, field: IntegerField) -> None:
        if field.data and not self.is_chosen.data:
            raise ValidationError(_("Places are counted only where guests say whether they come."))
        taken = self.before.seats_taken if self.before else 0
        if taken and field.data is not None and field.data < taken:
            raise ValidationError(_("%(taken)s places are taken, so it can’t be fewer.", taken=taken))

    def _at(self, field: DateTimeLocalField) -> datetime | None:
        if field.data is None:
            return None
        local = LocalTime(field.data, ZoneInfo(self.event.time_zone))
        if local.fault is ClockFault.SKIPPED:
            raise ValidationError(_("Clocks go forward over this time, so it doesn’t exist on that day."))
        return local.first

    def columns(self) -> dict[str, Any]:
        names = ("title", "room", "description")
        return {
            **{name: getattr(self, name).data or "" for name in names},
            "starts_at": self._at(self.starts),
            "ends_at": self._at(self.ends),
            "is_chosen": bool(self.is_chosen.data),
            "capacity": self.capacity.data if self.is_chosen.data else None,
        }


class MaterialForm(PartForm):
    title = StringField(
        _l("Title"), [DataRequired(_l("Please say what it is.")), Length(max=120), single_line]
    )
    moment = RadioField(
        _l("Who gets it, and when"),
        choices=label_choices(MATERIAL_MOMENTS),
        default=MaterialMoment.BEFORE.value,
    )
    url = StringField(_l("Address"), [Length(max=500), single_line, is_web_address])
    file = FileField(_l("File"))

    @staticmethod
    def data_of(row: EventMaterial, _event: Event) -> dict[str, Any]:
        return {"title": row.title, "moment": row.moment.value, "url": row.url}

    @property
    def upload(self) -> FileStorage | None:
        given = self.file.data
        return given if isinstance(given, FileStorage) and given.filename else None

    def validate_file(self, field: FileField) -> None:
        has_file = bool(self.upload or (self.before and self.before.file_id and not self.url.data))
        if bool(self.url.data) == has_file:
            raise ValidationError(_("Please choose a file, or enter an address."))

    def columns(self) -> dict[str, Any]:
        return {
            "title": self.title.data,
            "moment": MaterialMoment(self.moment.data),
            "url": self.url.data or "",
        }


class QuestionForm(PartForm):
    question = StringField(
        _l("Question"), [DataRequired(_l("Please write the question.")), Length(max=200), single_line]
    )
    kind = RadioField(
        _l("How guests answer"), choices=label_choices(QUESTION_TYPES), default=QuestionType.TEXT.value
    )
    choices = TextAreaField(_l("Answers to choose from"), [Length(max=1500)])
    is_required = BooleanField(_l("Whoever says yes has to answer"))

    @staticmethod
    def data_of(row: EventQuestion, _event: Event) -> dict[str, Any]:
        own = {"question": row.question, "kind": row.kind.value, "is_required": row.is_required}
        return own | {"choices": "\n".join(row.choices)}

    @property
    def listed(self) -> list[str]:
        lines = (line.strip() for line in (self.choices.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate_choices(self, field: TextAreaField) -> None:
        if self.kind.data != QuestionType.CHOICE:
            return
        if not 2 <= len(self.listed) <= MOST_CHOICES:
            words = _("Please write 2 to %(most)d answers, each on a line of its own.", most=MOST_CHOICES)
            raise ValidationError(words)
        if any(len(each) > LONGEST_CHOICE for each in self.listed):
            raise ValidationError(_("Please keep each answer to 80 characters."))

    def columns(self) -> dict[str, Any]:
        kind = QuestionType(self.kind.data)
        return {
            "question": self.question.data,
            "kind": kind,
            "choices": self.listed if kind is QuestionType.CHOICE else [],
            "is_required": bool(self.is_required.data),
        }


class CostForm(PartForm):
    label = StringField(
        _l("What it is for"), [DataRequired(_l("Please say what it is for.")), Length(max=120), single_line]
    )
    quantity = IntegerField(_l("How many"), [InputRequired(), NumberRange(1, 100_000)], default=1)
    unit = DecimalField(  # type: ignore[call-overload]
        _l("Price of one"),
        [InputRequired(_l("Please enter a price.")), NumberRange(0, 10_000_000)],
        places=None,
    )

    @staticmethod
    def data_of(row: EventCost, _event: Event) -> dict[str, Any]:
        return {"label": row.label, "quantity": row.quantity, "unit": row.unit_cents / 100}

    def columns(self) -> dict[str, Any]:
        cents = int((self.unit.data or 0) * 100)
        return {"label": self.label.data, "quantity": self.quantity.data, "unit_cents": cents}
