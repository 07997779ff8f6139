"""What a manager corrects about a person, and everybody about their own name."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length

from portal.advocates import labels
from portal.advocates.correction import Facts
from portal.advocates.models import Advocate
from portal.web.forms import Form, mail_address, one_line, options

UNKNOWN = ("", _l("Not known"))
LISTS = ("products", "use_cases")


class CorrectionForm(Form):
    first_name = StringField(
        _l("First name"), [DataRequired(_l("Please enter a name.")), Length(max=60), one_line]
    )
    last_name = StringField(_l("Last name"), [Length(max=60), one_line])
    title = StringField(_l("Job title"), [Length(max=120), one_line])
    seniority = SelectField(_l("Seniority"), choices=options([UNKNOWN, *labels.SENIORITY.items()]))
    persona = SelectField(_l("Department"), choices=options([UNKNOWN, *labels.PERSONA.items()]))
    company = StringField(_l("Company"), [Length(max=200), one_line])
    add_company = BooleanField(_l("Add it as a new company"))
    products = StringField(_l("Uses"), [Length(max=1000), one_line])
    use_cases = StringField(_l("Topics"), [Length(max=1000), one_line])
    languages = SelectMultipleField(_l("Speaks"), choices=options(labels.LANGUAGES.items()))
    time_zone = SelectField(
        _l("Time zone"), choices=options([("", _l("That of the workspace")), *labels.time_zones()])
    )
    version = HiddenField()

    def show(self, advocate: Advocate) -> None:
        """What no choice offers (it came with a file) stays choosable."""
        for field, held in (
            (self.seniority, [advocate.seniority]),
            (self.persona, [advocate.persona]),
            (self.time_zone, [advocate.time_zone]),
            (self.languages, advocate.languages),
        ):
            choices: list[Any] = list(field.choices or ())
            known = {choice.value for choice in choices}
            field.choices = [*choices, *options((each, each) for each in held if each not in known)]

    def facts(self) -> Facts:
        plain = {name: self[name].data or "" for name in Facts.__dataclass_fields__ if name not in LISTS}
        return Facts(**plain | {name: several(self[name].data or "") for name in LISTS})


def data_of(advocate: Advocate) -> dict[str, Any]:
    """How the form shows a person."""
    shown: dict[str, Any] = vars(Facts.of(advocate)) | {"version": str(advocate.version)}
    shown |= {name: ", ".join(shown[name]) for name in LISTS}
    return shown | {"company": advocate.account.name if advocate.account else advocate.company}


def several(text: str) -> list[str]:
    """“Ledger Pro, Vault” are two; each once, in their order."""
    return list(dict.fromkeys(part for each in re.split(r"[,;]", text) if (part := each.strip())))


class AddressForm(Form):
    email = EmailField(
        _l("New email address"),
        [
            DataRequired(_l("Please enter the new address.")),
            Length(max=254),
            mail_address(_l("This is not an email address.")),
        ],
    )


class OwnNameForm(Form):
    name = StringField(
        _l("Your name"), [DataRequired(_l("Please enter your name.")), Length(max=120), one_line]
    )
    title = StringField(_l("Job title"), [Length(max=120), one_line])
