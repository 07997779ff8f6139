"""The page at the door. No account: whoever has its link checks in the guests of one event until the link ends.

Every act is a POST of its own, by a form or by the script of the page, which keeps those that find no connection and
sends them later. They are taken for twelve hours after the link ended, if they happened before.
"""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import BadLink, DomainError, NotFound
from portal.events.attendance_models import EventDoorLink
from portal.events.door import actions, queries, tickets
from portal.events.door.actions import DoorEntry, DoorOutcome
from portal.events.door.door_page import DoorPage
from portal.events.door.forms import DoorForm, NewcomerForm, ScanForm, moment_of
from portal.events.door.guest_row import DoorGuest, door_guest, door_guests
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event
from portal.text import clean_text, mid_sentence
from portal.web.access import signed
from portal.web.csrf_exempt import csrf_exempt
from portal.web.current import db, link
from portal.web.headers import allow_own_worker
from portal.web.refusal_text import refusal_text
from tenants.clock import utc_now

bp = Blueprint("at_door", __name__, url_prefix="/door/<token>")
bp.after_request(allow_own_worker)
LATE = timedelta(hours=12)  # after the link ended, what phones kept is still taken
OVERLAP = timedelta(seconds=30)  # transactions that were under way when a phone last asked


@bp.get("")
@signed(EventLinkPurpose.DOOR)
def show() -> ResponseReturnValue:
    door, event = _open_door()
    by = clean_text(request.args.get("by", ""))[:80]
    if not by:
        return render_template("events/door/name.html", door=door, event=event)
    typed = clean_text(request.args.get("q", ""))[:100]
    return render_template("events/door/show.html", page=DoorPage(db, door, event, by, typed))


@bp.get("/guests")
@signed(EventLinkPurpose.DOOR)
def guests() -> ResponseReturnValue:
    """Those who changed since a moment, or all, with the counts: what a phone shows and keeps."""
    door, event = _open_door()
    now, since = utc_now(), moment_of(request.args.get("since"))
    rows = queries.everybody(db, event.id, since - OVERLAP if since else None)
    page = DoorPage(db, door, event, "", "")
    return jsonify(
        now=now.isoformat(),
        all=since is None,
        guests=[each.to_json(event.time_zone) for each in door_guests(rows)],
        **page.to_json(),
    )


@bp.post("/check-ins")
@csrf_exempt
@signed(EventLinkPurpose.DOOR)
def check_in() -> ResponseReturnValue:
    form = DoorForm()
    event, entry = _entry(form)
    guest_id = _guest_id(form)
    return _answer(form, event, guest_id, actions.check_in(db, event.id, guest_id, entry))


@bp.post("/undone-check-ins")
@csrf_exempt
@signed(EventLinkPurpose.DOOR)
def undo() -> ResponseReturnValue:
    form = DoorForm()
    event, entry = _entry(form)
    guest_id = _guest_id(form)
    outcome = actions.undo(db, event.id, guest_id, entry, moment_of(form.undoes.data))
    return _answer(form, event, guest_id, outcome)


@bp.post("/check-outs")
@csrf_exempt
@signed(EventLinkPurpose.DOOR)
def check_out() -> ResponseReturnValue:
    form = DoorForm()
    event, entry = _entry(form)
    guest_id = _guest_id(form)
    return _answer(form, event, guest_id, actions.check_out(db, event.id, guest_id, entry))


@bp.post("/scans")
@csrf_exempt
@signed(EventLinkPurpose.DOOR)
def scan() -> ResponseReturnValue:
    """A ticket read by the camera; of what is no ticket of this event it says plainly why."""
    form = ScanForm()
    event, entry = _entry(form)
    if not form.validate_on_submit():
        return _refusal(form, _first_error(form), 422)
    try:
        guest_id = tickets.guest_of_ticket(db, event, form.code.data or "")
    except DomainError as refusal:
        return _refusal(form, refusal_text(refusal), 409)
    return _answer(form, event, guest_id, actions.check_in(db, event.id, guest_id, entry))


@bp.post("/walk-ins")
@csrf_exempt
@signed(EventLinkPurpose.DOOR)
def walk_in() -> ResponseReturnValue:
    """Somebody who is on no list, alone or along with a guest."""
    form = NewcomerForm()
    event, entry = _entry(form)
    if not form.validate_on_submit():
        return _refusal(form, _first_error(form), 422)
    guest_id, outcome = (
        actions.walk_in(db, event.id, form.newcomer, entry)
        if form.guest is None
        else actions.plus_one(db, event.id, form.guest, form.newcomer, entry)
    )
    return _answer(form, event, guest_id, outcome)


def _open_door() -> tuple[EventDoorLink, Event]:
    door, event = _door()
    if utc_now() >= door.expires_at:
        raise BadLink("This door has closed. Ask the organizer for a new link.")
    return door, event


def _door() -> tuple[EventDoorLink, Event]:
    door, event = queries.door_link(db, link.row_id)
    if door.revoked_at is not None or link.version != door.link_version:
        raise BadLink("This link to the door was taken back. Ask the organizer for a new one.")
    return door, event


def _entry(form: DoorForm) -> tuple[Event, DoorEntry]:
    door, event = _door()
    entry = form.entry(door.name)
    ends: datetime = door.expires_at
    if entry.moment >= ends or utc_now() >= ends + LATE:
        raise BadLink("This door has closed. Ask the organizer for a new link.")
    return event, entry


def _guest_id(form: DoorForm) -> UUID:
    if form.guest is None:
        raise NotFound("This guest isn’t on the list of this event.")
    return form.guest


def _answer(form: DoorForm, event: Event, guest_id: UUID, outcome: DoorOutcome) -> ResponseReturnValue:
    db.flush()
    guest = door_guest(queries.one(db, event.id, guest_id))
    words = _outcome_words(guest, event, outcome)
    if _is_script():
        return jsonify(outcome=outcome, words=words, guest=guest.to_json(event.time_zone))
    flash(words, "info" if outcome is DoorOutcome.DONE else "bad")
    return _back(form)


def _outcome_words(guest: DoorGuest, event: Event, outcome: DoorOutcome) -> str:
    arrival = guest.arrival(event.time_zone)
    if outcome is DoorOutcome.ALREADY_IN:
        return f"{guest.name}: {mid_sentence(guest.already(event.time_zone))}"
    if outcome is DoorOutcome.UNDONE:
        return _("The check-in of %(name)s was undone by another door.", name=guest.name)
    return f"{guest.name}: {arrival}" if arrival else _("%(name)s isn’t in anymore.", name=guest.name)


def _refusal(form: DoorForm, words: str, status: int) -> ResponseReturnValue:
    if _is_script():
        return jsonify(outcome="refused", words=words), status
    flash(words, "bad")
    return _back(form)


def _back(form: DoorForm) -> ResponseReturnValue:
    return redirect(url_for(".show", token=g.token, by=form.by.data or None, q=form.q.data or None), 303)


def _first_error(form: DoorForm) -> str:
    wrong = (str(field.errors[0]) for field in form if field.errors)
    return next(wrong, _("Please check what you typed."))


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
