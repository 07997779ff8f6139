"""The advocate's own page: what we may ask, how often, a pause, topics, time zone."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates import actions, labels, queries, wishes
from portal.advocates.answers import Wishes
from portal.advocates.forms import ConsentsForm, PauseForm, WishesForm
from portal.advocates.models import Advocate, Source
from portal.web.access import allow
from portal.web.current import db, member, source
from portal.web.filters import day
from tenants.models import Role

bp = Blueprint("advocates", __name__, url_prefix="/<workspace>/my/me")


@bp.get("")
@allow(Role.ADVOCATE)
def me() -> ResponseReturnValue:
    return _page(queries.mine(db, member), PauseForm(formdata=None))


@bp.get("/wishes")
@allow(Role.ADVOCATE)
def edit_wishes() -> ResponseReturnValue:
    advocate = queries.mine(db, member)
    own = Wishes.of(advocate)
    form = WishesForm(formdata=None, data=vars(own))
    form.offer(queries.tags_in_use(db), own)
    return render_template("advocates/wishes.html", form=form)


@bp.post("/wishes")
@allow(Role.ADVOCATE)
def save_wishes() -> ResponseReturnValue:
    advocate = queries.mine(db, member)
    form = WishesForm()
    form.offer(queries.tags_in_use(db), Wishes.of(advocate))
    if not form.validate_on_submit():
        return render_template("advocates/wishes.html", form=form), 422
    actions.change_wishes(db, advocate, form.wishes(), by=member)
    return _back(_("Saved. It counts from the next ask on."))


@bp.post("/consents")
@allow(Role.ADVOCATE)
def save_consents() -> ResponseReturnValue:
    advocate = queries.mine(db, member)
    shown, form = wishes.boxes(db, advocate), ConsentsForm()
    form.show(box.words for box in shown)
    if not form.validate_on_submit():
        return _page(advocate, PauseForm(formdata=None)), 422
    wishes.tick(db, advocate, shown, form.words.data or [], Source.OWN_PAGE, source())
    return _back(_("Saved. What you took back is not asked any more."))


@bp.post("/pause")
@allow(Role.ADVOCATE)
def pause() -> ResponseReturnValue:
    advocate, form = queries.mine(db, member), PauseForm()
    if not form.validate_on_submit():
        return _page(advocate, form), 422
    until = form.back_on()
    actions.pause(db, advocate, until, by=member)
    return _back(
        _("Paused. You are back on %(day)s.", day=day(until)) if until else _("Paused until you come back.")
    )


@bp.post("/return")
@allow(Role.ADVOCATE)
def come_back() -> ResponseReturnValue:
    actions.resume(db, queries.mine(db, member), by=member)
    return _back(_("Welcome back. You can be asked again."))


def _page(advocate: Advocate, pause_form: PauseForm) -> str:
    shown = wishes.boxes(db, advocate)
    return render_template(
        "advocates/me.html", advocate=advocate, boxes=shown, pause_form=pause_form, labels=labels
    )


def _back(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for(".me"), 303)
