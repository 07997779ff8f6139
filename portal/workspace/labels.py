"""The words of the settings pages: what each group of policies is about, what happened to a setting."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.declarations.programs import PROGRAMS
from portal.history import HistoryEntry
from portal.i18n import mark
from portal.policies import POLICIES, Policy, PolicyAction
from portal.signin.models import MembershipAction
from portal.workspace.models import CollisionTable, WorkspaceAction

FEATURE_LABELS = {
    "asks": _l("Requests to advocates and breaks"),
    "kinds": _l("Kinds of request"),
    "advocates": _l("Advocates"),
    "accounts": _l("Accounts"),
    "imports": _l("Imports"),
    "outreach": _l("Outreach"),
    "campaigns": _l("Asking many people"),
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


HISTORY_ACTIONS: Mapping[str, str] = {  # of settings
    PolicyAction.CHANGED: "%(changes)s",
    PolicyAction.WORKSPACE_CHANGED: "%(changes)s",
    WorkspaceAction.LOGO_CHANGED: mark("Logo changed"),
    WorkspaceAction.LOGO_REMOVED: mark("Logo removed"),
    WorkspaceAction.COLLISION_RESOLVED: mark("Shared mailbox resolved"),
}
MEMBERSHIP_ACTIONS = {
    MembershipAction.INVITED: _l("Invited"),
    MembershipAction.JOINED: _l("Joined"),
    MembershipAction.ROLES_CHANGED: _l("Roles changed"),
    MembershipAction.RENAMED: _l("Name changed"),
    MembershipAction.ENDED: _l("Removed"),
}
COLLISION_TABLES = {  # who share a mailbox
    CollisionTable.ADVOCATES: _l("Advocates"),
    CollisionTable.MEMBERSHIPS: _l("Colleagues"),
}


def feature_labels() -> dict[str, str]:
    first, *others = FEATURE_LABELS.items()
    declared = ((name, _(label)) for program in PROGRAMS for name, label in program.policy_groups.items())
    return {name: str(label) for name, label in (first, *declared, *others)}


def feature_label(feature: str) -> str:
    return feature_labels().get(feature, feature.replace("_", " ").capitalize())


def policy_label(policy: Policy) -> str:
    if not policy.about:
        return _(policy.label)
    label = _(policy.label, about=_(policy.about))
    return label[:1].upper() + label[1:]


def change_text(entry: HistoryEntry) -> str:
    if entry.action == PolicyAction.CHANGED:
        return _policy_change(entry.detail)
    changes = "; ".join(_field_change(field, entry.detail) for field in entry.detail.get("after", ()))
    return _(HISTORY_ACTIONS[entry.action], changes=changes)


def _policy_change(detail: dict[str, Any]) -> str:
    policy = POLICIES.get(detail["name"])
    label = policy_label(policy) if policy else detail["name"]
    if policy is not None and not policy.is_listed:
        return switch_text(label, is_on=bool(detail["after"]))
    return _(
        "%(what)s: %(before)s, now %(after)s", what=label, before=detail["before"], after=detail["after"]
    )


def switch_text(program: str, *, is_on: bool) -> str:
    return (
        _("%(program)s switched on", program=program)
        if is_on
        else _("%(program)s switched off", program=program)
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
