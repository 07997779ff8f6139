"""Which programs this workspace uses, each with a switch, and who switched what when."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.declarations import program_switches
from portal.declarations.programs import PROGRAMS
from portal.errors import NotFound
from portal.history import HistoryEntry
from portal.paging import paginate
from portal.web.access import allow
from portal.web.current import db, member
from portal.workspace import queries
from portal.workspace.labels import change_text, switch_text
from tenants.models import Role

bp = Blueprint("programs", __name__, url_prefix="/<workspace>/settings/programs")


@bp.get("")
@allow(Role.ADMIN)
def index() -> ResponseReturnValue:
    cursor = request.args.get("after")
    return render_template(
        "workspace/programs.html",
        programs=[(program, program_switches.is_on(db, program)) for program in PROGRAMS],
        history=paginate(
            db, queries.switch_changes(), key=(HistoryEntry.id,), cursor=cursor, descending=True
        ),
        change_text=change_text,
    )


@bp.post("/<program>/switch")
@allow(Role.ADMIN)
def switch(program: str) -> ResponseReturnValue:
    """Switch as the button said, so that two presses do the same once."""
    found = PROGRAMS.find(program)
    if found is None:
        raise NotFound("We couldn’t find this program.")
    is_on = request.form.get("on") == "1"
    program_switches.switch(db, found, is_on, by=member)
    flash(switch_text(_(found.label), is_on=is_on))
    return redirect(url_for(".index"), 303)
