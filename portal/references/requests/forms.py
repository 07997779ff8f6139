"""What the desk asks for. Choices are handed in; nothing is looked up here."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DecimalField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.advocates.labels import LANGUAGES, PERSONA
from portal.asks.models import AskKind
from portal.references import labels
from portal.references.criteria import SIZES, MatchCriteria
from portal.references.models import DealOutcome, MeetingState, UnfulfilledReason
from portal.references.requests.actions import RequestSubmission
from portal.regions import REGION_NAMES, region_name
from portal.time_zones import TIME_ZONES
from portal.web.forms import Form, label_choices, single_line, valid_address

SHORT, LINE, TEXT = Length(max=80), Length(max=200), Length(max=4000)
BANDS = {band: band for band in SIZES}


def with_prefixed_ids(form: Form, name: str) -> Form:
    for field in form:
        field.id = f"{name}-{field.id}"
    return form


class RequestForm(Form):
    """Six fields that are needed; the rest only helps."""

    prospect = StringField(
        _l("Prospect company"), [DataRequired(_l("Please enter the prospect’s name.")), LINE, single_line]
    )
    kind = SelectField(
        _l("What they want"),
        [InputRequired()],
        choices=label_choices(labels.KINDS),
        default=AskKind.CALL.value,
    )
    needed_by = DateField(_l("Needed by"), [InputRequired(_l("Please enter the date you need it by."))])
    product = StringField(_l("Product"), [DataRequired(_l("Please enter the product.")), LINE, single_line])
    industry = StringField(
        _l("Industry"), [DataRequired(_l("Please enter the prospect’s industry.")), LINE, single_line]
    )
    region = SelectField(
        _l("Region"),
        [DataRequired(_l("Please choose the prospect’s region.")), SHORT],
        choices=[],
        validate_choice=False,
    )

    competitor = StringField(_l("Competitor in the deal"), [LINE, single_line], default="")
    use_case = StringField(_l("Use case"), [LINE, single_line], default="")
    persona = SelectField(
        _l("Who they want to hear from"), choices=label_choices(PERSONA, _l("Anyone")), default=""
    )
    company_size = SelectField(
        _l("Company size, employees"),
        choices=label_choices(BANDS, _l("Any")),
        default="",
    )
    language = SelectField(_l("Language"), choices=label_choices(LANGUAGES), default="en")
    references_needed = IntegerField(_l("How many references"), [Optional(), NumberRange(1, 10)], default=1)
    questions = TextAreaField(_l("What they want to ask"), [TEXT], default="")
    notes = TextAreaField(_l("Anything else we should know"), [TEXT], default="")
    contact_name = StringField(_l("Who will join: name"), [LINE, single_line], default="")
    contact_email = EmailField(
        _l("Email"), [Optional(), Length(max=254), valid_address(_l("This isn’t an email address."))]
    )
    contact_time_zone = SelectField(
        _l("Time zone"), choices=label_choices(TIME_ZONES, _l("Not known")), default=""
    )

    def set_choices(self, regions: Iterable[str]) -> "RequestForm":
        known = dict.fromkeys([*regions, *REGION_NAMES, *filter(None, [self.region.data])])
        self.region.choices = label_choices({code: region_name(code) for code in known}, _l("Choose"))
        return self

    def is_not_past(self, today: date) -> bool:
        if self.needed_by.data and self.needed_by.data < today:
            self.needed_by.errors = [
                *self.needed_by.errors,
                self.needed_by.gettext("This day is in the past."),
            ]
            return False
        return True

    def submission(self, deal_id: UUID | None) -> RequestSubmission:
        return RequestSubmission(
            criteria=MatchCriteria.read(self.data),
            needed_by=self.needed_by.data or date.max,
            deal_id=deal_id,
            competitor=self.competitor.data or "",
            questions=self.questions.data or "",
            notes=self.notes.data or "",
            references_needed=self.references_needed.data or 1,
            contact_name=self.contact_name.data or "",
            contact_email=self.contact_email.data or "",
        )


class OffPlatformForm(RequestForm):
    """A reference that took place already: the same six things, with whom and when."""

    needed_by = DateField(
        _l("When it took place"), [InputRequired(_l("Please enter the day it took place."))]
    )
    advocate = StringField(
        _l("Who helped: email"),
        [
            DataRequired(_l("Please enter the email of the person who helped.")),
            Length(max=254),
            valid_address(_l("This isn’t an email address.")),
        ],
    )

    def is_past(self, today: date) -> bool:
        if self.needed_by.data and self.needed_by.data > today:
            self.needed_by.errors = [
                *self.needed_by.errors,
                self.needed_by.gettext("It hasn’t taken place yet. Ask for a reference instead."),
            ]
            return False
        return True


class MessageForm(Form):
    text = TextAreaField(_l("Message"), [DataRequired(_l("Please write a message first.")), TEXT])


class AskAdvocateForm(Form):
    """Whom; and, past a full window, why it must be."""

    advocate_id = StringField(validators=[DataRequired()])
    override_reason = TextAreaField(_l("Why it can’t wait"), [Length(max=500)], default="")


class WithdrawalForm(Form):
    reason = TextAreaField(
        _l("Reason"), [DataRequired(_l("Please say why, in a few words.")), Length(max=500)]
    )


class GiveUpForm(Form):
    unfulfilled_reason = RadioField(
        _l("Why"),
        [DataRequired(_l("Please choose what comes closest."))],
        choices=label_choices(labels.UNFULFILLED_REASONS),
        validate_choice=True,
    )
    note = TextAreaField(_l("A note for the rep"), [Length(max=1000)], default="")

    @property
    def result(self) -> UnfulfilledReason:
        return UnfulfilledReason(self.unfulfilled_reason.data)


class DuplicateForm(Form):
    digits = 0
    number = StringField(
        _l("Which request is it a duplicate of?"),
        [DataRequired(_l("Please enter its number, for example R-1042."))],
    )

    def validate_number(self, field: Any) -> None:
        digits = field.data.upper().removeprefix("R-").strip()
        if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
            raise ValidationError(field.gettext("Please enter its number, for example R-1042."))
        self.digits = int(digits)


class DeliveryNoteForm(Form):
    note = TextAreaField(
        _l("What was delivered"), [DataRequired(_l("Please say in a line what it was.")), TEXT]
    )


class OutcomeForm(Form):
    outcome = RadioField(
        _l("How did the deal end?"),
        [DataRequired(_l("Please choose one."))],
        choices=label_choices(labels.OUTCOMES),
    )
    amount = DecimalField(_l("Amount"), [Optional(), NumberRange(min=0, max=10**12)], places=None)  # type: ignore[call-overload]
    currency = SelectField(_l("Currency"))
    note = TextAreaField(_l("A message for the customer who helped"), [Length(max=1000)], default="")

    def set_choices(self, currencies: Sequence[str]) -> "OutcomeForm":
        known: list[Any] = [*currencies, "EUR", "USD", "GBP", "CHF"]
        self.currency.choices = label_choices({currency: currency for currency in known if currency})
        return self

    @property
    def result(self) -> DealOutcome:
        return DealOutcome(self.outcome.data)

    @property
    def cents(self) -> int | None:
        return None if self.amount.data is None else round(self.amount.data * 100)


class ContactForm(Form):
    seen = HiddenField()  # the address on the page: what somebody else wrote meanwhile is not overwritten
    name = StringField(_l("Name"), [DataRequired(_l("Please enter their name.")), LINE, single_line])
    email = EmailField(
        _l("Email"),
        [
            DataRequired(_l("Please enter their email address.")),
            Length(max=254),
            valid_address(_l("This isn’t an email address.")),
        ],
    )
    time_zone = SelectField(_l("Time zone"), choices=label_choices(TIME_ZONES, _l("Not known")))


class DialInForm(Form):
    dial_in = StringField(
        _l("Link or number to dial"), [DataRequired(_l("Please add the meeting link.")), LINE, single_line]
    )


class CallOutcomeForm(Form):
    outcome = RadioField(
        _l("How did it go?"),
        [DataRequired(_l("Please choose one."))],
        choices=label_choices(labels.CALL_OUTCOMES),
    )
    note = TextAreaField(_l("Note"), [Length(max=1000)], default="")

    @property
    def result(self) -> MeetingState:
        return MeetingState(self.outcome.data)
