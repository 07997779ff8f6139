"""The states of a survey and of each person in it, and the moves between them."""

from enum import StrEnum

from portal.history import HistoryAction
from portal.lifecycle import NOW, Lifecycle


class SurveyState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    CLOSED = "closed"


class SurveyMove(StrEnum):
    LAUNCH = "launch"
    RETURN = "return"  # a second person did not approve it
    CLOSE = "close"


class RecipientState(StrEnum):
    """Of one person who was asked, in one round of a survey."""

    ASKED = "asked"
    ANSWERED = "answered"


class RecipientMove(StrEnum):
    ANSWER = "answer"


class SurveyAction(HistoryAction):
    """Answers stand in no history."""

    LAUNCHED = "launched"
    CLOSED = "closed"
    FOLLOWED_UP = "followed_up"  # whoever was unhappy was called


SURVEY_LIFECYCLE: Lifecycle[SurveyState, SurveyMove] = Lifecycle(
    "survey",
    SurveyState.DRAFT,
    {
        SurveyMove.LAUNCH: ({SurveyState.DRAFT}, SurveyState.RUNNING),
        SurveyMove.RETURN: ({SurveyState.RUNNING}, SurveyState.DRAFT),
        SurveyMove.CLOSE: ({SurveyState.RUNNING}, SurveyState.CLOSED),
    },
    columns={
        SurveyMove.LAUNCH: {"launched_at": NOW},
        SurveyMove.RETURN: {"launched_at": None, "launched_by_id": None},
        SurveyMove.CLOSE: {"closed_at": NOW},
    },
    actions={SurveyMove.LAUNCH: SurveyAction.LAUNCHED, SurveyMove.CLOSE: SurveyAction.CLOSED},
)
RECIPIENT_LIFECYCLE: Lifecycle[RecipientState, RecipientMove] = Lifecycle(
    "survey",
    RecipientState.ASKED,
    {RecipientMove.ANSWER: ({RecipientState.ASKED}, RecipientState.ANSWERED)},
    columns={RecipientMove.ANSWER: {"answered_at": NOW, "changed_at": NOW}},
)
