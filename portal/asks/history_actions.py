"""What the history says happened to an ask."""

from portal.history import HistoryAction


class AskAction(HistoryAction):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    COMPLETED = "completed"
    RELEASED = "released"
    NOT_HELD = "not_held"
    WITHDRAWN = "withdrawn"
    LOGGED = "logged"  # a favor a rep arranged
    BUDGET_OVERRIDDEN = "budget_overridden"
    QUESTION_ASKED = "question_asked"
    DISMISSED = "dismissed"
