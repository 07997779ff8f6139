"""What we ask people who join, and what they may change later. Choices that come from rows are handed in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from portal.advocates import labels
from portal.advocates.ask_kinds import AskKind
from portal.advocates.models import Advocate, ConsentText
from portal.advocates.profile import ContactDetails, JoinSubmission, Preferences
from portal.time_zones import CITY_ZONES
from portal.web.current import tenant
from portal.web.forms import Form, select_choices, single_line, valid_address
from tenants.clock import utc_now

Choices = list[Any]
MINUTES_CHOICES: Choices = [
    ("", _l("The usual limit")),
    ("60", _l("60 minutes in 90 days")),
    ("40", _l("40 minutes in 90 days")),
    ("20", _l("20 minutes in 90 days")),
]
CALLS_CHOICES: Choices = [
    ("", _l("The usual limit")),
    ("1", _l("One call in 90 days")),
    ("2", _l("Two calls in 90 days")),
]
SENIORITY_CHOICES: Choices = [("", _l("Rather not say")), *labels.SENIORITY.items()]
PERSONA_CHOICES: Choices = [("", _l("Rather not say")), *labels.PERSONA.items()]
TIME_ZONE_CHOICES: Choices = [("", _l("Same as my company")), *CITY_ZONES.items()]
PAUSE_CHOICES: Choices = [
    ("30", _l("One month")),
    ("90", _l("Three months")),
    ("", _l("Until I resume")),
    ("day", _l("Until a date I choose")),
]


class PreferencesForm(Form):
    """Accepted kinds of ask, limits, topics, time zone."""

    accepted_ask_kinds = SelectMultipleField(_l("What I’ll do"), choices=[])
    limit_minutes = SelectField(
        _l("Maximum time for favors"), choices=select_choices(MINUTES_CHOICES), default=""
    )
    limit_calls = SelectField(_l("Maximum calls"), choices=select_choices(CALLS_CHOICES), default="")
    products = SelectMultipleField(_l("I use"), choices=[])
    use_cases = SelectMultipleField(_l("Topics I can talk about"), choices=[])
    languages = SelectMultipleField(_l("I speak"), choices=select_choices(labels.LANGUAGES.items()))
    seniority = SelectField(_l("Seniority"), choices=select_choices(SENIORITY_CHOICES), default="")
    persona = SelectField(_l("Department"), choices=select_choices(PERSONA_CHOICES), default="")
    time_zone = SelectField(_l("My time zone"), choices=select_choices(TIME_ZONE_CHOICES), default="")

    def set_kind_choices(self, minutes: Mapping[AskKind, int]) -> None:
        self.accepted_ask_kinds.choices = select_choices(labels.willing_to(minutes).items())

    def set_tag_choices(self, tags: Mapping[str, Sequence[str]], own: Preferences | None = None) -> None:
        for field in (self.products, self.use_cases):
            mine = getattr(own, field.name) if own else []
            field.choices = select_choices((tag, tag) for tag in sorted({*tags[field.name], *mine}))
        if own:
            _add_choice(self.limit_minutes, own.limit_minutes, _l("My limit"))
            _add_choice(self.limit_calls, own.limit_calls, _l("My limit"))

    def preferences(self) -> Preferences:
        return Preferences(
            accepted_ask_kinds=self.accepted_ask_kinds.data or [],
            limit_minutes=_number(self.limit_minutes.data),
            limit_calls=_number(self.limit_calls.data),
            products=self.products.data or [],
            use_cases=self.use_cases.data or [],
            languages=self.languages.data or [],
            seniority=self.seniority.data,
            persona=self.persona.data,
            time_zone=self.time_zone.data,
        )


class JoinForm(PreferencesForm):
    """The public page. Nothing is ticked before the reader ticks it."""

    name = StringField(
        _l("Full name"), [DataRequired(_l("Please enter your name.")), Length(max=120), single_line]
    )
    email = EmailField(
        _l("Work email"),
        [
            DataRequired(_l("Please enter your email address.")),
            Length(max=254),
            valid_address(_l("This isn’t a valid email address.")),
        ],
    )
    title = StringField(_l("Job title"), [Length(max=120), single_line])
    company = StringField(
        _l("Company"), [DataRequired(_l("Please enter your company.")), Length(max=200), single_line]
    )
    code = StringField(_l("Join code"), [Length(max=60)])
    consent_text_ids = SelectMultipleField(_l("What may we ask you for?"), choices=[])

    def set_consent_choices(self, current: Iterable[ConsentText]) -> None:
        self.consent_text_ids.choices = select_choices((str(text.id), text.title) for text in current)

    def submission(self) -> JoinSubmission:
        contact = ContactDetails(
            name=self.name.data or "",
            email=self.email.data or "",
            title=self.title.data or "",
            company=self.company.data or "",
        )
        return JoinSubmission(
            contact=contact, preferences=self.preferences(), consent_text_ids=self.consent_text_ids.data or []
        )


class AnswerInvitationForm(JoinForm):
    """The same page from an invitation: the address is known, and stays."""

    email = None  # type: ignore[assignment]
    code = None  # type: ignore[assignment]

    def submission_of(self, advocate: Advocate) -> JoinSubmission:
        contact = ContactDetails(
            name=self.name.data or "",
            email=advocate.email,
            title=self.title.data or "",
            company=self.company.data or "",
        )
        return JoinSubmission(
            contact=contact, preferences=self.preferences(), consent_text_ids=self.consent_text_ids.data or []
        )


class ConsentsForm(Form):
    """The consents that a page showed; from now on the ticked ones apply."""

    consent_text_ids = SelectMultipleField(choices=[])

    def set_consent_choices(self, shown: Iterable[ConsentText]) -> None:
        self.consent_text_ids.choices = select_choices((str(text.id), text.title) for text in shown)


def today() -> date:
    return utc_now().astimezone(ZoneInfo(tenant.time_zone)).date()


class PauseForm(Form):
    """Pausing oneself: for a while, until a day, or until one comes back."""

    span = SelectField(_l("For how long"), choices=select_choices(PAUSE_CHOICES), default="30")
    until = DateField(_l("Resume on"), [Optional()])

    def back_on(self) -> date | None:
        if self.span.data == "day":
            return self.until.data
        return today() + timedelta(days=int(self.span.data)) if self.span.data else None

    def validate_span(self, field: SelectField) -> None:
        day = self.until.data
        if field.data == "day" and (day is None or day <= today()):
            raise ValidationError(_l("Please choose a date in the future."))


class AdvocateReasonForm(Form):
    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Please give a short reason. It’s kept in the history.")), Length(max=1000)],
    )
    until = DateField(_l("Resume on"), [Optional()])
    version = HiddenField()

    def validate_until(self, field: DateField) -> None:
        if field.data is not None and field.data <= today():
            raise ValidationError(_l("Please choose a date in the future."))


class PersonForm(Form):
    """Somebody at a customer, as a colleague types them in."""

    name = StringField(_l("Name"), [DataRequired(_l("Please enter a name.")), Length(max=120), single_line])
    email = EmailField(
        _l("Work email"),
        [
            DataRequired(_l("Please enter their email address.")),
            Length(max=254),
            valid_address(_l("This isn’t a valid email address.")),
        ],
    )
    title = StringField(_l("Job title"), [Length(max=120), single_line])
    company = StringField(
        _l("Company"), [DataRequired(_l("Please enter their company.")), Length(max=200), single_line]
    )

    def contact_details(self) -> ContactDetails:
        return ContactDetails(
            name=self.name.data or "",
            email=self.email.data or "",
            title=self.title.data or "",
            company=self.company.data or "",
        )


class NominationForm(PersonForm):
    """A colleague suggests a customer's employee."""

    why = TextAreaField(
        _l("Why they’d be a good reference"), [DataRequired(_l("One sentence is enough.")), Length(max=1000)]
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _add_choice(field: Any, value: int | None, label: Any) -> None:
    """A limit that no choice offers stays choosable."""
    if value and str(value) not in {choice.value for choice in field.choices}:
        field.choices = [*field.choices, *select_choices([(str(value), f"{label}: {value}")])]
