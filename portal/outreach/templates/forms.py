"""What a manager writes: the parts of an email. Each problem of a text stands beside its part, with its line."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.advocates.labels import PURPOSES
from portal.advocates.models import ConsentPurpose
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.labels import PART_LABELS
from portal.outreach.templates.validation import TemplateProblem
from portal.web.forms import ShownVersionForm, select_choices, single_line


class TemplateForm(ShownVersionForm):
    """Lengths and lines are looked at by `validation.find_problems`, like everything else about a text."""

    subject = StringField(PART_LABELS["subject"])
    preheader = StringField(PART_LABELS["preheader"])
    body = TextAreaField(PART_LABELS["body"])
    reason = TextAreaField(PART_LABELS["reason"])

    def content(self) -> TemplateContent:
        return TemplateContent(
            subject=self.subject.data or "",
            preheader=self.preheader.data or "",
            body=self.body.data or "",
            reason=self.reason.data or "",
        )

    def fill_from(self, content: TemplateContent) -> None:
        for part in PART_LABELS:
            self[part].data = getattr(content, part)

    def add_problems(self, problems: Iterable[TemplateProblem]) -> None:
        for problem in problems:
            field = self[problem.part]
            field.errors = [*field.errors, problem_text(problem)]


class NewTemplateForm(TemplateForm):
    name = StringField(
        _l("Name"),
        [DataRequired(_l("Please enter a name. Only your team sees it.")), Length(max=80), single_line],
    )
    purpose = SelectField(
        _l("Consent required"),
        choices=select_choices(PURPOSES.items()),
        default=ConsentPurpose.NEWS.value,
    )


def problem_text(problem: TemplateProblem) -> str:
    reason = _(problem.reason, **problem.params)
    if problem.part != "body" or not problem.line:
        return reason
    return _("Line %(line)d: %(reason)s", line=problem.line, reason=reason)
