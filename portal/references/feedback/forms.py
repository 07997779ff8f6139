"""What each side says after a call."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.references import labels
from portal.references.models import MeetingState
from portal.web.forms import Form, label_choices


class CallFeedbackForm(Form):
    outcome = RadioField(
        _l("Did it take place?"),
        [DataRequired(_l("Please choose one."))],
        choices=label_choices(labels.CALL_OUTCOMES),
    )
    rating = RadioField(
        _l("How helpful was it?"),
        [Optional()],
        choices=label_choices({str(n): str(n) for n in range(1, 6)}),
        validate_choice=True,
    )
    text = TextAreaField(_l("A comment"), [Length(max=1000)], default="")

    @property
    def result(self) -> MeetingState:
        return MeetingState(self.outcome.data)

    @property
    def points(self) -> int | None:
        return int(self.rating.data) if self.rating.data and self.result is MeetingState.HELD else None
