"""The page that makes tomorrow come now."""

from datetime import UTC, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _

from portal.demo import clock
from portal.demo.forms import JumpForm
from portal.errors import DomainError
from portal.web.access import public
from portal.web.current import db
from portal.web.filters import moment
from tenants.clock import offset, utc_now

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
bp = Blueprint("clock", __name__, url_prefix="/mailbox/clock")


@bp.get("")
@public
def show() -> ResponseReturnValue:
    return _page(JumpForm())


@bp.post("/steps/<any(hour, day, week):step>")
@public
def step(step: str) -> ResponseReturnValue:
    clock.jump(db, utc_now() + STEPS[step])
    return _jumped()


@bp.post("/next-call")
@public
def next_call() -> ResponseReturnValue:
    to = clock.after_next_call(db)
    if to is None:
        flash(_("No call is scheduled, so there’s nothing to jump to."), "bad")
        return redirect(url_for(".show"), 303)
    clock.jump(db, to)
    return _jumped()


@bp.post("")
@public
def to_a_time() -> ResponseReturnValue:
    form = JumpForm()
    if not form.validate_on_submit() or form.to.data is None:
        return _page(form), 422
    try:
        clock.jump(db, form.to.data.replace(tzinfo=clock.display_zone(db)).astimezone(UTC))
    except DomainError as refusal:
        form.to.errors = [_(refusal.message)]
        return _page(form), 422
    return _jumped()


def _jumped() -> ResponseReturnValue:
    flash(_("The clock has moved. Everything due in between is being processed; give it a few seconds."))
    return redirect(url_for(".show"), 303)


def _page(form: JumpForm) -> str:
    time_zone = clock.display_zone(db).key
    return render_template(
        "demo/clock.html",
        form=form,
        now=moment(utc_now(), time_zone),
        time_zone=time_zone,
        ahead=format_timedelta(offset()) if offset() else "",
    )
