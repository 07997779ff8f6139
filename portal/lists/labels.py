"""What the states of a bulk action are called, why the rest of it was left out, and how typed filters are read."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.declarations.filter_values import FilterFault, FilterKind, FilterRange
from portal.lists.models import BulkActionState, RestLeftOut
from portal.web.filters import day_year, number
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
FILTER_FAULTS = {
    FilterFault.NO_NUMBER: _l("Please enter a number, such as 250."),
    FilterFault.NO_DAY: _l("Please enter a day, such as 2026-11-30."),
    FilterFault.BACKWARDS: _l("This comes before where it begins."),
}


def typed_words(kind: FilterKind, value: str, unit: str = "") -> str:
    """“10 to 200 EUR”, “from 1 Nov 2026”, “finance” in quotes."""
    if kind is FilterKind.TEXT:
        return _("“%(text)s”", text=value)
    found = FilterRange.of(kind, value) or FilterRange()
    low, high = _end_words(found.low), _end_words(found.high)
    if low and high:
        words = _("%(low)s to %(high)s", low=low, high=high)
    else:
        words = _("from %(low)s", low=low) if low else _("up to %(high)s", high=high)
    return f"{words} {unit}".strip()


def _end_words(end: Any) -> str:
    return "" if end is None else day_year(end) if isinstance(end, date) else number(end)
