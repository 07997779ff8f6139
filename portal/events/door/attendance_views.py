"""For managers: files that say who was there online, and the names in them that mean nobody yet."""

from contextlib import closing
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import NotFound
from portal.events import queries as events
from portal.events.attendance_models import AttendanceMatch
from portal.events.door import file_actions, file_queries, queries
from portal.events.door.forms import AttendanceFileForm, uuid_of
from portal.events.door.guest_row import door_guests
from portal.events.door.reports.reading import UnreadableReport
from portal.events.labels import MATCHES, PLATFORMS
from portal.text import clean_text
from portal.web.access import allow
from portal.web.body_limits import MB, accepts_file
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from tenants.models import MANAGER_ROLES

bp = Blueprint("attendance", __name__, url_prefix="/<workspace>/events/<uuid:event_id>/attendance")
LARGEST = 10 * MB
SHOWN = (
    AttendanceMatch.UNMATCHED,
    AttendanceMatch.MATCHED,
    AttendanceMatch.TOO_SHORT,
    AttendanceMatch.IGNORED,
)


@bp.get("")
@allow(*MANAGER_ROLES)
def index(event_id: UUID) -> ResponseReturnValue:
    return _page(event_id, AttendanceFileForm(formdata=None))


@bp.post("/files")
@allow(*MANAGER_ROLES)
@accepts_file(LARGEST)
def upload(event_id: UUID) -> ResponseReturnValue:
    form = AttendanceFileForm()
    if not form.validate_on_submit():
        return _page(event_id, form), 422
    given = form.file.data
    try:
        with closing(given.stream) as stream, db.begin_nested():
            read = file_actions.read_file(
                db, event_id, clean_text(given.filename or ""), stream.read(), by=member
            )
    except UnreadableReport as refusal:
        form.file.errors = [refusal_text(refusal)]
        return _page(event_id, form), 422
    flash(_("%(file)s was read.", file=read.file_name))
    return _back(event_id)


@bp.post("/undoing")
@allow(*MANAGER_ROLES)
def undo(event_id: UUID) -> ResponseReturnValue:
    file_id = _id("file_id")
    name = file_actions.undo_file(db, event_id, file_id, by=member)
    flash(_("%(file)s was undone. Everybody is as they were before it.", file=name))
    return _back(event_id)


@bp.get("/lines/<uuid:line_id>")
@allow(*MANAGER_ROLES)
def line(event_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Whom it may mean: by what is searched for, else by the last word of the name."""
    event, this = events.get(db, event_id), file_queries.line(db, event_id, line_id)
    typed = clean_text(request.args.get("q", this.name.split()[-1] if this.name else ""))[:100]
    found = door_guests(queries.whom(db, event.id, typed)) if typed else []
    return render_template("events/door/line.html", event=event, line=this, guests=found, typed=typed)


@bp.post("/lines/<uuid:line_id>/guest")
@allow(*MANAGER_ROLES)
def match(event_id: UUID, line_id: UUID) -> ResponseReturnValue:
    this = file_actions.say_who(db, event_id, line_id, _id("guest_id"), by=member)
    flash(_("%(name)s is matched.", name=this.name or this.email))
    return _back(event_id)


@bp.post("/lines/<uuid:line_id>/newcomer")
@allow(*MANAGER_ROLES)
def add(event_id: UUID, line_id: UUID) -> ResponseReturnValue:
    this = file_actions.say_newcomer(db, event_id, line_id, by=member)
    flash(_("%(name)s is on the list now, as somebody who walked in.", name=this.name or this.email))
    return _back(event_id)


@bp.post("/lines/<uuid:line_id>/ignoring")
@allow(*MANAGER_ROLES)
def ignore(event_id: UUID, line_id: UUID) -> ResponseReturnValue:
    this = file_actions.ignore(db, event_id, line_id)
    flash(_("%(name)s is left out.", name=this.name or this.email))
    return _back(event_id)


@bp.post("/lines/<uuid:line_id>/release")
@allow(*MANAGER_ROLES)
def release(event_id: UUID, line_id: UUID) -> ResponseReturnValue:
    this = file_actions.release(db, event_id, line_id)
    flash(_("%(name)s waits to be matched again.", name=this.name or this.email))
    return _back(event_id)


def _id(name: str) -> UUID:
    found = uuid_of(request.form.get(name))
    if found is None:
        raise NotFound("We couldn’t find this guest.")
    return found


def _back(event_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".index", event_id=event_id), 303)


def _page(event_id: UUID, form: AttendanceFileForm) -> str:
    event, files = events.get(db, event_id), file_queries.files_of(db, event_id)
    asked = request.args.get("view", "")
    view = AttendanceMatch(asked) if asked in set(AttendanceMatch) else AttendanceMatch.UNMATCHED
    lines = file_queries.lines_of(db, event.id, view, request.args.get("after"))
    names = queries.names(db, [each.guest_id for each in lines.rows if each.guest_id])
    totals = [(each, MATCHES[each], sum(file.of(each) for file in files)) for each in SHOWN]
    given = {"files": files, "lines": lines, "names": names, "view": view, "totals": totals}
    return render_template(
        "events/door/attendance.html", event=event, form=form, platforms=PLATFORMS, **given
    )
