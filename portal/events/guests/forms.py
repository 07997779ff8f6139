"""A guest's answer in one form: yes, maybe or no, and with a yes what the event wants to know."""

from collections.abc import Iterator
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.email_address import InvalidAddress, parse_address
from portal.events.guests.given import Details, GivenAnswer
from portal.events.guests.guest_page import GuestPage
from portal.events.guests.labels import Answer, Food
from portal.events.models import QuestionType
from portal.events.seats.parties import PlusOne
from portal.text import clean_text, is_one_line
from portal.web.forms import Form, select_choices, single_line, valid_address

LONGEST_ANSWER, LONGEST_NAME, LONGEST_ADDRESS, LONGEST_UTM = 1000, 120, 254, 120
ANSWERS = select_choices((each.value, each.value) for each in Answer)


class AnswerForm(Form):
    """`whole`: all details stand on the page, so what isn't ticked there isn't wanted. A button alone sends none."""

    answer = RadioField(
        _l("Your answer"), [InputRequired(_l("Please choose yes, maybe or no."))], choices=ANSWERS
    )
    whole = HiddenField("")  # a label that is missing is looked up among translations, each time
    note = TextAreaField(_l("A note to the hosts"), [Length(max=LONGEST_ANSWER)])
    needs = TextAreaField(_l("Anything else we should know"), [Length(max=LONGEST_ANSWER)])
    shows_name = BooleanField(_l("Show my name and company to other guests"))

    page: GuestPage  # what its parts are about

    @classmethod
    def of(cls, page: GuestPage, picked: str = "") -> "AnswerForm":
        """As the guest answered before, with what was tapped in the email picked."""
        standing = {"accepted": "yes", "waitlisted": "yes", "offered": "yes", "maybe": "maybe"}
        answer = picked if picked in set(Answer) else standing.get(page.state, "")
        needs = page.needs.note if page.needs else ""
        form = cls(formdata=None, answer=answer, whole="1", note=page.guest.note, needs=needs)
        form.shows_name.data = page.guest.shows_name
        form.page = page
        return form

    @classmethod
    def posted(cls, page: GuestPage) -> "AnswerForm":
        form = cls()
        form.page = page
        return form

    def on(self, page: GuestPage) -> GuestPage:
        """The same answer on the page as it is now."""
        self.page = page
        return page

    @property
    def is_yes(self) -> bool:
        return bool(self.answer.data == Answer.YES)

    @property
    def is_whole(self) -> bool:
        return bool(self.whole.data)

    @property
    def given(self) -> GivenAnswer:
        details = self._details() if self.is_yes and self.is_whole else None
        return GivenAnswer(answer=Answer(self.answer.data), details=details)

    def _details(self) -> Details:
        return Details(
            sessions=self._sessions(),
            plus_ones=self._plus_ones(),
            answers={one.question.id: self.answer_to(one.question.id) for one in self.page.questions},
            food=[each.value for each in Food if each in self.food],
            needs=self.needs.data or "",
            note=self.note.data or "",
            shows_name=bool(self.shows_name.data),
            consent_text_ids=frozenset(
                text.id for text, _granted in self.page.consents if str(text.id) in self.consents
            ),
        )

    def _sessions(self) -> frozenset[UUID] | None:
        """Of whoever answers first and picked nothing there is nothing to change."""
        is_silent = not self.page.has_answered and not any(name.startswith("slot") for name in request.form)
        return None if is_silent else frozenset(self.picked_sessions)

    def _plus_ones(self) -> list[PlusOne] | None:
        if not self.page.event.plus_ones:
            return None
        return [PlusOne(name, address) for name, address in self.plus_ones if name or address]

    # what is typed into parts that each event has otherwise

    @property
    def is_posted(self) -> bool:
        return request.method == "POST"

    @property
    def picked_sessions(self) -> set[UUID]:
        if not self.is_posted:
            return set(self.page.picked)
        ticked = {
            value for name in request.form if name.startswith("slot") for value in request.form.getlist(name)
        }
        return {line.session.id for line in self.page.agenda if str(line.session.id) in ticked}

    @property
    def plus_ones(self) -> list[tuple[str, str]]:
        """As many lines as the event allows."""
        if not self.is_posted:
            known = [(each.name, each.email) for each in self.page.plus_ones]
            return known + [("", "")] * (self.page.event.plus_ones - len(known))
        return [
            (_typed(f"plus_name-{n}", LONGEST_NAME), _typed(f"plus_email-{n}", LONGEST_ADDRESS))
            for n in range(self.page.event.plus_ones)
        ]

    @property
    def food(self) -> set[str]:
        if not self.is_posted:
            return set(self.page.needs.food) if self.page.needs else set()
        return set(request.form.getlist("food"))

    @property
    def consents(self) -> set[str]:
        if not self.is_posted:
            return {str(text.id) for text, granted in self.page.consents if granted}
        return set(request.form.getlist("consent"))

    def answer_to(self, question_id: UUID) -> str:
        if not self.is_posted:
            return next(each.answer for each in self.page.questions if each.question.id == question_id)
        return _typed(f"q-{question_id}", LONGEST_ANSWER)

    def has_what_a_yes_needs(self) -> bool:
        """After its own validation; what is missing is said on top."""
        if self.is_yes and self.is_whole:
            self.form_errors.extend([*self._missing_answers(), *self._faulty_plus_ones()])
        return not self.form_errors

    def _missing_answers(self) -> Iterator[str]:
        for one in self.page.questions:
            answer, question = self.answer_to(one.question.id), one.question
            is_unknown = (
                bool(answer) and question.kind is QuestionType.CHOICE and answer not in question.choices
            )
            if is_unknown or (question.is_required and not answer):
                yield _("Please answer “%(question)s”.", question=question.question)

    def _faulty_plus_ones(self) -> Iterator[str]:
        for name, address in self.plus_ones:
            if (name or address) and (not name or not is_one_line(name)):
                yield _("Please enter the name of each person who comes with you.")
            if address and not _is_address(address):
                yield _("“%(address)s” isn’t an email address.", address=address)


class ColleagueForm(Form):
    """Who takes the seat instead."""

    name = StringField(
        _l("Their name"), [DataRequired(_l("Please enter a name.")), Length(max=LONGEST_NAME), single_line]
    )
    email = EmailField(
        _l("Their work email"),
        [DataRequired(_l("Please enter their email.")), Length(max=LONGEST_ADDRESS), valid_address()],
    )


class RegistrationForm(Form):
    """On the public page. Nothing of it counts before the link in the email is opened and pressed."""

    name = StringField(
        _l("Full name"), [DataRequired(_l("Please enter your name.")), Length(max=LONGEST_NAME), single_line]
    )
    email = EmailField(
        _l("Work email"),
        [DataRequired(_l("Please enter your email.")), Length(max=LONGEST_ADDRESS), valid_address()],
    )
    company = StringField(
        _l("Company"), [DataRequired(_l("Please enter your company.")), Length(max=LONGEST_NAME), single_line]
    )
    note = TextAreaField(_l("A question for the speakers"), [Length(max=LONGEST_ANSWER)])
    time_zone = HiddenField("")
    utm_source = HiddenField("", validators=[Length(max=LONGEST_UTM)])
    utm_medium = HiddenField("", validators=[Length(max=LONGEST_UTM)])
    utm_campaign = HiddenField("", validators=[Length(max=LONGEST_UTM)])


class FeedbackForm(Form):
    score = RadioField(
        _l("How likely are you to recommend such an event to a colleague?"),
        [InputRequired(_l("Please choose a number from 0 to 10."))],
        choices=select_choices((str(each), str(each)) for each in range(11)),
    )
    comment = TextAreaField(_l("What was good, what was missing?"), [Length(max=2000)])
    may_quote = BooleanField(_l("You may quote this"))


def _typed(name: str, longest: int) -> str:
    return clean_text(request.form.get(name, ""))[:longest]


def _is_address(text: str) -> bool:
    try:
        parse_address(text)
    except InvalidAddress:
        return False
    return True
