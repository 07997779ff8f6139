"""What signing in asks for: an address, then perhaps a code."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from portal.web.forms import Form, valid_address

ADDRESS_VALIDATORS = [
    DataRequired(_l("Please enter your work email address.")),
    valid_address(_l("Please enter an address like ada@example.com.")),
    Length(max=254),
]


class SignInForm(Form):
    email = EmailField(_l("Work email"), ADDRESS_VALIDATORS)
    next_url = HiddenField()


class CodeForm(Form):
    code = StringField(
        _l("Code from the email"),
        [DataRequired(_l("Please enter the eight-character code from the email.")), Length(max=20)],
    )
