"""What the history says happened to a suppression."""

from portal.history import HistoryAction


class SuppressionAction(HistoryAction):
    ENTERED = "entered_by_hand"
    LIFTED = "lifted"
    AGREED_AGAIN = "agreed_again"
