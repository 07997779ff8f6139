"""The words of the settings pages: what each group of policies is about, what happened to a setting."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.history import HistoryEntry
from portal.policies import POLICIES

FEATURES = {
    "asks": _l("Asks and rest"),
    "references": _l("The reference desk"),
    "matching": _l("How candidates are scored"),
    "advocates": _l("Advocates"),
    "accounts": _l("Accounts"),
    "imports": _l("Imports"),
    "outreach": _l("Outreach"),
    "metrics": _l("Metrics"),
}
FIELDS = {
    "name": _l("Name"),
    "accent": _l("Colour"),
    "time_zone": _l("Time zone"),
    "currency": _l("Currency"),
    "postal_address": _l("Postal address"),
    "join_open": _l("Join page"),
    "join_code": _l("Join code"),
}


def feature_words(feature: str) -> str:
    return str(FEATURES.get(feature, feature.replace("_", " ").capitalize()))


def change_words(entry: HistoryEntry) -> str:
    """What an entry of the settings' history says, in a sentence."""
    if entry.what == "policy changed":
        return _policy_words(entry.detail)
    if entry.what == "workspace changed":
        return "; ".join(_field_words(field, entry.detail) for field in entry.detail["after"])
    return _("Logo changed") if entry.what == "logo changed" else _("Logo removed")


def _policy_words(detail: dict[str, Any]) -> str:
    policy = POLICIES.get(detail["name"])
    label = _(policy.label) if policy else detail["name"]
    return _(
        "%(what)s: %(before)s, now %(after)s", what=label, before=detail["before"], after=detail["after"]
    )


def _field_words(field: str, detail: dict[str, Any]) -> str:
    before, after = (_said(detail[when][field]) for when in ("before", "after"))
    return _("%(what)s: %(before)s, now %(after)s", what=FIELDS.get(field, field), before=before, after=after)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("open") if value else _("closed")
    return str(value) if value != "" else _("none")
