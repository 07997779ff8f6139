"""An act on many rows: chosen in a list, looked at in a preview, done, and followed while it is."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.declarations.bulk_acts import NEW, BulkAct, InvalidName
from portal.declarations.lists import LISTS, DeclaredList
from portal.errors import NotFound
from portal.lists import actions, bulk_queries
from portal.lists.actions import ChosenRows
from portal.lists.bulk_page import BulkPage, GatheringPage
from portal.lists.forms import NewChoiceForm, PauseFieldsForm
from portal.lists.list_choice import ListChoice
from portal.lists.list_page import list_reader, list_url
from portal.lists.models import BulkAction, BulkActionState
from portal.lists.views import posted_arguments, visible_list
from portal.web import bulk_selection
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from portal.web.forms import Form
from portal.web.refusal_text import refusal_text
from tenants.models import MANAGER_ROLES

bp = Blueprint("bulk_actions", __name__, url_prefix="/<workspace>/lists")


@bp.post("/<list_name>/acts/<act>")
@allow(*MANAGER_ROLES)
def prepare(list_name: str, act: str) -> ResponseReturnValue:
    declared = visible_list(list_name)
    found, choice = _allowed_act(declared, act), ListChoice.of(declared, posted_arguments())
    picked = bulk_selection.selected_ids(request.form.getlist("picked"))
    chosen = ChosenRows(choice=choice, picked=None if "all" in request.form else picked)
    try:
        with db.begin_nested():
            action = actions.prepare(db, found, chosen, request.form.get("option", ""), list_reader())
    except actions.NobodyChosen as nobody:
        flash(refusal_text(nobody), "bad")
        return redirect(list_url(declared, choice.arguments), 303)
    return redirect(url_for(".show", action_id=action.id), 303)


@bp.get("/bulk-actions/<uuid:action_id>")
@allow(*MANAGER_ROLES)
def show(action_id: UUID) -> ResponseReturnValue:
    action = bulk_queries.get(db, action_id, member=member)
    return _page(action, _form(action, formdata=None))


@bp.get("/bulk-actions/<uuid:action_id>/progress")
@allow(*MANAGER_ROLES)
def progress(action_id: UUID) -> ResponseReturnValue:
    action = bulk_queries.get(db, action_id, member=member)
    if not is_htmx():
        return redirect(url_for(".show", action_id=action.id))
    if action.state is BulkActionState.RUNNING:
        return render_template("lists/progress.html", page=BulkPage.of(action))
    if action.state is BulkActionState.GATHERING:
        return render_template("lists/gathering_progress.html", page=GatheringPage.of(action))
    return Response(status=200, headers={"HX-Redirect": url_for(".show", action_id=action.id)})


@bp.post("/bulk-actions/<uuid:action_id>/start")
@allow(*MANAGER_ROLES)
def start(action_id: UUID) -> ResponseReturnValue:
    action = bulk_queries.get(db, action_id, member=member)
    form, act = _form(action), _allowed_act(LISTS.get(action.list_name), action.act_name)
    if form is not None and not form.validate_on_submit():
        return _page(action, form), 422
    try:
        with db.begin_nested():
            started = actions.start(db, action.id, by=member, **_answers(form))
    except InvalidName as refusal:
        return _refused_name(action, form, refusal), 422
    return _after(started, act)


@bp.post("/bulk-actions/<uuid:action_id>/stop")
@allow(*MANAGER_ROLES)
def stop(action_id: UUID) -> ResponseReturnValue:
    action = actions.stop(db, bulk_queries.get(db, action_id, member=member).id)
    return redirect(url_for(".show", action_id=action.id), 303)


def _after(action: BulkAction, act: BulkAct) -> ResponseReturnValue:
    """What was quick is told on the list, the rest is followed on its own page."""
    counts = bulk_queries.counts(db, action)
    if action.state is BulkActionState.RUNNING or not counts.done:
        return redirect(url_for(".show", action_id=action.id), 303)
    flash(act.done(counts.done))
    return redirect(list_url(LISTS.get(action.list_name), action.arguments), 303)


def _allowed_act(declared: DeclaredList, name: str) -> BulkAct:
    act = declared.act(name)
    if act is None:
        raise NotFound("We couldn’t find this.")
    return act


def _form(action: BulkAction, **given: Any) -> Form | None:
    """What the preview asks for."""
    if action.choice == NEW:
        return NewChoiceForm(**given)
    return PauseFieldsForm(**given) if bulk_queries.act_of(action).has_pause_fields else None


def _answers(form: Form | None) -> dict[str, Any]:
    data = form.data if form else {}
    return {name: data[name] for name in ("until", "reason", "name") if data.get(name)}


def _refused_name(action: BulkAction, form: Form | None, refusal: InvalidName) -> str:
    if isinstance(form, NewChoiceForm):
        form.name.errors = [refusal_text(refusal)]
    return _page(action, form)


def _page(action: BulkAction, form: Form | None) -> str:
    if action.state is BulkActionState.GATHERING:
        return render_template("lists/gathering.html", page=GatheringPage.of(action))
    template = {
        BulkActionState.PREPARED: "lists/preview.html",
        BulkActionState.RUNNING: "lists/running.html",
        BulkActionState.DONE: "lists/result.html",
    }[action.state]
    return render_template(template, page=BulkPage.of(action), form=form)
