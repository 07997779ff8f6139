"""Lists of people: a new one, and filling it with people who are picked one by one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.directory.people_picker import people_picker
from portal.errors import NotFound
from portal.segments import actions, queries
from portal.segments.forms import SegmentForm
from portal.segments.models import Segment
from portal.web.access import allow
from portal.web.bulk_selection import selected_ids
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

bp = Blueprint("people_lists", __name__, url_prefix="/<workspace>/segments")


@bp.get("/lists/new")
@allow(*MANAGER_ROLES)
def new() -> ResponseReturnValue:
    return render_template("segments/new_list.html", form=SegmentForm(formdata=None))


@bp.post("/lists")
@allow(*MANAGER_ROLES)
def create() -> ResponseReturnValue:
    form = SegmentForm()
    if not form.validate_on_submit():
        return render_template("segments/new_list.html", form=form), 422
    made = actions.create_list(db, form.name.data or "", by=member)
    flash(_("The list is there. Only you see it until you share it."))
    return redirect(url_for(".pick", segment_id=made.id), 303)


@bp.get("/<uuid:segment_id>/people/new")
@allow(*MANAGER_ROLES)
def pick(segment_id: UUID) -> ResponseReturnValue:
    """`pick`: whom somebody picked so far; `drop`: whom they took back."""
    dropped = selected_ids(request.args.getlist("drop"))
    picked = [each for each in selected_ids(request.args.getlist("pick")) if each not in dropped]
    picker = people_picker(db, _list(segment_id), request.args.get("q", ""), picked)
    return render_template("segments/pick_people.html", picker=picker)


def _list(segment_id: UUID) -> Segment:
    segment = queries.get_visible(db, segment_id, member)
    if not segment.is_list:
        raise NotFound("We couldn’t find this list.")
    return segment
