"""Customer companies: the list, one company with its people and asks, and what a person may change about it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries
from portal.accounts.actions import AccountDetails, InvalidParentCompany, edit
from portal.accounts.forms import AccountDetailsForm
from portal.accounts.labels import HEALTH_NAMES, RELATIONSHIP_NAMES
from portal.accounts.models import Account, AccountRelationship, Health
from portal.directory import account_queries
from portal.directory.account_list import ACCOUNTS
from portal.directory.extra_details import ExtraDetails
from portal.lists.list_page import list_page
from portal.signin import memberships
from portal.tags.actions import InvalidTag
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from tenants.models import Role

bp = Blueprint("accounts", __name__, url_prefix="/<workspace>/accounts")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def index() -> ResponseReturnValue:
    return render_template(
        "accounts/index.html", page=list_page(ACCOUNTS), health=HEALTH_NAMES, relationships=RELATIONSHIP_NAMES
    )


@bp.get("/<uuid:account_id>")
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def show(account_id: UUID) -> ResponseReturnValue:
    account, extras = account_queries.account_with_extras(db, account_id, member)
    owners = memberships.names_by_email(db, [account.owner_email_norm])
    detail = account_queries.account_detail(db, account)
    return render_template("accounts/show.html", account=account, owners=owners, **extras, **detail)


@bp.get("/<uuid:account_id>/edit", endpoint="edit")
@bp.get("/<uuid:account_id>/details", endpoint="edit", alias=True)
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def edit_form(account_id: UUID) -> ResponseReturnValue:
    account = queries.get_visible_to(db, account_id, member)
    extra = ExtraDetails.of(db, account)
    data = _form_data(account) | extra.form_data()
    return _form_page(account, extra.form_class(AccountDetailsForm)(formdata=None, data=data), extra)


@bp.post("/<uuid:account_id>/edit")
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def save(account_id: UUID) -> ResponseReturnValue:
    account = queries.get_visible_to(db, account_id, member)
    extra = ExtraDetails.of(db, account)
    form = extra.form_class(AccountDetailsForm)()
    _set_owner_choices(account, form)
    if not form.validate_on_submit() or not _is_saved(account, form, extra):
        return _form_page(account, form, extra), 422
    flash(_("Saved."))
    still_seen = queries.is_visible_to(account, member)
    return redirect(url_for(".show", account_id=account.id) if still_seen else url_for(".index"), 303)


def _is_saved(account: Account, form: Any, extra: ExtraDetails) -> bool:
    """A refusal stands beside the field it is about."""
    try:
        edit(db, account, _details(form), by=member, seen_version=form.version.data or "")
        extra.save(db, account, form, by=member)
    except InvalidParentCompany as no:
        form.group.errors = [refusal_text(no)]
    except InvalidTag as no:
        form.tags.errors = [refusal_text(no)]
    return not form.errors


def _form_data(account: Account) -> dict[str, Any]:
    parent = queries.parent(db, account)
    return {
        "owner_id": str(account.owner_id or ""),
        "relationship": account.relationship.value,
        "health": account.health.value,
        "renewal_on": account.renewal_on,
        "group": parent.name if parent else "",
        "competitors": "\n".join(account.competitors),
        "version": str(account.version),
    }


def _details(form: AccountDetailsForm) -> AccountDetails:
    return AccountDetails(
        owner_id=UUID(form.owner_id.data) if form.owner_id.data else None,
        relationship=AccountRelationship(form.relationship.data),
        health=Health(form.health.data),
        renewal_on=form.renewal_on.data,
        group=form.group.data or "",
        competitors=(form.competitors.data or "").splitlines(),
    )


def _set_owner_choices(account: Account, form: AccountDetailsForm) -> None:
    unlinked = account.owner_email if account.owner_id is None else ""
    nobody = _("%(email)s (not a member yet)", email=unlinked) if unlinked else _("No one")
    form.set_owner_choices(nobody, queries.possible_owners(db))


def _form_page(account: Account, form: AccountDetailsForm, extra: ExtraDetails) -> str:
    _set_owner_choices(account, form)
    return render_template("accounts/edit.html", account=account, form=form, extra=extra)
