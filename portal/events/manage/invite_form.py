"""Whom to invite: an audience, a past event's guests, or people by their addresses; how many, and when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional

from portal.events.models import Event
from portal.web.filters import day
from portal.web.forms import Form, select_choices
from tenants.clock import utc_now
from tenants.models import Membership

AUDIENCE, PAST_EVENT, ADDRESSES = "audience", "event", "addresses"
CAME, INVITED = "came", "invited"
MOST_ADDRESSES = 5000


class InviteForm(Form):
    source = RadioField(
        _l("Who"),
        choices=select_choices(
            [
                (AUDIENCE, _l("Everyone in the program, or whoever fits below")),
                (PAST_EVENT, _l("Guests of a past event")),
                (ADDRESSES, _l("People by their email addresses")),
            ]
        ),
        default=AUDIENCE,
    )
    past_event = SelectField(_l("Past event"), validate_choice=False)
    who = RadioField(
        _l("Which of its guests"),
        choices=select_choices([(CAME, _l("Those who were there")), (INVITED, _l("All who were invited"))]),
        default=CAME,
    )
    addresses = TextAreaField(_l("Email addresses"), [Length(max=400_000)])
    size = IntegerField(_l("At most"), [Optional(), NumberRange(1, 1_000_000)])
    invite_at = DateTimeLocalField(_l("Send on"), [Optional()])
    approver = SelectField(_l("Who approves it"), validate_choice=False)
    seen = HiddenField()

    def set_choices(self, past: Sequence[Event], approvers: Sequence[Membership]) -> None:
        self.ids = {str(one.id) for one in (*past, *approvers)}
        events = [(str(one.id), f"{one.title}, {day(one.starts_at, one.time_zone)}") for one in past]
        self.past_event.choices = select_choices([("", _("Please choose")), *events])
        members = [(str(one.id), one.name) for one in approvers]
        self.approver.choices = select_choices([("", _("Please choose")), *members])

    def validate_past_event(self, field: SelectField) -> None:
        if self.source.data == PAST_EVENT and self.past_event_id is None:
            raise ValidationError(_("Please choose an event."))

    def validate_addresses(self, field: TextAreaField) -> None:
        if self.source.data == ADDRESSES and not self.listed_addresses:
            raise ValidationError(_("Please enter at least one address."))
        if len(self.listed_addresses) > MOST_ADDRESSES:
            raise ValidationError(_("Please enter %(most)s addresses at most.", most=f"{MOST_ADDRESSES:,}"))

    def validate_invite_at(self, field: DateTimeLocalField) -> None:
        now = utc_now().replace(tzinfo=None)
        if field.data and not now - timedelta(days=2) <= field.data <= now + timedelta(days=365):
            raise ValidationError(_("Please choose a day within the next year."))

    @property
    def past_event_id(self) -> UUID | None:
        return self._known(self.past_event)

    @property
    def listed_addresses(self) -> list[str]:
        """Between commas, semicolons, spaces or lines."""
        text = str(self.addresses.data or "").replace(",", " ").replace(";", " ")
        return list(dict.fromkeys(word.strip("<>").casefold() for word in text.split() if "@" in word))

    def approver_id(self) -> UUID | None:
        return self._known(self.approver)

    def _known(self, field: SelectField) -> UUID | None:
        given = str(field.data or "")
        return UUID(given) if given in self.ids else None

    def moment(self, zone: ZoneInfo) -> datetime | None:
        typed: datetime | None = self.invite_at.data
        return typed.replace(tzinfo=zone) if typed else None
