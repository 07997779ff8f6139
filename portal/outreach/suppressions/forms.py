"""Adds a suppressed address by hand, or lifts an entry."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.web.forms import Form, valid_address


class SuppressForm(Form):
    address = EmailField(
        _l("Address"),
        [
            DataRequired(_l("Please enter the address.")),
            Length(max=254),
            valid_address(_l("This isn’t an email address.")),
        ],
    )
    note = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Please say why in a few words, for your colleagues.")), Length(max=1000)],
    )


class LiftForm(Form):
    note = TextAreaField(
        _l("Why emails can be sent again"),
        [DataRequired(_l("Please say why in a few words. It’s kept in the history.")), Length(max=1000)],
    )
