"""What the history says happened to a tag, or to the tags of an account or a person."""

from portal.history import HistoryAction


class TagAction(HistoryAction):
    CREATED = "tag_created"
    RENAMED = "tag_renamed"
    RETIRED = "tag_retired"
    RESTORED = "tag_restored"
    STATED = "tag_stated"
    STATEMENT_WITHDRAWN = "tag_statement_withdrawn"
    STATEMENT_LAPSED = "tag_statement_lapsed"  # somebody got the tag or lost it
    CHANGED = "tags_changed"  # of an account or a person
