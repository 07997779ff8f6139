"""The name of a tag, and the tags of an account or person as somebody types them."""

import re

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.tags.models import MAX_NAME, MAX_TAGS
from portal.web.forms import Form, single_line


class TagNameForm(Form):
    name = StringField(
        _l("Name"), [DataRequired(_l("Please enter a name.")), Length(max=MAX_NAME), single_line]
    )
    version = HiddenField()

    def validate_name(self, field: StringField) -> None:
        if re.search(r"[,;]", field.data or ""):
            raise ValidationError(_l("Please leave out commas and semicolons: they separate tags."))


class TagsField(StringField):
    """Names of tags, separated by commas."""

    @property
    def names(self) -> list[str]:
        parts = (" ".join(part.split()) for part in re.split(r"[,;]", self.data or ""))
        return list(dict.fromkeys(part for part in parts if part))

    def pre_validate(self, form: object) -> None:
        if len(self.names) > MAX_TAGS:
            raise ValidationError(_l("Please choose at most 20 tags."))
        if any(len(name) > MAX_NAME for name in self.names):
            raise ValidationError(_l("A tag can have at most 60 characters."))


def tags_input() -> TagsField:
    return TagsField(_l("Tags"))
