"""What a manager corrects about a person, and everybody about their own name."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from portal.advocates import labels
from portal.advocates.correction_actions import ProfileCorrection
from portal.advocates.models import Advocate
from portal.time_zones import CITY_ZONES
from portal.web.forms import Form, select_choices, single_line, valid_address

UNKNOWN_CHOICE = ("", _l("Not known"))
LIST_FIELDS = ("products", "use_cases")


class CorrectionForm(Form):
    first_name = StringField(
        _l("First name"), [DataRequired(_l("Please enter a name.")), Length(max=60), single_line]
    )
    last_name = StringField(_l("Last name"), [Length(max=60), single_line])
    title = StringField(_l("Job title"), [Length(max=120), single_line])
    seniority = SelectField(
        _l("Seniority"), choices=select_choices([UNKNOWN_CHOICE, *labels.SENIORITY.items()])
    )
    persona = SelectField(_l("Department"), choices=select_choices([UNKNOWN_CHOICE, *labels.PERSONA.items()]))
    company = StringField(_l("Company"), [Length(max=200), single_line])
    add_company = BooleanField(_l("Add it as a new company"))
    products = StringField(_l("Uses"), [Length(max=1000), single_line])
    use_cases = StringField(_l("Topics"), [Length(max=1000), single_line])
    languages = SelectMultipleField(_l("Speaks"), choices=select_choices(labels.LANGUAGES.items()))
    time_zone = SelectField(
        _l("Time zone"), choices=select_choices([("", _l("Same as the workspace")), *CITY_ZONES.items()])
    )
    version = HiddenField()

    def add_current_choices(self, advocate: Advocate) -> None:
        for field, held in (
            (self.seniority, [advocate.seniority]),
            (self.persona, [advocate.persona]),
            (self.time_zone, [advocate.time_zone]),
            (self.languages, advocate.languages),
        ):
            choices: list[Any] = list(field.choices or ())
            known = {choice.value for choice in choices}
            field.choices = [*choices, *select_choices((each, each) for each in held if each not in known)]

    def correction(self) -> ProfileCorrection:
        plain = {
            name: self[name].data or ""
            for name in ProfileCorrection.__dataclass_fields__
            if name not in LIST_FIELDS
        }
        return ProfileCorrection(**plain | {name: split_list(self[name].data or "") for name in LIST_FIELDS})


def form_data(advocate: Advocate) -> dict[str, Any]:
    shown: dict[str, Any] = vars(ProfileCorrection.of(advocate)) | {"version": str(advocate.version)}
    shown |= {name: ", ".join(shown[name]) for name in LIST_FIELDS}
    return shown | {"company": advocate.account.name if advocate.account else advocate.company}


def split_list(text: str) -> list[str]:
    return list(dict.fromkeys(part for each in re.split(r"[,;]", text) if (part := each.strip())))


class NewAddressForm(Form):
    email = EmailField(
        _l("New email address"),
        [
            DataRequired(_l("Please enter the new address.")),
            Length(max=254),
            valid_address(_l("This isn’t an email address.")),
        ],
    )


class OwnNameForm(Form):
    name = StringField(
        _l("Your name"), [DataRequired(_l("Please enter your name.")), Length(max=120), single_line]
    )
    title = StringField(_l("Job title"), [Length(max=120), single_line])


class ConsentRequestForm(Form):
    """What somebody is asked for. Whether they may be is the action’s business."""

    purpose = RadioField(
        _l("What may we ask them for?"),
        [InputRequired(_l("Please choose one."))],
        choices=select_choices(labels.PURPOSES.items()),
    )
