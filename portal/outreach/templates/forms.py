"""What a manager writes: the parts of a letter. Each problem of a text stands beside its part, with its line."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.advocates.labels import PURPOSES
from portal.advocates.models import Purpose
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.labels import PARTS
from portal.outreach.templates.parsing import Problem
from portal.web.forms import Form, one_line, options


class WordsForm(Form):
    """Lengths and lines are looked at by `parsing.problems`, like everything else about a text."""

    subject = StringField(PARTS["subject"])
    preheader = StringField(PARTS["preheader"])
    body = TextAreaField(PARTS["body"])
    why = TextAreaField(PARTS["why"])
    seen = HiddenField()

    def words(self) -> Words:
        return Words(
            subject=self.subject.data or "",
            preheader=self.preheader.data or "",
            body=self.body.data or "",
            why=self.why.data or "",
        )

    def hold(self, words: Words) -> None:
        for part in PARTS:
            self[part].data = getattr(words, part)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """All of them: a text is put right in one go."""
        for problem in problems:
            field = self[problem.part]
            field.errors = [*field.errors, said(problem)]

    @property
    def seen_number(self) -> int:
        """A number nobody could have seen matches no version."""
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class NewForm(WordsForm):
    name = StringField(
        _l("Name"), [DataRequired(_l("Please give it a name. Only you see it.")), Length(max=80), one_line]
    )
    purpose = SelectField(
        _l("What its readers agreed to"), choices=options(PURPOSES.items()), default=Purpose.NEWS.value
    )


def said(problem: Problem) -> str:
    reason = _(problem.reason, **problem.blanks)
    if problem.part != "body" or not problem.line:
        return reason
    return _("Line %(line)d: %(reason)s", line=problem.line, reason=reason)
