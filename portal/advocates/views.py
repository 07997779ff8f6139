"""The advocate's own page: what we may ask, how often, a pause, topics, time zone."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import policies
from portal.advocates import actions, consent_form, labels, queries
from portal.advocates.ask_kind_policies import favor_minutes
from portal.advocates.forms import ConsentsForm, PauseForm, PreferencesForm
from portal.advocates.models import Advocate, ConsentSource
from portal.advocates.profile import Preferences
from portal.web.access import allow
from portal.web.current import db, member, source
from portal.web.filters import day
from tenants.models import Role

bp = Blueprint("advocates", __name__, url_prefix="/<workspace>/my/me")


@bp.get("")
@allow(Role.ADVOCATE)
def me() -> ResponseReturnValue:
    return _page(queries.of_member(db, member), PauseForm(formdata=None))


@bp.get("/preferences")
@bp.get("/wishes", alias=True)
@allow(Role.ADVOCATE)
def edit_preferences() -> ResponseReturnValue:
    advocate = queries.of_member(db, member)
    own = Preferences.of(advocate)
    form = _with_choices(PreferencesForm(formdata=None, data=vars(own)), own)
    return render_template("advocates/preferences.html", form=form)


@bp.post("/preferences")
@allow(Role.ADVOCATE)
def save_preferences() -> ResponseReturnValue:
    advocate = queries.of_member(db, member)
    form = _with_choices(PreferencesForm(), Preferences.of(advocate))
    if not form.validate_on_submit():
        return render_template("advocates/preferences.html", form=form), 422
    actions.change_preferences(db, advocate, form.preferences(), by=member)
    return _back(_("Saved. It applies to the next request."))


@bp.post("/consents")
@allow(Role.ADVOCATE)
def save_consents() -> ResponseReturnValue:
    advocate = queries.of_member(db, member)
    shown, form = consent_form.consent_boxes(db, advocate), ConsentsForm()
    form.set_consent_choices(box.text for box in shown)
    if not form.validate_on_submit():
        return _page(advocate, PauseForm(formdata=None)), 422
    consent_form.apply_choices(
        db, advocate, shown, form.consent_text_ids.data or [], ConsentSource.OWN_PAGE, source()
    )
    return _back(_("Saved."))


@bp.post("/pause")
@allow(Role.ADVOCATE)
def pause() -> ResponseReturnValue:
    advocate, form = queries.of_member(db, member), PauseForm()
    if not form.validate_on_submit():
        return _page(advocate, form), 422
    until = form.back_on()
    actions.pause(db, advocate, until, by=member)
    return _back(_("Paused until %(day)s.", day=day(until)) if until else _("Paused until you resume."))


@bp.post("/resumption")
@allow(Role.ADVOCATE)
def resume() -> ResponseReturnValue:
    actions.resume(db, queries.of_member(db, member), by=member)
    return _back(_("Welcome back. We may ask you again."))


def _with_choices(form: PreferencesForm, own: Preferences) -> PreferencesForm:
    form.set_kind_choices(favor_minutes(policies.values(db)))
    form.set_tag_choices(queries.tags_in_use(db), own)
    return form


def _page(advocate: Advocate, pause_form: PauseForm) -> str:
    shown = consent_form.consent_boxes(db, advocate)
    return render_template(
        "advocates/me.html",
        advocate=advocate,
        boxes=shown,
        pause_form=pause_form,
        labels=labels,
        willing_to=labels.willing_to(favor_minutes(policies.values(db))),
    )


def _back(text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for(".me"), 303)
