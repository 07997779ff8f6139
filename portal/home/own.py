"""The home of reps and account owners in words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.accounts.models import Health
from portal.references.rows import Row

HEALTH = {  # word, tone, icon
    Health.GREEN: (_l("Healthy"), "", "circle-check"),
    Health.YELLOW: (_l("Watch"), "warn", "alert-triangle"),
    Health.RED: (_l("At risk"), "bad", "alert-circle"),
    Health.UNKNOWN: (_l("Not known"), "", "circle-dashed"),
}


def title(running: Sequence[Row], *, is_rep: bool) -> str:
    """What waits for the reader, else what is on its way."""
    if not is_rep:
        return _("Your accounts")
    waiting = sum(waits_for_me(row) for row in running)
    if waiting:
        return ngettext("One request waits for you", "%(num)d requests wait for you", waiting)
    if running:
        return ngettext("One request is on its way", "%(num)d requests are on their way", len(running))
    return _("No request is open")


def mine_first(running: Sequence[Row]) -> list[Row]:
    return sorted(running, key=lambda row: not waits_for_me(row))


def waits_for_me(row: Row) -> bool:
    """The desk asked something."""
    return row.wanted.waiting_since is not None
