"""Names of the health of accounts, of what they are to us, and of what was done with one."""

from flask_babel import lazy_gettext as _l

from portal.accounts.history_actions import AccountAction
from portal.accounts.models import AccountRelationship, Health, SubscriptionState
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
RELATIONSHIP_NAMES = {
    AccountRelationship.CUSTOMER: _l("Customer"),
    AccountRelationship.RESELLER: _l("Reseller"),
    AccountRelationship.AGENCY: _l("Agency"),
    AccountRelationship.COMPETITOR: _l("Competitor"),
    AccountRelationship.GOVERNMENT: _l("Government"),
    AccountRelationship.OWN: _l("Our own company"),
    AccountRelationship.UNKNOWN: _l("Unknown"),
}
SUBSCRIPTION_STATES = {
    SubscriptionState.RUNNING: _l("Running"),
    SubscriptionState.ENDED: _l("Ended, none follows"),
    SubscriptionState.LATER: _l("Begins later"),
}
UNHEALTHY_NOTES = {
    Health.RED: _l("Account health is red"),
    Health.YELLOW: _l("Account health is yellow"),
}
HISTORY_ACTIONS = {
    AccountAction.ADDED: _l("Added"),
    AccountAction.EDITED: _l("Edited"),
}
