"""What the history says happened to a suppression."""

from enum import StrEnum


class SuppressionAction(StrEnum):
    ENTERED = "entered_by_hand"
    LIFTED = "lifted"
    AGREED_AGAIN = "agreed_again"
