"""Names of groups of guests."""

from flask_babel import lazy_gettext as _l

GROUPS = {
    "coming": _l("Those who come"),
    "maybe": _l("Those who said maybe"),
    "waiting": _l("Those who wait for a seat"),
    "approval": _l("Those who wait for approval"),
    "came": _l("Those who were there"),
    "missed": _l("Those who said yes and weren’t there"),
}
