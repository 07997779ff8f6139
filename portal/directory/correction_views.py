"""A manager corrects what is known about a person, and enters a new address for them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries as accounts
from portal.accounts.actions import find_or_create_account
from portal.accounts.models import Account
from portal.advocates import address_change_actions, address_change_models, address_change_queries, queries
from portal.advocates.correction_actions import correct
from portal.advocates.models import Advocate
from portal.directory.extra_details import ExtraDetails
from portal.directory.forms import CorrectionForm, NewAddressForm, form_data
from portal.errors import Conflict, NotFound
from portal.outreach.preferences import address_transfer_actions
from portal.tags.actions import InvalidTag
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from tenants.models import MANAGER_ROLES

bp = Blueprint("correction", __name__, url_prefix="/<workspace>/advocates/<uuid:advocate_id>")


@bp.get("/correction")
@allow(*MANAGER_ROLES)
def edit(advocate_id: UUID) -> ResponseReturnValue:
    advocate = queries.get(db, advocate_id)
    extra = ExtraDetails.of(db, advocate)
    data = form_data(advocate) | extra.form_data()
    return _page(advocate, extra.form_class(CorrectionForm)(formdata=None, data=data), extra)


@bp.post("/correction")
@allow(*MANAGER_ROLES)
def save(advocate_id: UUID) -> ResponseReturnValue:
    advocate = queries.get(db, advocate_id)
    extra = ExtraDetails.of(db, advocate)
    form = extra.form_class(CorrectionForm)()
    form.add_current_choices(advocate)
    if str(advocate.version) != form.version.data:
        form.version.data = str(advocate.version)
        return _page(advocate, form, extra, was_changed=True), 409
    if not form.validate_on_submit() or not _company_is_known(form):
        return _page(advocate, form, extra), 422
    try:
        changes = correct(db, advocate, form.correction(), _account(form), by=member)
        is_changed = extra.save(db, advocate, form, by=member) or bool(changes)
    except InvalidTag as no:
        form.tags.errors = [refusal_text(no)]  # type: ignore[attr-defined]
        return _page(advocate, form, extra), 422
    flash(_("Saved.") if is_changed else _("Nothing was changed."))
    return redirect(url_for("directory.show", advocate_id=advocate.id), 303)


@bp.get("/address")
@allow(*MANAGER_ROLES)
def edit_address(advocate_id: UUID) -> ResponseReturnValue:
    return _address_page(queries.get(db, advocate_id), NewAddressForm(formdata=None))


@bp.post("/address")
@allow(*MANAGER_ROLES)
def change_address(advocate_id: UUID) -> ResponseReturnValue:
    advocate, form = queries.get(db, advocate_id), NewAddressForm()
    if not form.validate_on_submit():
        return _address_page(advocate, form), 422
    try:
        change = address_transfer_actions.request_change(db, advocate, form.email.data or "", by=member)
    except Conflict as refusal:
        form.email.errors = [refusal_text(refusal)]
        return _address_page(advocate, form), 422
    flash(_("We emailed %(email)s. The change takes effect once they confirm.", email=change.email))
    return redirect(url_for("directory.show", advocate_id=advocate.id), 303)


@bp.post("/address/email")
@allow(*MANAGER_ROLES)
def resend(advocate_id: UUID) -> ResponseReturnValue:
    change = _open_change(queries.get(db, advocate_id))
    address_change_actions.resend(db, change)
    flash(_("We’ve sent a new email to %(email)s. The previous link no longer works.", email=change.email))
    return redirect(url_for("directory.show", advocate_id=advocate_id), 303)


@bp.post("/address/withdrawal")
@allow(*MANAGER_ROLES)
def withdraw(advocate_id: UUID) -> ResponseReturnValue:
    advocate = queries.get(db, advocate_id)
    address_change_actions.withdraw(db, _open_change(advocate), advocate, by=member)
    flash(_("Withdrawn. %(name)s keeps their current address.", name=advocate.name))
    return redirect(url_for("directory.show", advocate_id=advocate.id), 303)


def _open_change(advocate: Advocate) -> address_change_models.AddressChange:
    change = address_change_queries.open_change(db, advocate)
    if change is None:
        raise NotFound("There’s no new address to confirm. It was already confirmed or withdrawn.")
    return change


def _company_is_known(form: CorrectionForm) -> bool:
    """A slip of the pen makes no company: a new one is ticked."""
    name = form.company.data or ""
    if not name or form.add_company.data or accounts.by_name(db, name) is not None:
        return True
    form.company.errors = [_("There’s no account called “%(name)s”. Check the box to add it.", name=name)]
    return False


def _account(form: CorrectionForm) -> Account | None:
    return find_or_create_account(db, form.company.data, by=member) if form.company.data else None


def _address_page(advocate: Advocate, form: NewAddressForm) -> str:
    change = address_change_queries.open_change(db, advocate)
    return render_template("directory/change_address.html", advocate=advocate, form=form, change=change)


def _page(advocate: Advocate, form: CorrectionForm, extra: ExtraDetails, *, was_changed: bool = False) -> str:
    """`was_changed`: by somebody else meanwhile; what was typed stays in the form."""
    form.add_current_choices(advocate)
    return render_template(
        "directory/correction.html",
        advocate=advocate,
        form=form,
        extra=extra,
        was_changed=was_changed,
        in_use=queries.tags_in_use(db),
    )
