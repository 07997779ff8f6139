"""Agenda, materials, questions and costs: one list and one form each, all alike."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.errors import NotFound
from portal.events import labels
from portal.events import queries as events
from portal.events.agenda_models import EventMaterial, EventSession
from portal.events.manage import part_actions
from portal.events.manage.event_parts import read_parts
from portal.events.manage.part_forms import CostForm, MaterialForm, PartForm, QuestionForm, SessionForm
from portal.events.manage.views import bp
from portal.events.models import Event, EventCost, EventQuestion
from portal.web.access import allow
from portal.web.body_limits import MB, accepts_file
from portal.web.current import db
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]
LARGEST_FILE = 25 * MB


@dataclass(frozen=True)
class Part:
    model: Any
    form: type[PartForm]
    title: Any
    lede: Any
    add: Any
    none: Any
    zone_matters: bool = False


PARTS = {
    "sessions": Part(
        EventSession,
        SessionForm,
        _l("Agenda"),
        _l("What happens when. Guests choose among sessions that stand beside one another."),
        _l("Add a session"),
        _l("Nothing stands on the agenda yet."),
        zone_matters=True,
    ),
    "materials": Part(
        EventMaterial,
        MaterialForm,
        _l("Materials"),
        _l("Pre-reads before the event, slides and recordings after it: a file or an address."),
        _l("Add a material"),
        _l("There is nothing to read yet."),
    ),
    "questions": Part(
        EventQuestion,
        QuestionForm,
        _l("Questions to guests"),
        _l("Asked together with a yes. Ask little: every question costs answers."),
        _l("Add a question"),
        _l("Guests are asked nothing besides their answer."),
    ),
    "costs": Part(
        EventCost,
        CostForm,
        _l("Costs"),
        _l("What the event costs, line by line. The page of the event divides it by the guests."),
        _l("Add a line"),
        _l("No costs yet."),
    ),
}


@bp.get("/<uuid:event_id>/parts/<part>")
@allow(*MANAGER_ROLES)
def parts(event_id: UUID, part: str) -> ResponseReturnValue:
    event, this = events.get(db, event_id), _part(part)
    return _page(event, part, _form(this, event, fresh=True))


@bp.post("/<uuid:event_id>/parts/<part>")
@allow(*MANAGER_ROLES)
@accepts_file(LARGEST_FILE)
def add_part(event_id: UUID, part: str) -> ResponseReturnValue:
    return _save(event_id, part)


@bp.get("/<uuid:event_id>/parts/<part>/<uuid:row_id>")
@allow(*MANAGER_ROLES)
def edit_part(event_id: UUID, part: str, row_id: UUID) -> ResponseReturnValue:
    event, this = events.get(db, event_id), _part(part)
    row = part_actions.get(db, this.model, event, row_id)
    return _page(event, part, _form(this, event, row, fresh=True), row)


@bp.post("/<uuid:event_id>/parts/<part>/<uuid:row_id>")
@allow(*MANAGER_ROLES)
@accepts_file(LARGEST_FILE)
def update_part(event_id: UUID, part: str, row_id: UUID) -> ResponseReturnValue:
    return _save(event_id, part, row_id)


@bp.post("/<uuid:event_id>/parts/<part>/<uuid:row_id>/removal")
@allow(*MANAGER_ROLES)
def remove_part(event_id: UUID, part: str, row_id: UUID) -> ResponseReturnValue:
    event, this = events.lock_event(db, event_id), _part(part)
    part_actions.require_open(event)
    part_actions.remove(db, part_actions.get(db, this.model, event, row_id))
    flash(_("Removed."))
    return _back(event, part)


def _save(event_id: UUID, part: str, row_id: UUID | None = None) -> ResponseReturnValue:
    event, this = events.lock_event(db, event_id), _part(part)
    part_actions.require_open(event)
    row = part_actions.get(db, this.model, event, row_id) if row_id else None
    form = _form(this, event, row)
    if not form.validate_on_submit():
        return _page(event, part, form, row), 422
    part_actions.save(db, event, this.model, form.columns(), row, getattr(form, "upload", None))
    flash(_("Saved."))
    return _back(event, part)


def _part(name: str) -> Part:
    if name not in PARTS:
        raise NotFound("There is no such page.")
    return PARTS[name]


def _form(this: Part, event: Event, row: Any = None, *, fresh: bool = False) -> PartForm:
    given = this.form.data_of(row, event) if row else {}  # type: ignore[attr-defined]
    form = this.form(formdata=None, **given) if fresh else this.form()
    form.event, form.before = event, row
    return form


def _page(event: Event, part: str, form: PartForm, row: Any = None) -> str:
    return render_template(
        "events/manage/part.html",
        labels=labels,
        event=event,
        name=part,
        part=PARTS[part],
        form=form,
        row=row,
        rows=getattr(read_parts(db, event), part),
        largest=LARGEST_FILE // MB,
    )


def _back(event: Event, part: str) -> ResponseReturnValue:
    return redirect(url_for(".parts", event_id=event.id, part=part), 303)
