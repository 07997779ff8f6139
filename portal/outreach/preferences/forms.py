"""How long somebody wants to be left alone."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.advocates.forms import PauseForm
from portal.web.forms import options

SPANS: list[Any] = [
    ("14", _l("Two weeks")),
    ("30", _l("A month")),
    ("90", _l("Three months")),
    ("day", _l("Until a day I choose")),
]


class PauseMeForm(PauseForm):
    """From a letter: always until some day, since a link cannot end the pause again."""

    span = SelectField(_l("Pause me for"), choices=options(SPANS), default="14")
