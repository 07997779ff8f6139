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
    CLOSE = "close"


class RecipientState(StrEnum):
    """Of one person, in one round of a survey."""

    QUEUED = "queued"
    ASKED = "asked"
    ANSWERED = "answered"
    LEFT_OUT = "left_out"


class RecipientMove(StrEnum):
    ASK = "ask"
    ANSWER = "answer"
    LEAVE_OUT = "leave_out"


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
        SurveyMove.CLOSE: ({SurveyState.RUNNING}, SurveyState.CLOSED),
    },
    columns={SurveyMove.LAUNCH: {"launched_at": NOW}, SurveyMove.CLOSE: {"closed_at": NOW}},
    actions={SurveyMove.LAUNCH: SurveyAction.LAUNCHED, SurveyMove.CLOSE: SurveyAction.CLOSED},
)
RECIPIENT_LIFECYCLE: Lifecycle[RecipientState, RecipientMove] = Lifecycle(
    "survey",
    RecipientState.QUEUED,
    {
        RecipientMove.ASK: ({RecipientState.QUEUED}, RecipientState.ASKED),
        RecipientMove.ANSWER: ({RecipientState.ASKED}, RecipientState.ANSWERED),
        RecipientMove.LEAVE_OUT: ({RecipientState.QUEUED}, RecipientState.LEFT_OUT),
    },
    columns={
        RecipientMove.ASK: {"asked_at": NOW},
        RecipientMove.ANSWER: {"answered_at": NOW, "changed_at": NOW},
    },
)
