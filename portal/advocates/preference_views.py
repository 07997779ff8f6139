"""Behind every letter: take back what was agreed to, pause, or hear no more, without signing in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import links
from portal.advocates import actions, labels, queries, wishes
from portal.advocates.forms import ConsentsForm, PauseForm
from portal.advocates.joining import IN
from portal.advocates.models import Advocate, Source, State
from portal.links import Purpose
from portal.web.access import signed
from portal.web.current import db, link, source
from tenants.clock import utc_now

bp = Blueprint("preferences", __name__, url_prefix="/u/<token>")
NOT_IN = frozenset({State.CANDIDATE, State.PENDING, State.INVITED})


@bp.get("")
@signed(Purpose.PREFERENCES)
def show() -> ResponseReturnValue:
    return _page(_advocate(), PauseForm(formdata=None))


@bp.post("")
@signed(Purpose.PREFERENCES)
def take_back() -> ResponseReturnValue:
    advocate, form = _advocate(), ConsentsForm()
    shown = wishes.boxes(db, advocate)
    form.show(box.words for box in shown)
    if not form.validate_on_submit():
        return _page(advocate, PauseForm(formdata=None)), 422
    wishes.tick(db, advocate, shown, form.words.data or [], Source.LETTER, source(), only_back=True)
    return _back(_("Saved. What you took back is not asked any more."))


@bp.post("/pause")
@signed(Purpose.PREFERENCES)
def pause() -> ResponseReturnValue:
    advocate, form = _advocate(), PauseForm()
    if not form.validate_on_submit():
        return _page(advocate, form), 422
    actions.pause(db, advocate, form.last_day(utc_now().date()))
    return _back(_("Paused. Nothing new is asked of you in that time."))


@bp.post("/silence")
@signed(Purpose.PREFERENCES)
def silence() -> ResponseReturnValue:
    """Everything is taken back at once; who was only invited has said no."""
    advocate = _advocate()
    wishes.tick(db, advocate, wishes.boxes(db, advocate), [], Source.LETTER, source())
    if advocate.state in NOT_IN:
        actions.refuse(db, advocate)
    return _back(_("Done. We do not ask you for anything any more."))


def _advocate() -> Advocate:
    """An old link is fine here: it can take back, and nothing else."""
    return queries.get(db, link.row_id)


def _page(advocate: Advocate, form: PauseForm) -> str:
    held = [box for box in wishes.boxes(db, advocate) if box.agreed_at]
    return render_template(
        "advocates/preferences.html",
        advocate=advocate,
        boxes=held,
        pause_form=form,
        labels=labels,
        address=_address(),
        is_in=advocate.state in IN,
        is_silent=not held and advocate.state not in NOT_IN,
    )


def _address() -> str:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return url_for(".show", token=token)


def _back(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(_address(), 303)
