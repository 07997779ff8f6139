"""A survey's part of the answer page: eleven buttons or a few choices, then room for a reason, and how it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal import links
from portal.advocates.models import Advocate
from portal.asks import calendar_days, summary_labels
from portal.asks.answer_codes import DeclineReason
from portal.asks.answering.reasons import usual_reasons
from portal.asks.models import Ask
from portal.asks.timeline_text import TimelineAsk, ask_text
from portal.declarations.answers import AnswerPart, DeclineAnswer, ReasonChoice
from portal.declarations.asks import AskSummary, ImpactEntry, ImpactHeadline, ImpactPart
from portal.surveys import actions, queries
from portal.surveys.emails import ONE_QUESTION
from portal.surveys.forms import TapForm
from portal.surveys.labels import given_words
from portal.surveys.models import Survey, SurveyRecipient, SurveyState
from portal.surveys.scores import SCORES

OFFERED_REASONS = (DeclineReason.TOO_BUSY, DeclineReason.NOT_ME, DeclineReason.TOO_OFTEN)


@dataclass(frozen=True)
class SurveyPage:
    """What the answer page shows. `given`: the score or the place of the choice that was tapped."""

    survey: Survey
    recipient: SurveyRecipient
    preferences_token: str

    @property
    def given(self) -> int | None:
        return self.recipient.score if self.survey.is_score else self.recipient.choice

    @property
    def options(self) -> list[tuple[int, str]]:
        if self.survey.is_score:
            return [(score, str(score)) for score in SCORES]
        return list(enumerate(self.survey.choices))

    @property
    def given_words(self) -> str:
        return dict(self.options).get(self.given, "") if self.given is not None else ""

    @property
    def is_closed(self) -> bool:
        return self.survey.state is not SurveyState.RUNNING

    @property
    def asker(self) -> str:
        """Nobody by name once they have left the company."""
        by = self.survey.launched_by
        return by.name if by is not None and by.is_active else ""


def lock(session: Session, ask: Ask) -> None:
    queries.lock_of_ask(session, ask.id)


def content(session: Session, ask: Ask) -> SurveyPage:
    recipient = queries.of_ask(session, ask)
    to = ask.advocate
    token = links.token(links.LinkPurpose.PREFERENCES, to.tenant_id, to.id, to.link_version)
    return SurveyPage(recipient.survey, recipient, token)


def closes_at(session: Session, ask: Ask) -> datetime:
    """The end of the last day, where the person is."""
    zone = calendar_days.reader_zone(session, ask.advocate)
    return calendar_days.start_of(ask.due_on + timedelta(days=1), zone)


def changeable_until(session: Session, ask: Ask) -> datetime | None:
    recipient = queries.of_ask(session, ask)
    return closes_at(session, ask) if recipient.survey.state is SurveyState.RUNNING else None


def form(shown: SurveyPage) -> TapForm:
    return TapForm()


def is_valid(filled: TapForm, shown: SurveyPage) -> bool:
    return filled.is_one_of(dict(shown.options), shown.given)


def accept(session: Session, ask: Ask, shown: SurveyPage, filled: TapForm) -> None:
    actions.answer(session, ask, given=filled.given, why=filled.reason, may_quote=bool(filled.may_quote.data))


def decline(session: Session, ask: Ask, answer: DeclineAnswer) -> None:
    """The ledger wrote it down; until the last day they may still answer."""


def reasons(ask: Ask, shown: SurveyPage) -> Sequence[ReasonChoice]:
    """Only those that fit a question of one tap."""
    return [reason for reason in usual_reasons(ask) if reason.code in OFFERED_REASONS]


ANSWER_PART = AnswerPart(
    lock=lock,
    content=content,
    form=form,
    is_valid=is_valid,
    accept=accept,
    decline=decline,
    template="surveys/answering/ask.html",
    answered_template="surveys/answering/answered.html",
    reasons=reasons,
    changeable_until=changeable_until,
    can_suggest_colleague=False,
)


def summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    found = queries.of_asks(session, [ask.id for ask in asks])
    return {ask.id: _summary(ask, found.get(ask.id)) for ask in asks}


def _summary(ask: Ask, recipient: SurveyRecipient | None) -> AskSummary:
    own = {"link_phrase": ONE_QUESTION, "yes_label": _("Answer")}
    if recipient is not None:
        own["question"] = recipient.survey.question
    return summary_labels.summary(ask, **own)


def timeline_texts(session: Session, asks: Sequence[TimelineAsk]) -> dict[UUID, str]:
    """Survey “NPS, autumn 2026”: 8 of 10. “We close on day three.”"""
    return {ask.id: _timeline_text(ask, ask.program_detail) for ask in asks}


def _timeline_text(ask: TimelineAsk, answer: Mapping[str, Any] | None) -> str:
    """`answer`: of `queries.ANSWER_OF_ASK`."""
    if answer is None:
        return ask_text(ask)
    given = given_words(answer["score"], answer["choice"])
    said = _("Survey “%(title)s”: %(answer)s.", title=answer["title"], answer=given)
    return f"{said} “{answer['why']}”" if answer["why"] else said


def impact_entries(session: Session, asks: Sequence[Ask]) -> dict[UUID, ImpactEntry]:
    """How many answered the same question."""
    found = queries.surveys_of_asks(session, [ask.id for ask in asks])
    return {
        ask_id: ImpactEntry(_("“%(question)s”", question=question), _answers_text(answers))
        for ask_id, question, answers in found
    }


def _answers_text(answers: int) -> str:
    return ngettext("%(num)d person has answered so far.", "%(num)d people have answered so far.", answers)


def impact_headline(session: Session, advocate: Advocate) -> ImpactHeadline:
    """An opinion is no favor, so it is in no title."""
    return ImpactHeadline()


IMPACT_PART = ImpactPart(impact_entries, impact_headline)
