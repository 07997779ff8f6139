"""How surveys speak: states, reasons, answers and numbers, translated when shown."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.campaigns.labels import HISTORY_ACTIONS as OF_CAMPAIGNS
from portal.campaigns.lifecycles import CampaignAction
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.history import HistoryEntry
from portal.i18n import mark
from portal.surveys.lifecycles import SurveyAction
from portal.surveys.models import (
    MOST_CHOICES,
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
    SurveyKind.SCORE: _l("How likely they are to recommend you, from 0 to 10, and why: counts in NPS"),
    SurveyKind.CHOICE: _l("One of a few answers, and why"),
}
OTHER_SCORE = _l("Another number from 0 to 10, and why: with an average of its own")
STATES = {
    SurveyState.DRAFT: StatusBadge(_l("Draft"), "", "pencil"),
    SurveyState.RUNNING: StatusBadge(_l("Open"), "now", "circle-dot"),
    SurveyState.CLOSED: StatusBadge(_l("Closed"), "", "circle-check"),
}
name_states(STATES)
RUNS_ALL_YEAR = StatusBadge(_l("Runs all year"), "now", "refresh")
RECIPIENT_STATES = {
    RecipientState.ASKED: _l("Asked, no answer yet"),
    RecipientState.ANSWERED: _l("Answered"),
}
name_states(RECIPIENT_STATES)
CLOSED_UNANSWERED = WithdrawalReason("closed", mark("It closed before they answered."))
HISTORY_ACTIONS = {
    SurveyAction.LAUNCHED: _l("Started"),
    SurveyAction.CLOSED: _l("Closed"),
    SurveyAction.FOLLOWED_UP: _l("Called back"),
}


def state_badge(survey: Survey) -> StatusBadge:
    runs_on = survey.is_rolling and survey.state is SurveyState.RUNNING
    return RUNS_ALL_YEAR if runs_on else STATES[survey.state]


def history_line(entry: HistoryEntry) -> tuple[str, str, str]:
    """When, who and what."""
    own = entry.action in list(SurveyAction)
    words = HISTORY_ACTIONS[SurveyAction(entry.action)] if own else OF_CAMPAIGNS[CampaignAction(entry.action)]
    return moment(entry.created_at), entry.by_name, str(words)


def answer_words(recipient: SurveyRecipient) -> str:
    """8 of 10, or the words of the choice."""
    chosen = recipient.survey.choices[recipient.choice] if recipient.choice is not None else ""
    return given_words(recipient.score, chosen)


def given_words(score: int | None, choice: str) -> str:
    return _("%(score)s of 10", score=score) if score is not None else choice


def _group_labels(survey: Survey) -> dict[str, str]:
    """Only who would or would not recommend has a name."""
    if survey.counts_in_nps:
        return {
            Group.PROMOTERS: _("Promoters, 9 to 10"),
            Group.PASSIVES: _("Passives, 7 to 8"),
            Group.DETRACTORS: _("Detractors, 0 to 6"),
        }
    return {
        group: _("Gave %(low)s to %(high)s", low=group.scores[0], high=group.scores[-1]) for group in Group
    }


def number_labels(survey: Survey) -> dict[str, str]:
    """What each number of a survey counts, by the name an address has for it (`queries.SHOWS`)."""
    return {
        "asked": _("Asked"),
        "answered": str(RECIPIENT_STATES[RecipientState.ANSWERED]),
        "silent": str(RECIPIENT_STATES[RecipientState.ASKED]),
        "why": _("Reasons"),
        **_group_labels(survey),
        "to-call": _("To call"),
        "nobodys": _("To call, without an owner"),
        "called": _("Called back"),
        **{f"score-{score}": _("Gave %(score)s", score=score) for score in SCORES},
        **{f"choice-{place}": "-" for place in range(MOST_CHOICES)},
        **{f"choice-{place}": words for place, words in enumerate(survey.choices)},
    }
