"""The emails' texts: which there are, editing one, and a test to oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates.labels import PURPOSES
from portal.errors import Conflict, Throttled
from portal.outreach.labels import EMAIL_KINDS
from portal.outreach.messages.send_test_email import send_test
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
from portal.web.current import db, is_htmx, member
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
    newest, its_desk = queries.latest_product_versions(db), template_set()
    own = paginate(
        db,
        queries.own_templates(),
        key=(EmailTemplate.name, EmailTemplate.id),
        cursor=request.args.get("after"),
    )
    groups = [
        (words, [_template_row(its_desk, CurrentTemplate(kind, newest.get(kind))) for kind in kinds])
        for words, kinds in labels.KIND_GROUPS
    ]
    return render_template(
        "outreach/templates/index.html",
        groups=groups,
        own=own,
        own_lines=_own_template_rows(its_desk, own.rows),
        edited=sum(line.current.is_edited for _words, lines in groups for line in lines),
        purposes=PURPOSES,
        labels=labels,
        kinds=EMAIL_KINDS,
    )


@bp.get("/<kind>")
@bp.get("/own/<uuid:template_id>")
@allow(Role.MANAGER, Role.ADMIN)
def edit(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    email = current_of(kind, template_id)
    return editor_page(email, TemplateForm(formdata=None, obj=email.content, seen=str(email.shown_version)))


@bp.post("/<kind>")
@bp.post("/own/<uuid:template_id>")
@allow(Role.MANAGER, Role.ADMIN)
def save(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    email, form = current_of(kind, template_id), TemplateForm()
    if has_problems(email.kind, form):
        return editor_page(email, form), 422
    try:
        saved = actions.save_template(db, email, form.content(), shown_version=form.shown_version, by=member)
    except Conflict:
        return _conflict_page(current_of(kind, template_id), form), 409
    flash(
        _("Saved as version %(number)d. Emails written from now on use it.", number=saved.number)
        if saved
        else _("Nothing was different.")
    )
    return redirect(url_for(".edit", **route_args(email)), 303)


@bp.post("/<kind>/tests")
@bp.post("/own/<uuid:template_id>/tests")
@allow(Role.MANAGER, Role.ADMIN)
def try_out(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    """The page comes back with the words as they were typed, for nothing was saved."""
    email, form = current_of(kind, template_id), TemplateForm()
    if has_problems(email.kind, form):
        return _tested(email, form, _("Not sent: the text needs another look first.")), 422
    try:
        is_new = send_test(db, email.kind, form.content(), _("Test:"), to=member)
    except Throttled as refusal:
        return _tested(email, form, _(refusal.message, **refusal.params)), 429
    return _tested(email, form, again=not is_new)


def _conflict_page(current: CurrentTemplate, form: TemplateForm) -> str:
    """Nothing typed is lost: saving once more puts it in the place of what the other one saved."""
    form.seen.data = str(current.shown_version)
    return editor_page(current, form, overtaken=True)


def _tested(current: CurrentTemplate, form: TemplateForm, refusal: str = "", *, again: bool = False) -> str:
    if is_htmx():
        return render_template("outreach/templates/test_sent.html", tested=True, refusal=refusal, again=again)
    return editor_page(current, form, tested=True, refusal=refusal, again=again)


def _template_row(its_desk: TemplateSet, current: CurrentTemplate) -> TemplateRow:
    return TemplateRow(current, preview.preview_subject(its_desk, current.kind, current.content, member))


def _own_template_rows(its_desk: TemplateSet, templates: Sequence[EmailTemplate]) -> list[TemplateRow]:
    newest = queries.latest_versions(db, {template.id for template in templates})
    return [
        _template_row(its_desk, queries.as_own_template(template, newest[template.id]))
        for template in templates
        if template.id in newest
    ]
