"""The tags of a workspace: the list, one of them with its statement and history, and what an admin does with it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history
from portal.tags import actions, queries
from portal.tags.actions import InvalidTag
from portal.tags.forms import TagNameForm
from portal.tags.labels import HISTORY_ACTIONS
from portal.tags.models import Tag
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from portal.web.statement_form import StatementForm
from tenants.models import Role

bp = Blueprint("tags", __name__, url_prefix="/<workspace>/settings/tags")


@bp.get("")
@allow(Role.ADMIN)
def index() -> ResponseReturnValue:
    return _list(TagNameForm(formdata=None))


@bp.post("")
@allow(Role.ADMIN)
def create() -> ResponseReturnValue:
    form = TagNameForm()
    if not form.validate_on_submit():
        return _list(form), 422
    try:
        actions.create(db, form.name.data or "", by=member)
    except InvalidTag as no:
        form.name.errors = [refusal_text(no)]
        return _list(form), 422
    flash(_("Added."))
    return redirect(url_for(".index"), 303)


@bp.get("/<uuid:tag_id>")
@allow(Role.ADMIN)
def show(tag_id: UUID) -> ResponseReturnValue:
    tag = queries.get(db, tag_id)
    return _page(tag, TagNameForm(formdata=None, data={"name": tag.name}), _statement_form(tag))


@bp.post("/<uuid:tag_id>/name")
@allow(Role.ADMIN)
def rename(tag_id: UUID) -> ResponseReturnValue:
    tag, form = queries.get(db, tag_id), TagNameForm()
    if not form.validate_on_submit():
        return _page(tag, form, _statement_form(tag)), 422
    try:
        actions.rename(db, tag, form.name.data or "", by=member, seen_version=form.version.data or "")
    except InvalidTag as no:
        form.name.errors = [refusal_text(no)]
        return _page(tag, form, _statement_form(tag)), 422
    return _saved(tag)


@bp.post("/<uuid:tag_id>/statement")
@allow(Role.ADMIN)
def state_origin(tag_id: UUID) -> ResponseReturnValue:
    tag, form = queries.get(db, tag_id), StatementForm()
    if not form.validate_on_submit():
        return _page(tag, TagNameForm(formdata=None, data={"name": tag.name}), form), 422
    text, seen = form.statement.data or "", form.version.data or ""
    actions.state_origin(db, tag, text, by=member, seen_version=seen)
    return _saved(tag)


@bp.post("/<uuid:tag_id>/retirement")
@allow(Role.ADMIN)
def retire(tag_id: UUID) -> ResponseReturnValue:
    actions.retire(db, tag := queries.get(db, tag_id), by=member)
    return _saved(tag)


@bp.post("/<uuid:tag_id>/restoration")
@allow(Role.ADMIN)
def restore(tag_id: UUID) -> ResponseReturnValue:
    actions.restore(db, tag := queries.get(db, tag_id), by=member)
    return _saved(tag)


def _saved(tag: Tag) -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for(".show", tag_id=tag.id), 303)


def _statement_form(tag: Tag) -> StatementForm:
    return StatementForm(formdata=None, data={"statement": tag.statement})


def _list(form: TagNameForm) -> str:
    return render_template("tags/index.html", uses=queries.tag_uses(db), form=form)


def _page(tag: Tag, form: TagNameForm, statement_form: StatementForm) -> str:
    return render_template(
        "tags/show.html",
        tag=tag,
        form=form,
        statement_form=statement_form,
        entries=history.entries_about(db, tag),
        actions=HISTORY_ACTIONS,
    )
