"""The directory in numbers: the lede, the steps from a known person to an active one."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.web.filters import number, percent

DirectoryCounts = Mapping[str, int]


def lede(counts: DirectoryCounts) -> str:
    if not counts["enrolled"]:
        return _("No one has joined yet.")
    joined = ngettext("%(num)d person has joined.", "%(num)d people have joined.", counts["enrolled"])
    free = ngettext("%(num)d is free this week.", "%(num)d are free this week.", counts["free"])
    never = ngettext("%(num)d has never been asked.", "%(num)d have never been asked.", counts["never"])
    return f"{joined} {free} {never}"


def funnel(counts: DirectoryCounts, active_days: int) -> list[tuple[str, str, int, str]]:
    names = {
        "known": (_("Known"), ""),
        "invited": (_("Invited"), _("%(share)s of known", share=_share(counts, "invited", "known"))),
        "enrolled": (_("Enrolled"), _("%(share)s of invited", share=_share(counts, "enrolled", "invited"))),
        "helped": (_("Helped once"), _("%(share)s of enrolled", share=_share(counts, "helped", "enrolled"))),
        "active": (
            _("Active in %(days)d days", days=active_days),
            _("%(share)s of enrolled", share=_share(counts, "active", "enrolled")),
        ),
    }
    whole = max(counts["known"], 1)
    return [
        (number(counts[key]), label, round(counts[key] * 100 / whole), small)
        for key, (label, small) in names.items()
    ]


def _share(counts: DirectoryCounts, part: str, whole: str) -> str:
    return percent(counts[part] / counts[whole] if counts[whole] else None)
