"""What a manager fills in, what a person taps, what whoever called writes down."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.segments.audience import Audience
from portal.surveys.actions import SurveyDraft
from portal.surveys.labels import KINDS, OTHER_SCORE
from portal.surveys.models import MOST_CHOICES, Survey, SurveyKind
from portal.web.forms import Form, select_choices, single_line

ONCE, ROLLING = "once", "rolling"
RATING = "rating"  # a score that asks something else than NPS does
USUAL_DAYS = 14
QUESTION = _l("How likely are you to recommend %(workspace)s to a colleague?")


class SurveyForm(Form):
    title = StringField(
        _l("Title, for your team"),
        [DataRequired(_l("Please give the survey a title.")), Length(max=120), single_line],
    )
    kind = RadioField(
        _l("How people answer"),
        choices=select_choices(
            [
                (SurveyKind.SCORE, KINDS[SurveyKind.SCORE]),
                (RATING, OTHER_SCORE),
                (SurveyKind.CHOICE, KINDS[SurveyKind.CHOICE]),
            ]
        ),
        default=SurveyKind.SCORE.value,
    )
    question = StringField(
        _l("Question"), [DataRequired(_l("Please write the question.")), Length(max=200), single_line]
    )
    choices = TextAreaField(_l("Answers to choose from"), [Length(max=1000)])
    rhythm = RadioField(
        _l("When"),
        choices=select_choices(
            [
                (ONCE, _l("Once, everyone at the same time")),
                (ROLLING, _l("All year, everyone once a quarter")),
            ]
        ),
        default=ONCE,
    )
    answer_days = IntegerField(
        _l("Days to answer"),
        [InputRequired(_l("Please enter a number of days.")), NumberRange(1, 60)],
        default=USUAL_DAYS,
    )

    def validate_choices(self, field: TextAreaField) -> None:
        """Two to eight, each on a line of its own, none twice."""
        if self.kind.data != SurveyKind.CHOICE:
            return
        listed = self.listed_choices
        if not 2 <= len(listed) <= MOST_CHOICES:
            raise ValidationError(
                _("Please write 2 to %(most)d answers, each on a line of its own.", most=MOST_CHOICES)
            )
        if any(len(each) > 80 for each in listed):
            raise ValidationError(_("Please keep each answer to 80 characters."))

    @property
    def listed_choices(self) -> list[str]:
        """“Yes” and “yes” are one answer, as it was first written."""
        found: dict[str, str] = {}
        for line in (self.choices.data or "").splitlines():
            if words := line.strip():
                found.setdefault(words.casefold(), words)
        return list(found.values())

    def draft(self, audience: Audience) -> SurveyDraft:
        is_rating = self.kind.data == RATING
        kind = SurveyKind.SCORE if is_rating else SurveyKind(self.kind.data)
        return SurveyDraft(
            title=self.title.data or "",
            kind=kind,
            asks_to_recommend=not is_rating,
            question=self.question.data or "",
            choices=self.listed_choices if kind is SurveyKind.CHOICE else [],
            audience=audience,
            is_rolling=self.rhythm.data == ROLLING,
            answer_days=self.answer_days.data or USUAL_DAYS,
        )


def form_data(survey: Survey) -> dict[str, Any]:
    """How the form shows a draft."""
    return {
        "title": survey.title,
        "kind": RATING if survey.is_score and not survey.asks_to_recommend else survey.kind.value,
        "question": survey.question,
        "choices": "\n".join(survey.choices),
        "rhythm": ROLLING if survey.is_rolling else ONCE,
        "answer_days": survey.answer_days,
    }


class TapForm(Form):
    """One tap; on the next page a reason, with the tap as it stands."""

    answer = HiddenField()
    why = TextAreaField(_l("The main reason"), [Length(max=2000)])
    may_quote = BooleanField(_l("You may quote this"))

    @property
    def given(self) -> int | None:
        text = str(self.answer.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else None

    @property
    def reason(self) -> str | None:
        """None: no reason was asked for."""
        return self.why.data or "" if self.why.raw_data else None

    def is_one_of(self, options: Mapping[int, str], before: int | None) -> bool:
        """Says on the page what is missing, else."""
        if self.given in options or (self.given is None and not self.answer.data and before is not None):
            return True
        self.form_errors.append(_("Please tap one of the answers."))
        return False


class FollowUpForm(Form):
    note = TextAreaField(_l("What came of it"), [Length(max=1000)])
