"""Every version of a template: what each changed, and how to restore one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import NotFound
from portal.outreach.labels import kind_names
from portal.outreach.templates import actions, labels, preview, queries
from portal.outreach.templates.diff import PartDiff, content_diff
from portal.outreach.templates.editor_page import current_of, editor_page, route_args, template_set
from portal.outreach.templates.forms import TemplateForm
from portal.outreach.templates.models import TemplateVersion
from portal.outreach.templates.queries import CurrentTemplate, content_of
from portal.paging import KeysetPage, paginate
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("template_versions", __name__, url_prefix="/<workspace>/emails/templates")


@bp.get("/<kind>/versions")
@bp.get("/own/<uuid:template_id>/versions")
@allow(Role.MANAGER, Role.ADMIN)
def index(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    current = current_of(kind, template_id)
    return render_template(
        "outreach/templates/versions.html",
        current=current,
        route_args=route_args(current),
        page=_version_page(current),
        kinds=kind_names(),
        labels=labels,
    )


@bp.get("/<kind>/versions/<int:number>")
@bp.get("/own/<uuid:template_id>/versions/<int:number>")
@allow(Role.MANAGER, Role.ADMIN)
def show(number: int, kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    current = current_of(kind, template_id)
    version = _version(current, number)
    return render_template(
        "outreach/templates/version.html",
        current=current,
        route_args=route_args(current),
        version=version,
        diff=_diff(version),
        labels=labels,
        kinds=kind_names(),
    )


@bp.post("/<kind>/versions/<int:number>/restoration")
@bp.post("/own/<uuid:template_id>/versions/<int:number>/restoration")
@allow(Role.MANAGER, Role.ADMIN)
def restore(number: int, kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    current = current_of(kind, template_id)
    version = _version(current, number)
    content = content_of(version)
    found = preview.preview_problems(template_set(), current.kind, content, member)
    if found:  # it was good once; the email knows other fields now
        form = TemplateForm(formdata=None, obj=content, seen=str(current.shown_version))
        form.add_problems(found)
        return editor_page(current, form), 422
    saved = actions.restore_version(db, version.template_id, number, by=member)
    flash(_("Version %(old)d was restored as version %(number)d.", old=number, number=saved.number))
    return redirect(url_for(".index", **route_args(current)), 303)


@bp.post("/<kind>/default")
@allow(Role.MANAGER, Role.ADMIN)
def back_to_default(kind: str) -> ResponseReturnValue:
    current = current_of(kind, None)
    if current.version is not None and current.is_edited:
        actions.reset_to_default(db, current.version.template_id, by=member)
    flash(_("The default text is back. Yours stays in the version history."))
    return redirect(url_for("email_templates.edit", kind=kind), 303)


def _version(current: CurrentTemplate, number: int) -> TemplateVersion:
    if current.version is None:
        raise NotFound("We couldn’t find this version of the email.")
    return queries.get_version(db, current.version.template_id, number)


def _version_page(current: CurrentTemplate) -> KeysetPage[TemplateVersion] | None:
    if current.version is None:
        return None
    cursor = request.args.get("after")
    rows = queries.versions(current.version.template_id)
    return paginate(db, rows, key=(TemplateVersion.number,), cursor=cursor, descending=True)


def _diff(version: TemplateVersion) -> list[PartDiff] | None:
    """Against the version before; None for the first."""
    if version.number == 1:
        return None
    before = queries.get_version(db, version.template_id, version.number - 1)
    return content_diff(content_of(before), content_of(version))
