"""Customer companies: the list, one company with its people and asks, and what a person may change about it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries
from portal.accounts.actions import Details, NoSuchGroup, edit
from portal.accounts.forms import HEALTH, DetailsForm
from portal.accounts.models import Account, Health
from portal.accounts.queries import AccountFilter
from portal.pool import companies
from portal.signin import members
from portal.web.access import allow
from portal.web.current import db, member
from tenants.addresses import shown_email
from tenants.models import Role

bp = Blueprint("accounts", __name__, url_prefix="/<workspace>/accounts")
SHOWN = ("industry", "region", "health", "owner")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def index() -> ResponseReturnValue:
    given = {name: request.args.get(name, "") for name in SHOWN}
    wanted = AccountFilter(text=request.args.get("q", ""), **given)
    found = companies.listed(db, wanted, member, request.args.get("after"))
    options = companies.options(db, member)
    return render_template(
        "accounts/index.html",
        page=found,
        people=companies.people_of(db, found.rows),
        wanted=wanted,
        options=options,
        owners={each: shown_email(each) for each in options["owner"]} | members.names(db, options["owner"]),
        health=HEALTH,
    )


@bp.get("/<uuid:account_id>")
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def show(account_id: UUID) -> ResponseReturnValue:
    account = queries.get_seen_by(db, account_id, member)
    owners = members.names(db, [account.owner_email_norm])
    return render_template(
        "accounts/show.html", account=account, owners=owners, **companies.portrait(db, account)
    )


@bp.get("/<uuid:account_id>/details")
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def details(account_id: UUID) -> ResponseReturnValue:
    account = queries.get_seen_by(db, account_id, member)
    form = DetailsForm(formdata=None, data=_shown(account))
    return _form_page(account, form)


@bp.post("/<uuid:account_id>/details")
@allow(Role.MANAGER, Role.ADMIN, Role.OWNER)
def save_details(account_id: UUID) -> ResponseReturnValue:
    account, form = queries.get_seen_by(db, account_id, member), DetailsForm()
    _offer_owners(account, form)
    if not form.validate_on_submit():
        return _form_page(account, form), 422
    try:
        edit(db, account, _details(form), by=member, seen=form.version.data or "")
    except NoSuchGroup as no:
        form.group.errors = [_(no.message) % no.params]
        return _form_page(account, form), 422
    flash(_("Saved."))
    still_seen = queries.is_seen_by(account, member)
    return redirect(url_for(".show", account_id=account.id) if still_seen else url_for(".index"), 303)


def _shown(account: Account) -> dict[str, Any]:
    parent = queries.parent(db, account)
    return {
        "owner_id": str(account.owner_id or ""),
        "health": account.health.value,
        "renewal_on": account.renewal_on,
        "group": parent.name if parent else "",
        "competitors": "\n".join(account.competitors),
        "version": str(account.version),
    }


def _details(form: DetailsForm) -> Details:
    return Details(
        owner_id=UUID(form.owner_id.data) if form.owner_id.data else None,
        health=Health(form.health.data),
        renewal_on=form.renewal_on.data,
        group=form.group.data or "",
        competitors=(form.competitors.data or "").splitlines(),
    )


def _offer_owners(account: Account, form: DetailsForm) -> None:
    unlinked = account.owner_email if account.owner_id is None else ""
    nobody = _("%(email)s (not a member yet)", email=unlinked) if unlinked else _("Nobody")
    form.offer_owners(nobody, queries.possible_owners(db))


def _form_page(account: Account, form: DetailsForm) -> str:
    _offer_owners(account, form)
    return render_template("accounts/details.html", account=account, form=form)
