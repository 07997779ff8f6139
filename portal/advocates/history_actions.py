"""What the history says happened to a person."""

from enum import StrEnum

from portal.history import HistoryAction


class AdvocateAction(HistoryAction):
    ADDED = "added"
    INVITED = "invited"
    NOMINATED = "nominated"
    APPROVED = "approved"
    JOINED = "joined"
    ENROLLED = "enrolled"
    PAUSED = "paused"
    RESUMED = "resumed"
    REFUSED = "refused"
    DEPARTED = "departed"
    PREFERENCES_CHANGED = "preferences_changed"
    CORRECTED = "corrected"
    ADDRESS_ENTERED = "new_address_entered"
    ADDRESS_WITHDRAWN = "new_address_withdrawn"
    ADDRESS_CHANGED = "address_changed"


class DepartureReason(StrEnum):
    """Why somebody left, where no manager says it in words."""

    ON_THEIR_OWN = "on_their_own"
