"""The custom fields of a workspace: the list, one of them with its statement and history, and what an admin does."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history
from portal.custom_fields import actions, queries
from portal.custom_fields.actions import NameTaken
from portal.custom_fields.forms import FieldForm, NewFieldForm
from portal.custom_fields.labels import HISTORY_ACTIONS, SUBJECTS, TYPES
from portal.custom_fields.models import CustomField, CustomFieldType
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from portal.web.statement_form import StatementForm
from tenants.models import Role

bp = Blueprint("custom_fields", __name__, url_prefix="/<workspace>/settings/fields")


@bp.get("")
@allow(Role.ADMIN)
def index() -> ResponseReturnValue:
    uses = queries.field_uses(db)
    return render_template("custom_fields/index.html", uses=uses, subjects=SUBJECTS, types=TYPES)


@bp.get("/new")
@allow(Role.ADMIN)
def new() -> ResponseReturnValue:
    return render_template("custom_fields/new.html", form=NewFieldForm(formdata=None))


@bp.post("")
@allow(Role.ADMIN)
def create() -> ResponseReturnValue:
    form = NewFieldForm()
    if not form.validate_on_submit():
        return render_template("custom_fields/new.html", form=form), 422
    given = form.chosen_subject, form.name.data or "", CustomFieldType(form.type.data), form.listed_choices
    try:
        field = actions.create(db, *given, by=member)
    except NameTaken as no:
        form.name.errors = [refusal_text(no)]
        return render_template("custom_fields/new.html", form=form), 422
    return _saved(field)


@bp.get("/<uuid:field_id>")
@allow(Role.ADMIN)
def show(field_id: UUID) -> ResponseReturnValue:
    field = queries.get(db, field_id)
    return _page(field, _form(field, formdata=None))


@bp.post("/<uuid:field_id>")
@allow(Role.ADMIN)
def edit(field_id: UUID) -> ResponseReturnValue:
    field = queries.get(db, field_id)
    form = _form(field)
    if not form.validate_on_submit():
        return _page(field, form), 422
    given = form.name.data or "", form.listed_choices
    try:
        actions.edit(db, field, *given, by=member, seen_version=form.version.data or "")
    except NameTaken as no:
        form.name.errors = [refusal_text(no)]
        return _page(field, form), 422
    return _saved(field)


@bp.post("/<uuid:field_id>/statement")
@allow(Role.ADMIN)
def state_origin(field_id: UUID) -> ResponseReturnValue:
    field, form = queries.get(db, field_id), StatementForm()
    if not form.validate_on_submit():
        return _page(field, _form(field, formdata=None), form), 422
    text, seen = form.statement.data or "", form.version.data or ""
    actions.state_origin(db, field, text, by=member, seen_version=seen)
    return _saved(field)


@bp.post("/<uuid:field_id>/retirement")
@allow(Role.ADMIN)
def retire(field_id: UUID) -> ResponseReturnValue:
    actions.retire(db, field := queries.get(db, field_id), by=member)
    return _saved(field)


@bp.post("/<uuid:field_id>/restoration")
@allow(Role.ADMIN)
def restore(field_id: UUID) -> ResponseReturnValue:
    actions.restore(db, field := queries.get(db, field_id), by=member)
    return _saved(field)


def _saved(field: CustomField) -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for(".show", field_id=field.id), 303)


def _form(field: CustomField, **given: Any) -> FieldForm:
    form = FieldForm(data={"name": field.name, "choices": "\n".join(field.choices)}, **given)
    form.type_of_field = field.type
    return form


def _page(field: CustomField, form: FieldForm, statement_form: StatementForm | None = None) -> str:
    stated = StatementForm(formdata=None, data={"statement": field.statement})
    return render_template(
        "custom_fields/show.html",
        field=field,
        form=form,
        statement_form=statement_form or stated,
        filled=queries.count_values(db, field),
        entries=history.entries_about(db, field),
        actions=HISTORY_ACTIONS,
        subjects=SUBJECTS,
        types=TYPES,
    )
