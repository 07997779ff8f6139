"""What a prospect says about a call, and both sides about moving, calling off and looking back at one."""

from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.references import labels
from portal.references.models import MeetingState
from portal.references.requests.forms import LINE, ZONES, choices
from portal.web.forms import Form, single_line, valid_address


class PickTimeForm(Form):
    """The prospect's: one time, who takes it, and where the entry goes when we do not know yet."""

    slot = StringField("", validators=[DataRequired(_l("Please pick a time first."))])
    name = StringField(_l("Your name"), [DataRequired(_l("Please enter your name.")), LINE, single_line])
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
        choices=choices(ZONES, _l("Choose")),
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


class CallFeedbackForm(Form):
    outcome = RadioField(
        _l("Did it take place?"),
        [DataRequired(_l("Please choose one."))],
        choices=choices(labels.CALL_OUTCOMES),
    )
    rating = RadioField(
        _l("How helpful was it?"),
        [Optional()],
        choices=choices({str(n): str(n) for n in range(1, 6)}),
        validate_choice=True,
    )
    text = TextAreaField(_l("A comment"), [Length(max=1000)], default="")

    @property
    def result(self) -> MeetingState:
        return MeetingState(self.outcome.data)

    @property
    def points(self) -> int | None:
        return int(self.rating.data) if self.rating.data and self.result is MeetingState.HELD else None
