"""The policies of a workspace: numbers with bounds, grouped by feature, with what was changed when."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import policies
from portal.errors import Conflict
from portal.history import HistoryEntry
from portal.paging import paginate
from portal.policies import Policy
from portal.web.access import allow
from portal.web.current import db, member
from portal.workspace import queries
from portal.workspace.forms import add_pair_errors, policies_form, policy_field_name, policy_number
from portal.workspace.labels import change_text, feature_label, policy_label
from portal.workspace.settings_list import grouped_policies
from tenants.models import Role

bp = Blueprint("policies", __name__, url_prefix="/<workspace>/settings/policies")


@bp.get("")
@allow(Role.ADMIN)
def index() -> ResponseReturnValue:
    return _page(policies_form(policies.listed(), policies.values(db)))


@bp.post("")
@allow(Role.ADMIN)
def change() -> ResponseReturnValue:
    now = policies.values(db)
    form = policies_form(policies.listed(), now)
    if not form.validate_on_submit():
        return _page(form), 422
    changed = [policy for policy in policies.listed() if _changed(form, policy)]
    if add_pair_errors(
        form, policies.violated_pairs(now | {policy.name: policy_number(form, policy) for policy in changed})
    ):
        return _page(form), 422
    for policy in changed:
        _insist_on_what_was_seen(form, policy, now)
        policies.change(db, policy, policy_number(form, policy), by=member)
    flash(_("Saved. The new values apply from now on.") if changed else _("Nothing to change."))
    return redirect(url_for(".index"), 303)


def _page(form: Any) -> str:
    history = paginate(
        db,
        queries.setting_changes(),
        key=(HistoryEntry.id,),
        cursor=request.args.get("after"),
        descending=True,
    )
    return render_template(
        "workspace/policies.html",
        form=form,
        groups=grouped_policies(),
        field_of=policy_field_name,
        feature_label=feature_label,
        history=history,
        change_text=change_text,
    )


def _changed(form: Any, policy: Policy) -> bool:
    return str(policy_number(form, policy)) != str(form[f"was_{policy_field_name(policy)}"].data)


def _insist_on_what_was_seen(form: Any, policy: Policy, now: dict[str, int]) -> None:
    if str(now[policy.name]) != str(form[f"was_{policy_field_name(policy)}"].data):
        raise Conflict(
            "Another admin has just set “%(what)s” to %(now)s. Your changes weren’t saved.",
            what=policy_label(policy),
            now=now[policy.name],
        )
