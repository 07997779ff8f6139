"""The settings of a workspace: a list to find things in, its brand, its join page."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import DomainError
from portal.web.access import allow
from portal.web.body_limits import accepts_file
from portal.web.current import db, member, tenant
from portal.web.refusal_text import refusal_text
from portal.workspace import brand_actions, logos
from portal.workspace.forms import BrandForm, JoinPageForm, LogoForm
from portal.workspace.settings_list import setting_groups
from tenants.models import Role

bp = Blueprint("workspace", __name__, url_prefix="/<workspace>/settings")


@bp.get("")
@allow(Role.ADMIN)
def show() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    return render_template(
        "workspace/settings.html", groups=setting_groups(db, tenant, search), search=search
    )


@bp.get("/brand")
@allow(Role.ADMIN)
def edit_brand() -> ResponseReturnValue:
    return _brand_page(BrandForm(obj=tenant), LogoForm())


@bp.post("/brand")
@allow(Role.ADMIN)
def change_brand() -> ResponseReturnValue:
    form = BrandForm()
    if not form.validate_on_submit():
        return _brand_page(form, LogoForm()), 422
    brand_actions.change_settings(db, _brand_of(form), by=member, seen_version=form.seen.data or "")
    flash(_("Saved. Applied to pages and emails."))
    return redirect(url_for(".edit_brand"), 303)


@bp.post("/brand/logo")
@allow(Role.ADMIN)
@accepts_file(logos.MAX_BYTES)
def change_logo() -> ResponseReturnValue:
    form = LogoForm()
    if not form.validate_on_submit():
        return _brand_page(BrandForm(formdata=None, obj=tenant), form), 422
    if refusal := _refusal(lambda: brand_actions.set_logo(db, form.logo.data.stream, by=member)):
        form.logo.errors = [refusal_text(refusal)]
        return _brand_page(BrandForm(formdata=None, obj=tenant), form), 422
    flash(_("Logo updated."))
    return redirect(url_for(".edit_brand"), 303)


@bp.post("/brand/logo/removal")
@allow(Role.ADMIN)
def remove_logo() -> ResponseReturnValue:
    brand_actions.remove_logo(db, by=member)
    flash(_("Logo removed. Pages show the first letter of the name instead."))
    return redirect(url_for(".edit_brand"), 303)


@bp.get("/join-page")
@allow(Role.ADMIN)
def edit_join_page() -> ResponseReturnValue:
    return _join_page(JoinPageForm(obj=tenant))


@bp.post("/join-page")
@allow(Role.ADMIN)
def change_join_page() -> ResponseReturnValue:
    form = JoinPageForm()
    if not form.validate_on_submit():
        return _join_page(form), 422
    new = brand_actions.JoinPageSettings(join_open=form.join_open.data, join_code=form.join_code.data or "")
    brand_actions.change_settings(db, new, by=member, seen_version=form.seen.data or "")
    flash(_("Saved."))
    return redirect(url_for(".edit_join_page"), 303)


def _brand_page(form: BrandForm, logo: LogoForm) -> str:
    form.seen.data = form.seen.data or brand_actions.settings_version(tenant, brand_actions.BrandSettings)
    return render_template("workspace/brand.html", form=form, logo=logo)


def _join_page(form: JoinPageForm) -> str:
    form.seen.data = form.seen.data or brand_actions.settings_version(tenant, brand_actions.JoinPageSettings)
    return render_template("workspace/join_page.html", form=form)


def _brand_of(form: BrandForm) -> brand_actions.BrandSettings:
    return brand_actions.BrandSettings(
        name=form.name.data or "",
        accent=(form.accent.data or "").lower(),
        time_zone=form.time_zone.data,
        currency=form.currency.data,
        postal_address=form.postal_address.data or "",
    )


def _refusal(act: Callable[[], None]) -> DomainError | None:
    try:
        act()
    except DomainError as refusal:
        return refusal
    return None
