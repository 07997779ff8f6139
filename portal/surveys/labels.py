"""How surveys speak: states, reasons, answers and numbers, translated when shown."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.history import HistoryEntry
from portal.i18n import mark
from portal.surveys.lifecycles import SurveyAction
from portal.surveys.models import (
    MOST_CHOICES,
    LeftOut,
    RecipientState,
    Survey,
    SurveyKind,
    SurveyRecipient,
    SurveyState,
)
from portal.surveys.scores import SCORES, Group
from portal.web.filters import moment
from portal.web.refusal_text import name_states

KINDS = {
    SurveyKind.SCORE: _l("A number from 0 to 10, and why"),
    SurveyKind.CHOICE: _l("One of a few answers, and why"),
}
STATES = {
    SurveyState.DRAFT: StatusBadge(_l("Draft"), "", "pencil"),
    SurveyState.RUNNING: StatusBadge(_l("Open"), "now", "circle-dot"),
    SurveyState.CLOSED: StatusBadge(_l("Closed"), "", "circle-check"),
}
name_states(STATES)
RUNS_ALL_YEAR = StatusBadge(_l("Runs all year"), "now", "refresh")
RECIPIENT_STATES = {
    RecipientState.QUEUED: _l("Still to be asked"),
    RecipientState.ASKED: _l("Asked, no answer yet"),
    RecipientState.ANSWERED: _l("Answered"),
    RecipientState.LEFT_OUT: _l("Left out"),
}
name_states(RECIPIENT_STATES)
LEFT_OUT = {
    LeftOut.PAUSED: _l("Paused"),
    LeftOut.CONSENT: _l("Haven’t agreed to surveys"),
    LeftOut.OPTED_OUT: _l("Opted out, says your CRM"),
    LeftOut.UNREACHABLE: _l("Their address gets no emails"),
    LeftOut.LATELY: _l("Had a survey lately"),
    LeftOut.BUDGET: _l("Had enough invitations lately"),
    LeftOut.CLOSED: _l("The survey closed before it was their turn"),
    LeftOut.REFUSED: _l("Couldn’t be asked when it was their turn"),
}
WHAT_HELPS: Mapping[LeftOut, Any] = {
    LeftOut.PAUSED: _l("They come back by themselves"),
    LeftOut.CONSENT: _l("They can agree on their own page"),
    LeftOut.OPTED_OUT: _l("Only they can change that"),
    LeftOut.UNREACHABLE: _l("Check the address"),
    LeftOut.LATELY: _l("Wait until it’s their turn again"),
    LeftOut.BUDGET: _l("Wait a few weeks"),
}
CLOSED_UNANSWERED = WithdrawalReason("closed", mark("It closed before they answered."))
HISTORY_ACTIONS = {
    SurveyAction.LAUNCHED: _l("Started"),
    SurveyAction.CLOSED: _l("Closed"),
    SurveyAction.FOLLOWED_UP: _l("Called back"),
}


class LeftOutLine(NamedTuple):
    """How many are left out by a reason, and what would help."""

    reason: LeftOut
    number: int
    words: Any
    help: Any


def state_badge(survey: Survey) -> StatusBadge:
    runs_on = survey.is_rolling and survey.state is SurveyState.RUNNING
    return RUNS_ALL_YEAR if runs_on else STATES[survey.state]


def left_out_lines(counts: Mapping[str, int]) -> list[LeftOutLine]:
    """In the order in which the reasons apply."""
    return [
        LeftOutLine(reason, counts[reason], words, WHAT_HELPS.get(reason, ""))
        for reason, words in LEFT_OUT.items()
        if counts.get(reason)
    ]


def history_line(entry: HistoryEntry) -> tuple[str, str, str]:
    """When, who and what."""
    return moment(entry.created_at), entry.by_name, str(HISTORY_ACTIONS[SurveyAction(entry.action)])


def answer_words(recipient: SurveyRecipient) -> str:
    """8 of 10, or the words of the choice."""
    chosen = recipient.survey.choices[recipient.choice] if recipient.choice is not None else ""
    return given_words(recipient.score, chosen)


def given_words(score: int | None, choice: str) -> str:
    return _("%(score)s of 10", score=score) if score is not None else choice


def number_labels(survey: Survey) -> dict[str, str]:
    """What each number of a survey counts, by the name an address has for it (`queries.SHOWS`)."""
    return {
        "asked": _("Asked"),
        "answered": str(RECIPIENT_STATES[RecipientState.ANSWERED]),
        "silent": str(RECIPIENT_STATES[RecipientState.ASKED]),
        "queued": str(RECIPIENT_STATES[RecipientState.QUEUED]),
        "why": _("Reasons"),
        Group.PROMOTERS: _("Promoters, 9 to 10"),
        Group.PASSIVES: _("Passives, 7 to 8"),
        Group.DETRACTORS: _("Detractors, 0 to 6"),
        **{f"score-{score}": _("Gave %(score)s", score=score) for score in SCORES},
        **{f"choice-{place}": "-" for place in range(MOST_CHOICES)},
        **{f"choice-{place}": words for place, words in enumerate(survey.choices)},
        **{reason: str(words) for reason, words in LEFT_OUT.items()},
    }
