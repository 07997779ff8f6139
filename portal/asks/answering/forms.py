"""What anybody may say to an ask, whatever program it is of."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from portal.asks.answer_codes import DeclineReason
from portal.asks.answering.reasons import PAUSE_CHOICES
from portal.declarations.answers import AnswerRefused, DeclineAnswer, ReasonChoice
from portal.web.forms import Form, select_choices, single_line, valid_address
from portal.web.refusal_text import refusal_text


class AcceptForm(Form):
    """A yes, with a word for the team."""

    note = TextAreaField(_l("A note for us"), [Length(max=4000)])

    def add_conflict(self, refusal: AnswerRefused) -> None:
        self.form_errors.append(refusal_text(refusal))


class ColleagueForm(Form):
    """Somebody better: a name or an address, or both."""

    colleague_name = StringField(_l("Colleague’s name"), [Length(max=120), single_line])
    colleague_email = EmailField(
        _l("Colleague’s email"), [Optional(), valid_address(_l("Please check this email address."))]
    )
    note = TextAreaField(_l("Anything we should know"), [Length(max=1000)])

    @property
    def colleague(self) -> str:
        name, address = self.colleague_name.data or "", self.colleague_email.data or ""
        return f"{name} <{address}>" if name and address else name or address


class SuggestColleagueForm(ColleagueForm):
    """Alone on its page, so that one of the two must be there."""

    def validate_colleague_name(self, field: StringField) -> None:
        if not self.colleague:
            raise ValidationError(_l("Please enter a name or an email address."))

    @property
    def answer(self) -> DeclineAnswer:
        return DeclineAnswer(DeclineReason.NOT_ME, self.note.data or "", self.colleague)


class DeclineForm(Form):
    """One tap: a reason that the page offers, none at all, or a pause that says “not now” as well."""

    note = TextAreaField(_l("Anything we should know"), [Length(max=1000)])
    reason = StringField(_l("Why not?"))
    pause = SelectField(
        _l("Pause all requests"),
        [Optional()],
        choices=select_choices((str(days), str(days)) for days in PAUSE_CHOICES),
        validate_choice=False,
    )

    def __init__(self, offered: Iterable[ReasonChoice], **given: Any) -> None:
        super().__init__(**given)
        self.taken = {DeclineReason.NOT_NOW.value, *(one.code.value for one in offered)}

    def validate_reason(self, field: StringField) -> None:
        if not (field.data in self.taken or (self.pause_days and not field.data)):
            raise ValidationError(_l("Please choose what comes closest."))

    @property
    def pause_days(self) -> int:
        return int(self.pause.data) if self.pause.data in {str(days) for days in PAUSE_CHOICES} else 0

    @property
    def answer(self) -> DeclineAnswer:
        reason = DeclineReason(self.reason.data or DeclineReason.NOT_NOW)
        return DeclineAnswer(reason, self.note.data or "")


class QuestionForm(Form):
    question = TextAreaField(
        _l("Your question"), [DataRequired(_l("Please write your question.")), Length(max=2000)]
    )
