"""What a manager may change on an account."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from portal.accounts.labels import HEALTH_NAMES, RELATIONSHIP_NAMES
from portal.web.forms import Form, select_choices
from tenants.models import Membership


class AccountDetailsForm(Form):
    owner_id = SelectField(_l("Account owner"), choices=[], default="")
    relationship = SelectField(_l("Relationship"), choices=select_choices(RELATIONSHIP_NAMES.items()))
    health = SelectField(_l("Health"), choices=select_choices(HEALTH_NAMES.items()))
    renewal_on = DateField(_l("Renewal"), [Optional()])
    group = StringField(_l("Parent company"), [Length(max=200)])
    competitors = TextAreaField(_l("Competes with"), [Length(max=2000)])
    version = HiddenField()

    def set_owner_choices(self, nobody: str, colleagues: Iterable[Membership]) -> None:
        named = [(str(each.id), each.name or each.email) for each in colleagues]
        self.owner_id.choices = select_choices([("", nobody), *named])
