"""The words of the settings pages: what each group of policies is about, what happened to a setting."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.history import HistoryEntry
from portal.policies import POLICIES, PolicyAction
from portal.workspace.models import WorkspaceAction

FEATURE_LABELS = {
    "asks": _l("Requests to advocates and breaks"),
    "references": _l("Reference requests"),
    "matching": _l("Matching"),
    "advocates": _l("Advocates"),
    "accounts": _l("Accounts"),
    "imports": _l("Imports"),
    "outreach": _l("Outreach"),
    "metrics": _l("Metrics"),
}
FIELD_LABELS = {
    "name": _l("Name"),
    "accent": _l("Color"),
    "time_zone": _l("Time zone"),
    "currency": _l("Currency"),
    "postal_address": _l("Postal address"),
    "join_open": _l("Join page"),
    "join_code": _l("Join code"),
}


def feature_label(feature: str) -> str:
    return str(FEATURE_LABELS.get(feature, feature.replace("_", " ").capitalize()))


def change_text(entry: HistoryEntry) -> str:
    """What an entry of the settings' history says, in a sentence."""
    if entry.action == PolicyAction.CHANGED:
        return _policy_change(entry.detail)
    if entry.action == PolicyAction.WORKSPACE_CHANGED:
        return "; ".join(_field_change(field, entry.detail) for field in entry.detail["after"])
    return _("Logo changed") if entry.action == WorkspaceAction.LOGO_CHANGED else _("Logo removed")


def _policy_change(detail: dict[str, Any]) -> str:
    policy = POLICIES.get(detail["name"])
    label = _(policy.label) if policy else detail["name"]
    return _(
        "%(what)s: %(before)s, now %(after)s", what=label, before=detail["before"], after=detail["after"]
    )


def _field_change(field: str, detail: dict[str, Any]) -> str:
    before, after = (_value_text(detail[when][field]) for when in ("before", "after"))
    return _(
        "%(what)s: %(before)s, now %(after)s", what=FIELD_LABELS.get(field, field), before=before, after=after
    )


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return _("open") if value else _("closed")
    return str(value) if value != "" else _("none")
