"""Small forms of what is done with an event and its guests."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.web.forms import Form, select_choices, single_line


class ContactsForm(Form):
    file = FileField(_l("File"), [FileRequired(_l("Please choose a file first."))])


class CapacityForm(Form):
    capacity = IntegerField(_l("Seats"), [Optional(), NumberRange(1, 100_000)])
    takes_seats_back = BooleanField(_l("Yes, take these seats back and tell them"))


class CancelForm(Form):
    note = TextAreaField(_l("What guests read"), [Length(max=1000)])


class MessageForm(Form):
    """`message_id`: one and the same, however often it is sent; `picked`: guests, else those of `to`."""

    message_id = HiddenField()
    to = SelectField(_l("To"), validate_choice=False)
    subject_line = StringField(
        _l("Subject"), [DataRequired(_l("Please write a subject.")), Length(max=120), single_line]
    )
    words = TextAreaField(
        _l("Message"), [DataRequired(_l("Please write what you want to say.")), Length(max=4000)]
    )

    @property
    def id(self) -> UUID | None:
        try:
            return UUID(str(self.message_id.data))
        except ValueError:
            return None


class AnswerForm(Form):
    """As the guest told somebody."""

    answer = RadioField(
        _l("They said"),
        choices=select_choices([("yes", _l("Yes")), ("maybe", _l("Maybe")), ("no", _l("No"))]),
    )


class PriorityForm(Form):
    reason = StringField(_l("Why they come first"), [DataRequired(), Length(max=200), single_line])


class SpeakerForm(Form):
    email = StringField(_l("Email of an advocate"), [Length(max=254), single_line])
    name = StringField(_l("Or a name, for anybody else"), [Length(max=120), single_line])
    title = StringField(_l("Title"), [Length(max=120), single_line])
    company = StringField(_l("Company"), [Length(max=120), single_line])
    topic = StringField(_l("What they speak about"), [Length(max=200), single_line])
    session = SelectField(_l("Session"), validate_choice=False)
    override = StringField(_l("Why anyway"), [Length(max=500), single_line])

    def validate_name(self, field: Any) -> None:
        if bool(self.email.data) == bool(field.data):
            raise ValidationError(_("Please enter an advocate’s email, or a name for somebody else."))
