"""What the clock page asks."""

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField
from wtforms.validators import InputRequired

from portal.web.forms import Form


class JumpForm(Form):
    to = DateTimeLocalField(
        _l("Move the clock to"),
        [InputRequired(_l("Please choose a day and a time."))],
        format="%Y-%m-%dT%H:%M",
    )
