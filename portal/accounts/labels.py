"""Names of the health of accounts, and of what was done with one."""

from flask_babel import lazy_gettext as _l

from portal.accounts.history_actions import AccountAction
from portal.accounts.models import Health

HEALTH_NAMES = {
    Health.GREEN: _l("Green"),
    Health.YELLOW: _l("Yellow"),
    Health.RED: _l("Red"),
    Health.UNKNOWN: _l("Unknown"),
}
HEALTH_BADGES = {  # word, tone, icon
    Health.GREEN: (_l("Healthy"), "", "circle-check"),
    Health.YELLOW: (_l("Watch"), "warn", "alert-triangle"),
    Health.RED: (_l("At risk"), "bad", "alert-circle"),
    Health.UNKNOWN: (_l("Unknown"), "", "circle-dashed"),
}
HISTORY_ACTIONS = {
    AccountAction.ADDED: _l("Added"),
    AccountAction.EDITED: _l("Edited"),
}
