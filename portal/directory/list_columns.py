"""The columns of the directory's table a reader may show or hide; the choice is part of the address."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from portal.advocates.filters import AdvocateView

COLUMNS = {
    "company": _l("Company"),
    "email": _l("Email"),
    "uses": _l("Uses"),
    "agreed": _l("Agreed to"),
    "helped": _l("Last helped"),
    "time": _l("Minutes of favors (90 days)"),
    "availability": _l("Availability"),
    "region": _l("Region"),
    "tags": _l("Tags"),
    "provenance": _l("Source"),
}
DEFAULT_COLUMNS = ("company", "uses", "helped", "time", "availability")
CANDIDATE_COLUMNS = ("company", "email", "uses", "availability")  # who is not in has not helped yet


def chosen_columns(given: str | None, view: AdvocateView) -> Sequence[str]:
    default = (
        CANDIDATE_COLUMNS if view in {AdvocateView.WAITING, AdvocateView.CANDIDATES} else DEFAULT_COLUMNS
    )
    shown = default if given is None else given.split(",")
    return [name for name in COLUMNS if name in shown]


def toggled(columns: Sequence[str], name: str) -> str:
    after = {*columns} ^ {name}
    return ",".join(each for each in COLUMNS if each in after)
