"""What a prospect says about a call, and both sides about moving it and calling it off."""

from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.time_zones import TIME_ZONES
from portal.web.forms import Form, label_choices, single_line, valid_address


class PickTimeForm(Form):
    """The prospect's: one time, who takes it, and where the entry goes when we do not know yet."""

    slot = StringField("", validators=[DataRequired(_l("Please pick a time first."))])
    name = StringField(
        _l("Your name"), [DataRequired(_l("Please enter your name.")), Length(max=200), single_line]
    )
    email = EmailField(
        _l("Your email"),
        [
            DataRequired(_l("Please enter your email for the calendar entry.")),
            Length(max=254),
            valid_address(_l("This isn’t an email address.")),
        ],
    )
    zone = SelectField(
        _l("Your time zone"),
        [InputRequired(_l("Please choose your time zone so the calendar entry is right."))],
        choices=label_choices(TIME_ZONES, _l("Choose")),
    )

    def for_meeting(self, *, knows_email: bool) -> "PickTimeForm":
        """Make a form without an address we know, which is never shown."""
        if knows_email:
            del self.email
        return self

    def with_time_taken(self) -> "PickTimeForm":
        """Keep what was entered when somebody else took the time."""
        self.slot.errors = [_("That time was taken a moment ago. These are the times that are left.")]
        self.slot.data = ""
        return self

    @property
    def starts_at(self) -> datetime | None:
        try:
            at = datetime.fromisoformat(self.slot.data or "")
            return at.astimezone(UTC) if at.tzinfo else None
        except (ValueError, OverflowError):
            return None


class OtherTimesForm(Form):
    note = TextAreaField(_l("What times would work for you?"), [Length(max=500)], default="")


class CancelCallForm(Form):
    """Beside "I can't come": for the rep alone."""

    note = TextAreaField(_l("A note for the rep"), [Length(max=500)], default="")
