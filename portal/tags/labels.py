"""Names of what was done with a tag."""

from flask_babel import lazy_gettext as _l

from portal.tags.history_actions import TagAction

HISTORY_ACTIONS = {
    TagAction.CREATED: _l("Created"),
    TagAction.RENAMED: _l("Renamed"),
    TagAction.RETIRED: _l("Retired"),
    TagAction.RESTORED: _l("Brought back"),
    TagAction.STATED: _l("Statement written"),
    TagAction.STATEMENT_WITHDRAWN: _l("Statement withdrawn"),
    TagAction.STATEMENT_LAPSED: _l("Statement no longer holds: other people or accounts have the tag now"),
    TagAction.CHANGED: _l("Tags changed"),
}
