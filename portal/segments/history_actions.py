"""What the history says happened to a segment."""

from portal.history import HistoryAction


class SegmentAction(HistoryAction):
    CREATED = "segment_created"
    CHANGED = "segment_changed"
    COPIED = "segment_copied"
    SHARED = "segment_shared"
    KEPT_PRIVATE = "segment_kept_private"
    PEOPLE_ADDED = "people_added"
    PEOPLE_REMOVED = "people_removed"
    ORIGIN_STATED = "origin_stated"
    ATTRIBUTE_STATED = "attribute_stated"
    ATTRIBUTE_WITHDRAWN = "attribute_statement_withdrawn"
    DELETED = "segment_deleted"
