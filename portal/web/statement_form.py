"""The form in which an admin writes that a tag, a field or a list does not come from satisfaction."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from portal.declarations.origin_statement import MAX_STATEMENT
from portal.web.forms import Form


class StatementForm(Form):
    """An empty one takes the statement back."""

    statement = TextAreaField(_l("Statement"), [Length(max=MAX_STATEMENT)])
    version = HiddenField()
