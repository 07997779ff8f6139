"""The form of an event. Where its times do not exist or come twice, it says so beside them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.events.labels import FORMATS, GUEST_LISTS, KINDS, REGISTRATIONS
from portal.events.local_times import ClockFault, LocalTime, is_second_time, typed_time
from portal.events.manage.details import EventDetails, fingerprint
from portal.events.models import (
    MOST_PLUS_ONES,
    Event,
    EventFormat,
    EventKind,
    GuestListVisibility,
    RegistrationMode,
)
from portal.time_zones import TIME_ZONES, city
from portal.web.filters import day
from portal.web.forms import Form, label_choices, select_choices, single_line
from tenants.models import Membership

FIRST, SECOND = "first", "second"
WHICH = select_choices(
    [("", _l("Please choose")), (FIRST, _l("The first time")), (SECOND, _l("The second time"))]
)
TEXTS = ("title", "description", "venue", "address", "directions", "join_url")
AS_THEY_ARE = ("plus_ones", "allows_delegates", "answer_by", "asks_needs", "minimum_minutes", "has_checkout")
EVERYBODY, AGAIN, NOBODY = "everybody", "again", "nobody"


def is_web_address(_form: Any, field: StringField) -> None:
    given = field.data or ""
    if given and not (given.startswith(("https://", "http://")) and "." in given and " " not in given):
        raise ValidationError(_("Please enter an address that begins with https://."))


class EventForm(Form):
    seen = HiddenField()  # what the page showed, so that two managers do not overwrite each other
    kind = SelectField(_l("Kind"), choices=label_choices(KINDS))
    title = StringField(
        _l("Title"), [DataRequired(_l("Please give the event a title.")), Length(max=120), single_line]
    )
    description = TextAreaField(_l("Description"), [Length(max=8000)])
    picture = FileField(_l("Picture"))
    removes_picture = BooleanField(_l("Remove the picture"))
    starts = DateTimeLocalField(_l("Starts"), [InputRequired(_l("Please choose a day and a time."))])
    starts_which = SelectField(_l("Which of the two"), choices=WHICH, validate_choice=False)
    ends = DateTimeLocalField(_l("Ends"), [InputRequired(_l("Please choose a day and a time."))])
    ends_which = SelectField(_l("Which of the two"), choices=WHICH, validate_choice=False)
    time_zone = SelectField(_l("Time zone of the place"), choices=select_choices(TIME_ZONES.items()))
    format = RadioField(_l("Where"), choices=label_choices(FORMATS), default=EventFormat.IN_PERSON.value)
    venue = StringField(_l("Place"), [Length(max=120), single_line])
    address = StringField(_l("Address"), [Length(max=200), single_line])
    directions = StringField(_l("How to get in"), [Length(max=300), single_line])
    join_url = StringField(_l("Link of the meeting"), [Length(max=500), single_line, is_web_address])
    capacity = IntegerField(_l("Seats"), [Optional(), NumberRange(1, 100_000)])
    plus_ones = IntegerField(
        _l("People a guest may bring"), [Optional(), NumberRange(0, MOST_PLUS_ONES)], default=0
    )
    allows_delegates = BooleanField(_l("A guest may send a colleague instead"))
    registration = RadioField(
        _l("Who can come"), choices=label_choices(REGISTRATIONS), default=RegistrationMode.INVITED_ONLY.value
    )
    answer_by = DateField(_l("Please answer by"), [Optional()])
    guest_list = RadioField(
        _l("Who sees the guest list"),
        choices=label_choices(GUEST_LISTS),
        default=GuestListVisibility.HOSTS.value,
    )
    asks_needs = BooleanField(_l("Ask for food and access needs"))
    photo_words = TextAreaField(_l("Photos: what guests agree to"), [Length(max=500)])
    recording_words = TextAreaField(_l("Recording: what guests agree to"), [Length(max=500)])
    host = SelectField(_l("Host"), validate_choice=False)
    minimum_minutes = IntegerField(
        _l("Minutes online that count as being there"), [Optional(), NumberRange(0, 600)], default=10
    )
    has_checkout = BooleanField(_l("Note at the door who leaves, and when"))
    budget = DecimalField(_l("Budget"), [Optional(), NumberRange(0, 100_000_000)], places=None)  # type: ignore[call-overload]
    tell = RadioField(
        _l("Who is told"),
        choices=select_choices(
            [
                (EVERYBODY, _l("Everybody who answered or may still come; their answers stay")),
                (AGAIN, _l("Everybody, and those who said yes or maybe are asked again")),
                (NOBODY, _l("Nobody: it was a typo, and start, end and place are what guests know")),
            ]
        ),
        validate_choice=False,
    )

    def set_hosts(self, members: Sequence[Membership]) -> None:
        self.hosts = {str(one.id) for one in members}
        self.host.choices = select_choices([("", _("Nobody")), *((str(one.id), one.name) for one in members)])

    # when

    def validate_starts(self, field: DateTimeLocalField) -> None:
        self._check_clock(field, self.starts_which)

    def validate_ends(self, field: DateTimeLocalField) -> None:
        self._check_clock(field, self.ends_which)
        if self.starts.data and field.data and not self.starts.errors and self._end <= self._start:
            raise ValidationError(_("Please choose an end after the start."))
        if self.starts.data and field.data and (self._end - self._start).days >= 14:
            raise ValidationError(_("An event lasts two weeks at most. Please check the end."))

    def _check_clock(self, field: DateTimeLocalField, which: SelectField) -> None:
        if self.time_zone.data not in TIME_ZONES or field.data is None:
            return
        local = LocalTime(field.data, self._zone)
        facts = {"time": f"{field.data:%H:%M}", "day": day(field.data.date()), "place": city(self._zone.key)}
        if local.fault is ClockFault.SKIPPED:
            words = _("There is no %(time)s on %(day)s in %(place)s: clocks go forward over it.", **facts)
            raise ValidationError(words)
        if local.fault is ClockFault.TWICE and which.data not in (FIRST, SECOND):
            words = _("%(time)s comes twice on %(day)s in %(place)s: clocks go back. Which is it?", **facts)
            raise ValidationError(words)

    def comes_twice(self, field: DateTimeLocalField) -> bool:
        """The page then asks which of the two."""
        if field.data is None or self.time_zone.data not in TIME_ZONES:
            return False
        return LocalTime(field.data, self._zone).fault is ClockFault.TWICE

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone.data)

    @property
    def _start(self) -> datetime:
        return self._moment(self.starts.data, self.starts_which.data)

    @property
    def _end(self) -> datetime:
        return self._moment(self.ends.data, self.ends_which.data)

    def _moment(self, typed: Any, which: Any) -> datetime:
        local = LocalTime(typed, self._zone)
        return local.second if which == SECOND else local.first

    # where

    def validate_venue(self, field: StringField) -> None:
        if self.format.data != EventFormat.ONLINE and not field.data:
            raise ValidationError(_("Please say where it is, so that guests find it."))

    def validate_host(self, field: SelectField) -> None:
        if field.data and field.data not in self.hosts:
            raise ValidationError(_("Please choose an option from the list."))

    def details(self) -> EventDetails:
        """Of a form that is valid."""
        budget: Decimal | None = self.budget.data
        texts = {name: getattr(self, name).data or "" for name in TEXTS}
        rest = {name: getattr(self, name).data for name in AS_THEY_ARE}
        numbers = {"plus_ones": rest["plus_ones"] or 0, "minimum_minutes": rest["minimum_minutes"] or 0}
        return EventDetails(
            **texts,
            **(rest | numbers),
            kind=EventKind(self.kind.data),
            starts_at=self._start,
            ends_at=self._end,
            time_zone=self._zone.key,
            format=EventFormat(self.format.data),
            registration=RegistrationMode(self.registration.data),
            guest_list=GuestListVisibility(self.guest_list.data),
            host_id=UUID(self.host.data) if self.host.data else None,
            budget_cents=None if budget is None else int(budget * 100),
        )


def form_data(event: Event) -> dict[str, Any]:
    """How the form shows an event; its consent texts come from elsewhere."""
    zone = event.time_zone
    own = {name: getattr(event, name) for name in (*TEXTS, *AS_THEY_ARE, "time_zone")}
    chosen = {name: getattr(event, name).value for name in ("kind", "format", "registration", "guest_list")}
    return {
        **own,
        **chosen,
        "starts": typed_time(event.starts_at, zone),
        "starts_which": SECOND if is_second_time(event.starts_at, zone) else FIRST,
        "ends": typed_time(event.ends_at, zone),
        "ends_which": SECOND if is_second_time(event.ends_at, zone) else FIRST,
        "host": str(event.host_id or ""),
        "budget": None if event.budget_cents is None else Decimal(event.budget_cents) / 100,
        "seen": fingerprint(event),
    }
