"""Who speaks: advocates are asked through the ledger, everybody else is written down."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import Conflict, DomainError
from portal.events import labels
from portal.events import queries as events
from portal.events.agenda_models import EventSpeaker
from portal.events.manage import part_actions, speaker_actions
from portal.events.manage.action_forms import SpeakerForm
from portal.events.manage.event_parts import read_parts
from portal.events.manage.views import bp
from portal.events.models import Event, EventState
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.forms import select_choices
from portal.web.refusal_text import refusal_text
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]


@bp.get("/<uuid:event_id>/speakers")
@allow(*MANAGER_ROLES)
def speakers(event_id: UUID) -> ResponseReturnValue:
    return _page(events.get(db, event_id), SpeakerForm(formdata=None))


@bp.post("/<uuid:event_id>/speakers")
@allow(*MANAGER_ROLES)
def add_speaker(event_id: UUID) -> ResponseReturnValue:
    event, form = events.lock_event(db, event_id), SpeakerForm()
    part_actions.require_open(event)
    if not form.validate_on_submit():
        return _page(event, form), 422
    try:
        flash(_ask(event, form) if form.email.data else _write_down(event, form))
    except DomainError as refusal:
        form.email.errors = [refusal_text(refusal)]
        return _page(event, form, is_refused=True), 422
    return _back(event)


def _ask(event: Event, form: SpeakerForm) -> str:
    if event.state is EventState.DRAFT:
        raise Conflict("Open the event first: whoever is asked to speak reads about it on its page.")
    person = speaker_actions.advocate_of(db, form.email.data or "")
    reason = form.override.data or ""
    topic = form.topic.data or ""
    speaker_actions.ask_to_speak(
        db, event, person, topic, _session_id(form), by=member, override_reason=reason
    )
    return str(_("%(name)s is asked to speak.", name=person.name))


def _write_down(event: Event, form: SpeakerForm) -> str:
    names = ("name", "title", "company", "topic")
    columns = {name: getattr(form, name).data or "" for name in names}
    speaker_actions.add(db, event, columns, _session_id(form))
    return str(_("Written down."))


def _session_id(form: SpeakerForm) -> UUID | None:
    try:
        return UUID(str(form.session.data))
    except ValueError:
        return None


@bp.post("/<uuid:event_id>/speakers/<uuid:speaker_id>/removal")
@allow(*MANAGER_ROLES)
def remove_speaker(event_id: UUID, speaker_id: UUID) -> ResponseReturnValue:
    event = events.lock_event(db, event_id)
    speaker_actions.remove(db, part_actions.get(db, EventSpeaker, event, speaker_id), by=member)
    flash(_("Removed."))
    return _back(event)


def _page(event: Event, form: SpeakerForm, *, is_refused: bool = False) -> str:
    sessions = [("", _("The event as a whole")), *speaker_actions.sessions_of(db, event)]
    form.session.choices = select_choices(sessions)
    return render_template(
        "events/manage/speakers.html",
        event=event,
        form=form,
        parts_found=read_parts(db, event),
        is_refused=is_refused,
        labels=labels,
    )


def _back(event: Event) -> ResponseReturnValue:
    return redirect(url_for(".speakers", event_id=event.id), 303)
