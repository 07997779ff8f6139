"""What an admin states about the answers that people gave when they joined, so that reviews may go by them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.segments import attribute_statements
from portal.segments.labels import attribute_name
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.statement_form import StatementForm
from tenants.models import Role

bp = Blueprint("attribute_statements", __name__, url_prefix="/<workspace>/settings/review-answers")


@bp.get("")
@allow(Role.ADMIN)
def index() -> ResponseReturnValue:
    return _page({})


@bp.post("/<attribute>")
@allow(Role.ADMIN)
def state(attribute: str) -> ResponseReturnValue:
    form = StatementForm(prefix=attribute)
    if not form.validate_on_submit():
        return _page({attribute: form}), 422
    text, seen = form.statement.data or "", form.version.data or ""
    attribute_statements.state_attribute(db, attribute, text, by=member, seen_version=seen)
    flash(_("Saved."))
    return redirect(url_for(".index"), 303)


def _page(typed: dict[str, StatementForm]) -> str:
    stated = attribute_statements.statements(db)
    rows = []
    for one in attribute_statements.needing_statement():
        known = stated.get(one.name)
        shown = StatementForm(
            formdata=None, prefix=one.name, data={"statement": known.statement if known else ""}
        )
        rows.append((one.name, attribute_name(one), known, typed.get(one.name, shown)))
    return render_template("segments/statements.html", rows=rows)
