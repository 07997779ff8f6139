"""The name of a segment, and what an admin states about a list."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.web.forms import Form, single_line


class SegmentForm(Form):
    name = StringField(
        _l("Name"), [DataRequired(_l("Please give the segment a name.")), Length(max=120), single_line]
    )
    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """What the page was opened with; what is no number fits no row."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class StatementForm(Form):
    statement: Any = TextAreaField(
        _l("What these people were chosen by"),
        [DataRequired(_l("Please write what these people were chosen by.")), Length(max=1000)],
    )
