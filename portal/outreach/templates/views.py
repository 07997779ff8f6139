"""The emails' texts: which there are, and editing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates.labels import PURPOSES
from portal.errors import Conflict
from portal.outreach.labels import kind_names
from portal.outreach.templates import actions, labels, preview, queries
from portal.outreach.templates.editor_page import (
    current_of,
    editor_page,
    has_problems,
    route_args,
    template_set,
)
from portal.outreach.templates.forms import TemplateForm
from portal.outreach.templates.models import EmailTemplate
from portal.outreach.templates.queries import CurrentTemplate
from portal.outreach.templates.rendering import TemplateSet
from portal.paging import paginate
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("email_templates", __name__, url_prefix="/<workspace>/emails/templates")


@dataclass(frozen=True)
class TemplateRow:
    """An email in the list; its subject as somebody may read it."""

    current: CurrentTemplate
    subject: str


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    latest, templates = queries.latest_product_versions(db), template_set()
    own = paginate(
        db,
        queries.own_templates(),
        key=(EmailTemplate.name, EmailTemplate.id),
        cursor=request.args.get("after"),
    )
    groups = [
        (label, [_template_row(templates, CurrentTemplate(kind, latest.get(kind))) for kind in kinds])
        for label, kinds in labels.kind_groups()
    ]
    return render_template(
        "outreach/templates/index.html",
        groups=groups,
        own=own,
        own_rows=_own_template_rows(templates, own.rows),
        edited=sum(row.current.is_edited for _label, rows in groups for row in rows),
        purposes=PURPOSES,
        labels=labels,
        kinds=kind_names(),
    )


@bp.get("/<kind>")
@bp.get("/own/<uuid:template_id>")
@allow(Role.MANAGER, Role.ADMIN)
def edit(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    current = current_of(kind, template_id)
    return editor_page(
        current, TemplateForm(formdata=None, obj=current.content, seen=str(current.shown_version))
    )


@bp.post("/<kind>")
@bp.post("/own/<uuid:template_id>")
@allow(Role.MANAGER, Role.ADMIN)
def save(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    current, form = current_of(kind, template_id), TemplateForm()
    if has_problems(current.kind, form):
        return editor_page(current, form), 422
    try:
        saved = actions.save_template(
            db, current, form.content(), shown_version=form.shown_version, by=member
        )
    except Conflict:
        return _conflict_page(current_of(kind, template_id), form), 409
    flash(
        _("Saved as version %(number)d. New emails will use it.", number=saved.number)
        if saved
        else _("There was nothing to change.")
    )
    return redirect(url_for(".edit", **route_args(current)), 303)


def _conflict_page(current: CurrentTemplate, form: TemplateForm) -> str:
    """Keep what was typed: saving once more replaces what somebody else saved."""
    form.seen.data = str(current.shown_version)
    return editor_page(current, form, is_conflict=True)


def _template_row(templates: TemplateSet, current: CurrentTemplate) -> TemplateRow:
    return TemplateRow(current, preview.preview_subject(templates, current.kind, current.content, member))


def _own_template_rows(templates: TemplateSet, own: Sequence[EmailTemplate]) -> list[TemplateRow]:
    latest = queries.latest_versions(db, {template.id for template in own})
    return [
        _template_row(templates, queries.as_own_template(template, latest[template.id]))
        for template in own
        if template.id in latest
    ]
