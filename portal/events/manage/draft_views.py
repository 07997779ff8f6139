"""Writing an event: a new one, changes, the preview of its description, and the next ones of a series."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from portal.errors import DomainError
from portal.events import labels
from portal.events import queries as events
from portal.events.manage import actions, consent_words, queries
from portal.events.manage.actions import EventTexts
from portal.events.manage.clone_form import CloneForm
from portal.events.manage.details import fingerprint
from portal.events.manage.forms import AGAIN, NOBODY, EventForm, form_data
from portal.events.manage.pictures import MAX_BYTES
from portal.events.manage.views import bp, to_page
from portal.events.models import Event, EventState
from portal.safe_markdown import safe_markdown
from portal.signin.memberships import managers_or_admins
from portal.web.access import allow
from portal.web.body_limits import accepts_file
from portal.web.current import db, member, tenant
from portal.web.refusal_text import refusal_text
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]


@bp.get("/new")
@allow(*MANAGER_ROLES)
def new() -> ResponseReturnValue:
    form = EventForm(formdata=None, time_zone=tenant.time_zone, host=str(member.id))
    return _page(form)


@bp.post("")
@allow(*MANAGER_ROLES)
@accepts_file(MAX_BYTES)
def create() -> ResponseReturnValue:
    form = EventForm()
    if not _is_good(form):
        return _page(form), 422
    try:
        event = actions.create(db, form.details(), _texts(form), capacity=form.capacity.data)
    except DomainError as refusal:
        return _with_picture_refused(form, refusal)
    flash(_("Saved as a draft. Nobody is invited before you say so."))
    return to_page(event)


@bp.get("/<uuid:event_id>/edit")
@allow(*MANAGER_ROLES)
def edit(event_id: UUID) -> ResponseReturnValue:
    event = events.get(db, event_id)
    words = consent_words.words_of(db, event)
    own = {
        "photo_words": words[consent_words.PHOTOS],
        "recording_words": words[consent_words.RECORDING],
        "capacity": event.capacity,
    }
    return _page(EventForm(formdata=None, **form_data(event), **own), event)


@bp.post("/<uuid:event_id>")
@allow(*MANAGER_ROLES)
@accepts_file(MAX_BYTES)
def update(event_id: UUID) -> ResponseReturnValue:
    form, event = EventForm(), events.find_and_lock_event(db, event_id)
    if event is None:
        return _page(form, was_discarded=True), 404
    if form.seen.data != fingerprint(event):
        form.form_errors.append(_("Somebody else changed this event meanwhile. Check it, and save again."))
        form.seen.data = fingerprint(event)
        return _page(form, event), 409
    if not _is_good(form):
        return _page(form, event), 422
    return _updated(event, form)


def _updated(event: Event, form: EventForm) -> ResponseReturnValue:
    """Another start, end or place: first whoever would be told is named, and what they are told is chosen."""
    details = form.details()
    moved = event.state is EventState.OPEN and bool(details.moves(event))
    if moved and form.tell.data in (None, "", "None"):
        form.tell.errors = [_("This moves the event. Please say who is told.")]
        return _page(form, event, moves=True), 422
    if event.state is EventState.DRAFT:
        event.capacity = form.capacity.data
    tells = moved and form.tell.data != NOBODY
    try:
        actions.change(
            db, event, details, _texts(form), by=member, tells=tells, asks_again=form.tell.data == AGAIN
        )
    except DomainError as refusal:
        return _with_picture_refused(form, refusal, event)
    flash(_("Saved, and everybody who must know is told.") if tells else _("Saved. Nobody was written to."))
    return to_page(event)


def _with_picture_refused(
    form: EventForm, refusal: DomainError, event: Event | None = None
) -> ResponseReturnValue:
    """Only a picture is refused after the form was good; the rest stays as typed."""
    form.picture.errors = [refusal_text(refusal)]
    return _page(form, event), 422


def _is_good(form: EventForm) -> bool:
    form.set_hosts(managers_or_admins(db))
    return form.validate_on_submit()


def _texts(form: EventForm) -> EventTexts:
    given = form.picture.data
    has_file = isinstance(given, FileStorage) and bool(given.filename)
    return EventTexts(
        photos=form.photo_words.data or "",
        recording=form.recording_words.data or "",
        picture=given.stream if has_file else None,
        removes_picture=bool(form.removes_picture.data),
    )


def _page(
    form: EventForm, event: Event | None = None, *, moves: bool = False, was_discarded: bool = False
) -> str:
    form.set_hosts(managers_or_admins(db))
    return render_template(
        "events/manage/form.html",
        labels=labels,
        form=form,
        event=event,
        moves=moves,
        was_discarded=was_discarded,
        counts=queries.counts(db, event) if event and moves else None,
        usual=consent_words.USUAL,
        preview=safe_markdown(form.description.data or ""),
    )


@bp.post("/preview")
@allow(*MANAGER_ROLES)
def preview() -> ResponseReturnValue:
    """Of a description, while it is typed."""
    return render_template(
        "events/manage/preview.html", preview=safe_markdown(request.form.get("description", ""))
    )


@bp.get("/<uuid:event_id>/clone")
@allow(*MANAGER_ROLES)
def clone(event_id: UUID) -> ResponseReturnValue:
    event = events.get(db, event_id)
    return render_template(
        "events/manage/clone.html", labels=labels, event=event, form=CloneForm.for_event(event)
    )


@bp.post("/<uuid:event_id>/clone")
@allow(*MANAGER_ROLES)
def make_clones(event_id: UUID) -> ResponseReturnValue:
    event, form = events.get(db, event_id), CloneForm()
    form.set_zone(event.time_zone)
    if not form.validate_on_submit():
        return render_template("events/manage/clone.html", labels=labels, event=event, form=form), 422
    made = actions.clone(db, event, form.starts, by=member)
    words = ngettext("One draft is made.", "%(num)d drafts are made.", len(made))
    flash(words + " " + _("Guests are invited anew, when you say so."))
    return to_page(made[0]) if len(made) == 1 else redirect(url_for(".index", view="draft"), 303)
