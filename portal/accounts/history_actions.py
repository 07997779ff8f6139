"""What the history says happened to an account."""

from portal.history import HistoryAction


class AccountAction(HistoryAction):
    ADDED = "added"
    EDITED = "edited"
