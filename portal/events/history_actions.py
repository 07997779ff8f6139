"""What the history says happened to an event and to a guest. What guests answered stands in their rows and asks."""

from portal.history import HistoryAction


class EventAction(HistoryAction):
    OPENED = "opened"
    CHANGED = "changed"  # words, picture, questions
    MOVED = "moved"  # start, end or place: guests are told
    CAPACITY_CHANGED = "capacity_changed"
    CANCELLED = "event_cancelled"
    CLOSED = "records_closed"
    CLONED = "cloned"
    DOOR_LINK_MADE = "door_link_made"
    DOOR_LINK_REVOKED = "door_link_revoked"
    ATTENDANCE_IMPORTED = "attendance_imported"
    MESSAGED = "guests_messaged"
    REMINDED = "silent_guests_reminded"  # by hand


class GuestAction(HistoryAction):
    """By members, at the door, or by the software."""

    APPROVED = "approved"
    REFUSED = "refused"
    REMOVED = "removed"
    PRIORITIZED = "prioritized"  # in the wait list, with a reason
    ANSWERED_FOR = "answered_for"  # by a member, as the guest told them
    OFFERED = "offered"
    LAPSED = "lapsed"
    SKIPPED = "skipped"  # no provider took the email of the offer
    SEAT_TAKEN_BACK = "seat_taken_back"  # there are fewer seats now
    TRANSFERRED = "transferred"
    CHECKED_IN = "checked_in"
    CHECK_IN_UNDONE = "check_in_undone"
    CHECKED_OUT = "checked_out"
    ATTENDANCE_CORRECTED = "attendance_corrected"  # after the records closed
