"""Names of the health of accounts, and of what was done with one."""

from flask_babel import lazy_gettext as _l

from portal.accounts.history_actions import AccountAction
from portal.accounts.models import Health
from portal.badges import StatusBadge

HEALTH_NAMES = {
    Health.GREEN: _l("Green"),
    Health.YELLOW: _l("Yellow"),
    Health.RED: _l("Red"),
    Health.UNKNOWN: _l("Unknown"),
}
HEALTH_BADGES = {
    Health.GREEN: StatusBadge(_l("Healthy"), "", "circle-check"),
    Health.YELLOW: StatusBadge(_l("Watch"), "warn", "alert-triangle"),
    Health.RED: StatusBadge(_l("At risk"), "bad", "alert-circle"),
    Health.UNKNOWN: StatusBadge(_l("Unknown"), "", "circle-dashed"),
}
UNHEALTHY_NOTES = {
    Health.RED: _l("Account health is red"),
    Health.YELLOW: _l("Account health is yellow"),
}
HISTORY_ACTIONS = {
    AccountAction.ADDED: _l("Added"),
    AccountAction.EDITED: _l("Edited"),
}
