"""Many letters at once: try again, give up. Where one may arrive twice, it is asked first."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.outreach import picked
from portal.outreach.labels import KINDS
from portal.outreach.picked import Done
from portal.outreach.queries import View
from portal.web import picks
from portal.web.access import allow
from portal.web.addresses import came_from
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("picked_letters", __name__, url_prefix="/<workspace>/letters")


@bp.post("/tries")
@allow(Role.MANAGER, Role.ADMIN)
def try_again() -> ResponseReturnValue:
    ids = picks.ids(request.form.getlist("picked"))
    if not request.form.get("sure") and picked.picked(db, ids).doubtful:
        return redirect(url_for(".doubtful", picked=[str(each) for each in ids]), 303)
    done = picked.try_again(db, ids, by=member)
    return _back(done, ngettext("One letter leaves again.", "%(num)d letters leave again.", done.letters))


@bp.get("/doubts")
@allow(Role.MANAGER, Role.ADMIN)
def doubtful() -> ResponseReturnValue:
    found = picked.picked(db, picks.ids(request.args.getlist("picked")))
    return render_template("outreach/doubtful.html", picked=found, kinds=KINDS)


@bp.post("/ends")
@allow(Role.MANAGER, Role.ADMIN)
def give_up() -> ResponseReturnValue:
    done = picked.give_up(db, picks.ids(request.form.getlist("picked")), by=member)
    return _back(done, ngettext("One letter given up.", "%(num)d letters given up.", done.letters))


@bp.post("/failures/tries")
@allow(Role.MANAGER, Role.ADMIN)
def try_alike() -> ResponseReturnValue:
    done = picked.try_alike(db, request.form.get("why", ""), by=member)
    return _back(done, ngettext("One letter leaves again.", "%(num)d letters leave again.", done.letters))


def _back(done: Done, words: str) -> ResponseReturnValue:
    left = ngettext(
        "Nothing could be done about one more.", "Nothing could be done about %(num)d more.", done.left
    )
    if not done.letters:
        flash(_why_none(done), "bad")
    else:
        flash(f"{words} {left}" if done.left else words)
    return redirect(came_from_list() or url_for("outreach.index", view=View.NEEDS_YOU.value), 303)


def _why_none(done: Done) -> str:
    if not done.left:
        return _(
            "No letter was changed. Pick some in the list; those that moved on meanwhile are left alone."
        )
    if done.waiting == done.left:
        return _(
            "No letter was changed. Those you picked are held by a rule that ends by itself, or are not needed any "
            "more, so trying again changes nothing."
        )
    return _(
        "No letter was changed. Those you picked wait by themselves, moved on meanwhile or may not leave again."
    )


def came_from_list() -> str:
    """The list as it was filtered; not the question whether we are sure."""
    before = came_from()
    return "" if before.partition("?")[0] == url_for(".doubtful") else before
