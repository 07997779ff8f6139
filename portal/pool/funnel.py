"""The pool in numbers: the lede, the steps from candidate to active, the tabs."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.pool.people import View
from portal.web.addresses import same_page
from portal.web.filters import number, percent

Counts = Mapping[str, int]


def lede(counts: Counts) -> str:
    if not counts["enrolled"]:
        return _("Nobody has said yes yet.")
    said_yes = ngettext("%(num)d person said yes.", "%(num)d people said yes.", counts["enrolled"])
    free = ngettext("%(num)d is free this week,", "%(num)d are free this week,", counts["free"])
    never = ngettext(
        "and %(num)d has never been asked.", "and %(num)d have never been asked.", counts["never"]
    )
    return f"{said_yes} {free} {never}"


def funnel(counts: Counts, active_days: int) -> list[tuple[str, str, int, str]]:
    """(number, words, share of the first step, share of the step before)."""
    names = {
        "known": (_("Candidates"), ""),
        "invited": (_("Invited"), _("%(share)s of candidates", share=_share(counts, "invited", "known"))),
        "enrolled": (_("Enrolled"), _("%(share)s of invited", share=_share(counts, "enrolled", "invited"))),
        "helped": (_("Helped once"), _("%(share)s of enrolled", share=_share(counts, "helped", "enrolled"))),
        "active": (
            _("Active in %(days)d days", days=active_days),
            _("%(share)s of enrolled", share=_share(counts, "active", "enrolled")),
        ),
    }
    whole = max(counts["known"], 1)
    return [
        (number(counts[key]), words, round(counts[key] * 100 / whole), small)
        for key, (words, small) in names.items()
    ]


def tabs(counts: Counts, on: View) -> list[tuple[str, str, str, bool]]:
    words = {
        View.EVERYONE: _("Everyone"),
        View.FREE: _("Free this week"),
        View.NEVER: _("Never asked"),
        View.QUIET: _("Going quiet"),
        View.WAITING: _("Waiting for me"),
        View.CANDIDATES: _("Candidates"),
    }
    return [(words[view], _address(view), number(counts[view.value]), view is on) for view in View]


def _address(view: View) -> str:
    return same_page(view=None if view is View.EVERYONE else view.value, after=None, back=None, state=None)


def _share(counts: Counts, part: str, whole: str) -> str:
    return percent(counts[part] / counts[whole] if counts[whole] else None)
