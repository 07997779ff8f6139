"""What the history says was done with an import."""

from portal.history import HistoryAction


class ImportAction(HistoryAction):
    UPLOADED = "uploaded"
    REMOVED = "removed"
    STARTED = "started"
    UNDO_STARTED = "undo_started"
    UNDONE = "undone"
