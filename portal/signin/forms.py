"""What the door asks: an address, then perhaps a code."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from portal.web.forms import Form, valid_address

ADDRESS_VALIDATORS = [
    DataRequired(_l("Please write your work e-mail address.")),
    valid_address(_l("Please write an address like ada@example.com.")),
    Length(max=254),
]


class SignInForm(Form):
    email = EmailField(_l("Work e-mail"), ADDRESS_VALIDATORS)
    next_url = HiddenField()


class CodeForm(Form):
    code = StringField(
        _l("Code from the email"),
        [DataRequired(_l("Please type the eight characters of the email.")), Length(max=20)],
    )
