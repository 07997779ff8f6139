"""Saving a view of a list under a name; what a bulk act asks for: a name, or until when and why people are paused."""

from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, StringField, ValidationError
from wtforms.validators import DataRequired, Length
from wtforms.validators import Optional as Maybe

from portal.web.current import tenant
from portal.web.forms import Form, single_line
from tenants.clock import utc_now


class SaveViewForm(Form):
    name = StringField(
        _l("Name of the view"),
        [DataRequired(_l("Please give the view a name.")), Length(max=60), single_line],
    )
    is_shared = BooleanField(_l("Share it with colleagues"))


class NewChoiceForm(Form):
    """Its label is the act's."""

    name = StringField(_l("Name"), [DataRequired(_l("Please give it a name.")), Length(max=60), single_line])


class PauseFieldsForm(Form):
    """Days are those of the workspace."""

    until = DateField(_l("Resumes on"), [Maybe()])
    reason = StringField(
        _l("Reason"), [DataRequired(_l("Please give a short reason.")), Length(max=500), single_line]
    )

    def validate_until(self, field: DateField) -> None:
        today = utc_now().astimezone(ZoneInfo(tenant.time_zone)).date()
        if field.data is not None and field.data <= today:
            raise ValidationError(_("Please choose a date in the future."))
