"""Events for managers: the list, one of them, its guests, and what is done about it."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import files
from portal.events import labels
from portal.events import queries as events
from portal.events.manage import actions, event_page, queries
from portal.events.manage.lists import EVENTS, GUESTS
from portal.events.models import Event
from portal.lists.list_choice import ListChoice
from portal.lists.list_page import list_page
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

CACHE_FOREVER = "private, max-age=31536000, immutable"
bp = Blueprint("events", __name__, url_prefix="/<workspace>/events")


@bp.get("")
@allow(*MANAGER_ROLES)
def index() -> ResponseReturnValue:
    return render_template("events/manage/index.html", labels=labels, page=list_page(EVENTS))


@bp.get("/<uuid:event_id>")
@allow(*MANAGER_ROLES)
def show(event_id: UUID) -> ResponseReturnValue:
    page = event_page.read(db, event_id, member, request.args.get("view", ""))
    return render_template("events/manage/show.html", labels=labels, page=page, event=page.event)


@bp.get("/guests")
@allow(*MANAGER_ROLES)
def guests() -> ResponseReturnValue:
    """Of one event, as the address says, or of all of them."""
    choice = ListChoice.of(GUESTS, request.args)
    event = _event_of(choice)
    counts = queries.counts(db, event) if event else queries.NONE_YET
    known = {name: counts.view(name) for name in queries.VIEWS} | {"everybody": counts.everybody}
    page = list_page(GUESTS, choice, known if event and not choice.text else None)
    return render_template("events/manage/guests.html", labels=labels, page=page, event=event)


def _event_of(choice: ListChoice) -> Event | None:
    chosen = choice.filters.get("event")
    return events.get(db, UUID(chosen)) if chosen else None


@bp.post("/<uuid:event_id>/open")
@allow(*MANAGER_ROLES)
def open_event(event_id: UUID) -> ResponseReturnValue:
    event = actions.open_event(db, event_id, by=member)
    flash(_("“%(title)s” is open. Invite people, and their answers show up here.", title=event.title))
    return to_page(event)


@bp.post("/<uuid:event_id>/discard")
@allow(*MANAGER_ROLES)
def discard(event_id: UUID) -> ResponseReturnValue:
    actions.discard_draft(db, event_id)
    flash(_("The draft is gone. Nobody was invited."))
    return redirect(url_for(".index", view="draft"), 303)


@bp.get("/<uuid:event_id>/picture/<uuid:file_id>")
@allow(*MANAGER_ROLES)
def picture(event_id: UUID, file_id: UUID) -> ResponseReturnValue:
    if events.get(db, event_id).picture_id != file_id:
        abort(404)
    image = files.get(db, file_id)
    response = Response(files.read(db, image.id), mimetype=image.content_type)
    response.headers["Cache-Control"] = CACHE_FOREVER
    return response


def to_page(event: Event) -> ResponseReturnValue:
    return redirect(url_for(".show", event_id=event.id), 303)
