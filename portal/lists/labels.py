"""What the states of a bulk action are called."""

from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.lists.models import BulkActionState
from portal.web.refusal_text import name_states

STATES = {
    BulkActionState.PREPARED: StatusBadge(_l("Not started"), "", "eye"),
    BulkActionState.RUNNING: StatusBadge(_l("In progress"), "now", "loader"),
    BulkActionState.DONE: StatusBadge(_l("Done"), "good", "circle-check"),
}
name_states(STATES)
