"""Every text a letter ever had: what each changed, and how to have one again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import NotFound
from portal.outreach.labels import KINDS
from portal.outreach.templates import actions, labels, preview, queries
from portal.outreach.templates.changes import Change, changes
from portal.outreach.templates.editing import address_of, current, desk, editor
from portal.outreach.templates.forms import WordsForm
from portal.outreach.templates.models import TemplateVersion
from portal.outreach.templates.queries import Current, words_of
from portal.paging import Page, page
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("versions", __name__, url_prefix="/<workspace>/letters/templates")


@bp.get("/<kind>/versions")
@bp.get("/own/<uuid:template_id>/versions")
@allow(Role.MANAGER, Role.ADMIN)
def index(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    letter = current(kind, template_id)
    return render_template(
        "outreach/templates/versions.html",
        letter=letter,
        address=address_of(letter),
        shown=_shown(letter),
        kinds=KINDS,
    )


@bp.get("/<kind>/versions/<int:number>")
@bp.get("/own/<uuid:template_id>/versions/<int:number>")
@allow(Role.MANAGER, Role.ADMIN)
def show(number: int, kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    letter = current(kind, template_id)
    version = _version(letter, number)
    return render_template(
        "outreach/templates/version.html",
        letter=letter,
        address=address_of(letter),
        version=version,
        changes=_changes(version),
        labels=labels,
        kinds=KINDS,
    )


@bp.post("/<kind>/versions/<int:number>/restoration")
@bp.post("/own/<uuid:template_id>/versions/<int:number>/restoration")
@allow(Role.MANAGER, Role.ADMIN)
def restore(number: int, kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    letter = current(kind, template_id)
    version = _version(letter, number)
    words = words_of(version)
    found = preview.trouble(desk(), letter.kind, words, member)
    if found:  # it was good once; the letter knows other fields now
        form = WordsForm(formdata=None, obj=words, seen=str(letter.seen))
        form.refuse(found)
        return editor(letter, form), 422
    saved = actions.restore(db, version.template_id, number, by=member)
    flash(_("Version %(old)d is in use again, as version %(number)d.", old=number, number=saved.number))
    return redirect(url_for(".index", **address_of(letter)), 303)


@bp.post("/<kind>/default")
@allow(Role.MANAGER, Role.ADMIN)
def back_to_default(kind: str) -> ResponseReturnValue:
    letter = current(kind, None)
    if letter.version is not None and letter.is_edited:
        actions.back_to_default(db, letter.version.template_id, by=member)
    flash(_("Goodword’s words again. Your own stay among the versions."))
    return redirect(url_for("templates.edit", kind=kind), 303)


def _version(letter: Current, number: int) -> TemplateVersion:
    if letter.version is None:
        raise NotFound("There is no such version of this letter.")
    return queries.version(db, letter.version.template_id, number)


def _shown(letter: Current) -> Page[TemplateVersion] | None:
    if letter.version is None:
        return None
    cursor = request.args.get("after")
    rows = queries.versions(letter.version.template_id)
    return page(db, rows, key=(TemplateVersion.number,), cursor=cursor, descending=True)


def _changes(version: TemplateVersion) -> list[Change] | None:
    """Against the version before; None for the first."""
    if version.number == 1:
        return None
    before = queries.version(db, version.template_id, version.number - 1)
    return changes(words_of(before), words_of(version))
