"""What the states of a bulk action are called, and why the rest of it was left out."""

from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.lists.models import BulkActionState, RestLeftOut
from portal.web.refusal_text import name_states

STATES = {
    BulkActionState.GATHERING: StatusBadge(_l("Getting ready"), "now", "refresh"),
    BulkActionState.PREPARED: StatusBadge(_l("Not started"), "", "eye"),
    BulkActionState.RUNNING: StatusBadge(_l("In progress"), "now", "loader"),
    BulkActionState.DONE: StatusBadge(_l("Done"), "good", "circle-check"),
}
REST_LEFT_OUT = {
    RestLeftOut.STOPPED: _l("Stopped before it was their turn"),
    RestLeftOut.CHOICE_GONE: _l("The tag or list that was chosen is no longer there"),
    RestLeftOut.MEMBER_GONE: _l("Whoever started this can’t do it any more"),
}
name_states(STATES)
