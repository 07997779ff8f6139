"""Emails of the workspace's own, for its sequences: a new one, and one that nobody needs any more."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates.labels import PURPOSES
from portal.errors import Conflict
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.templates import actions, queries
from portal.outreach.templates.defaults import default_content
from portal.outreach.templates.editor_page import editor_page, has_problems
from portal.outreach.templates.forms import NewTemplateForm
from portal.outreach.templates.queries import CurrentTemplate
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.forms import select_choices
from portal.web.refusal_text import refusal_text
from tenants.models import Role

bp = Blueprint("own_templates", __name__, url_prefix="/<workspace>/emails/templates/own")


@bp.get("/new")
@allow(Role.MANAGER, Role.ADMIN)
def new() -> ResponseReturnValue:
    return _page(NewTemplateForm(formdata=None, obj=default_content(OWN_EMAIL)))


@bp.post("")
@allow(Role.MANAGER, Role.ADMIN)
def create() -> ResponseReturnValue:
    form = _with_choices(NewTemplateForm())
    if has_problems(OWN_EMAIL, form):
        return _page(form), 422
    name, purpose = form.name.data or "", form.purpose.data
    try:
        made = actions.create_own_template(db, name, purpose, form.content(), by=member)
    except Conflict as refusal:
        form.name.errors = [refusal_text(refusal)]
        return _page(form), 422
    flash(_("“%(name)s” was saved. You can use it in a sequence now.", name=name))
    return redirect(url_for("email_templates.edit", template_id=made.id), 303)


@bp.post("/<uuid:template_id>/removal")
@allow(Role.MANAGER, Role.ADMIN)
def remove(template_id: UUID) -> ResponseReturnValue:
    actions.remove_own_template(db, queries.current_own_template(db, template_id))
    flash(_("Removed."))
    return redirect(url_for("email_templates.index"), 303)


def _with_choices(form: NewTemplateForm) -> NewTemplateForm:
    """The purposes, called as in the form of a sequence."""
    form.purpose.choices = select_choices(
        (one.value, str(label).capitalize()) for one, label in PURPOSES.items()
    )
    return form


def _page(form: NewTemplateForm) -> str:
    return editor_page(CurrentTemplate(OWN_EMAIL), _with_choices(form), "new")
