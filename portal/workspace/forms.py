"""What an admin fills in."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    ColorField,
    EmailField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from portal.policies import Policy, PolicyPair
from portal.role_labels import ROLE_LABELS
from portal.signin.forms import ADDRESS_VALIDATORS
from portal.web.forms import Form, select_choices, single_line
from portal.workspace.labels import policy_label
from portal.workspace.locale_choices import CURRENCIES, TIME_ZONES
from tenants.models import STAFF, Role

STAFF_ROLE_CHOICES = select_choices((role.value, _l(ROLE_LABELS[role])) for role in Role if role in STAFF)


class RolesForm(Form):
    roles = SelectMultipleField(
        _l("Roles"), [DataRequired(_l("Please choose at least one role."))], choices=STAFF_ROLE_CHOICES
    )
    seen = HiddenField()


class InviteForm(Form):
    name = StringField(
        _l("Name"), [DataRequired(_l("Please enter the person’s name.")), Length(max=120), single_line]
    )
    email = EmailField(
        _l("Work email"),
        [DataRequired(_l("Please enter the person’s work email.")), *ADDRESS_VALIDATORS[1:]],
    )
    roles = SelectMultipleField(
        _l("Roles"), [DataRequired(_l("Please choose at least one role."))], choices=STAFF_ROLE_CHOICES
    )


class JoiningForm(Form):
    """What an invited colleague says when they join; a name that the inviter wrote stays where this is empty."""

    name = StringField(_l("Your name"), [Length(max=120), single_line])

    def check_name(self, known: str) -> bool:
        if self.name.data or known:
            return True
        self.name.errors = [_("Please enter your name.")]
        return False


class BrandForm(Form):
    name = StringField(
        _l("Name"),
        [DataRequired(_l("Please enter a name people will recognize.")), Length(max=80), single_line],
    )
    accent = ColorField(
        _l("Color"), [Regexp("^#[0-9a-fA-F]{6}$", message=_l("Please choose a color like #2f4fc4."))]
    )
    time_zone = SelectField(_l("Time zone"), choices=select_choices(TIME_ZONES))
    currency = SelectField(_l("Currency"), choices=select_choices(CURRENCIES))
    postal_address = TextAreaField(_l("Postal address"), [Length(max=400)])
    seen = HiddenField()


class LogoForm(Form):
    logo = FileField(_l("Logo"), [FileRequired(_l("Please choose an image."))])


class JoinPageForm(Form):
    join_open = BooleanField(_l("Customers can join on a public page"))
    join_code = StringField(
        _l("Join code"),
        [
            Optional(),
            Length(max=40),
            Regexp(r"^[\w-]+$", message=_l("Please use letters, digits and dashes.")),
        ],
    )
    seen = HiddenField()


def policies_form(policies: list[Policy], values: dict[str, int]) -> Any:
    fields: dict[str, Any] = {}
    for policy in policies:
        fields[policy_field_name(policy)] = _field(policy, values[policy.name])
        fields[f"was_{policy_field_name(policy)}"] = HiddenField(default=values[policy.name])
    return type("PoliciesForm", (Form,), fields)()


def policy_number(form: Any, policy: Policy) -> int:
    return int(form[policy_field_name(policy)].data)


def add_pair_errors(form: Any, violated: Iterable[PolicyPair]) -> bool:
    for pair in violated:
        form[policy_field_name(pair.second)].errors = [_(pair.refusal)]
    return bool(form.errors)


def _field(policy: Policy, value: int) -> Any:
    if (policy.low, policy.high) == (0, 1):
        return BooleanField(policy_label(policy), default=bool(value))
    return IntegerField(policy_label(policy), _bounds(policy), default=value)


def policy_field_name(policy: Policy) -> str:
    return policy.name.replace(".", "_")


def _bounds(policy: Policy) -> list[Any]:
    between = _l("Please choose a number from %(low)s to %(high)s.", low=policy.low, high=policy.high)
    return [InputRequired(between), NumberRange(policy.low, policy.high, between)]
