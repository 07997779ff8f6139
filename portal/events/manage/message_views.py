"""Writing to guests: to a group of them, to those who were picked in the list, and reminding the silent."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from uuid_utils.compat import uuid7

from portal.errors import DomainError, NotFound
from portal.events import labels
from portal.events import queries as events
from portal.events.guest_models import EventGuest
from portal.events.manage import messages
from portal.events.manage.action_forms import MessageForm
from portal.events.manage.emails import HostMessage
from portal.events.manage.labels import GROUPS
from portal.events.manage.views import bp, to_page
from portal.events.models import Event
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.forms import select_choices
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]
MOST_PICKED = 500


@bp.get("/<uuid:event_id>/message")
@allow(*MANAGER_ROLES)
def message(event_id: UUID) -> ResponseReturnValue:
    event, to = events.get(db, event_id), request.args.get("to", "")
    if to == "silent":
        silent = messages.silent_asks(db, event)
        return render_template("events/manage/remind.html", labels=labels, event=event, number=len(silent))
    form = MessageForm(formdata=None, message_id=str(uuid7()), to=to if to in GROUPS else "coming")
    return _page(event, form)


@bp.post("/<uuid:event_id>/message")
@allow(*MANAGER_ROLES)
def send_message(event_id: UUID) -> ResponseReturnValue:
    event, form = events.get(db, event_id), MessageForm()
    ids = _picked()
    if not form.validate_on_submit() or form.id is None:
        return _page(event, form, ids), 422
    guests = _guests(event, form, ids)
    sent = messages.write_to(db, event, guests, _message(form), by=member)
    if not sent:
        form.to.errors = [_("Nobody here can be written to, so nothing was sent.")]
        return _page(event, form, ids), 422
    flash(ngettext("One message is on its way.", "%(num)d messages are on their way.", sent))
    return to_page(event)


@bp.post("/guests/message")
@allow(*MANAGER_ROLES)
def message_picked() -> ResponseReturnValue:
    """From the list of guests: the page to write on. Nothing is sent by it."""
    guests = messages.picked(db, _picked())
    if not guests:
        raise NotFound("Please pick guests in the list first.")
    if len({guest.event_id for guest in guests}) > 1:
        raise DomainError("These are guests of several events. Please pick those of one.")
    form = MessageForm(formdata=None, message_id=str(uuid7()))
    return _page(guests[0].event, form, [guest.id for guest in guests])


@bp.post("/<uuid:event_id>/reminders")
@allow(*MANAGER_ROLES)
def remind(event_id: UUID) -> ResponseReturnValue:
    event = events.lock_event(db, event_id)
    sent = messages.remind_silent(db, event, by=member) if event.takes_answers else 0
    words = ngettext("One reminder is on its way.", "%(num)d reminders are on their way.", sent)
    flash(words if sent else _("Nobody had to be reminded."))
    return redirect(url_for(".show", event_id=event.id), 303)


def _message(form: MessageForm) -> HostMessage:
    return HostMessage(form.id or uuid7(), form.subject_line.data or "", form.words.data or "")


def _guests(event: Event, form: MessageForm, ids: Sequence[UUID]) -> Sequence[EventGuest]:
    if ids:
        return [guest for guest in messages.picked(db, ids) if guest.event_id == event.id]
    return messages.in_group(db, event, form.to.data) if form.to.data in GROUPS else ()


def _picked() -> list[UUID]:
    found = []
    for given in request.form.getlist("picked")[:MOST_PICKED]:
        try:
            found.append(UUID(given))
        except ValueError:
            continue
    return found


def _page(event: Event, form: MessageForm, ids: Sequence[UUID] = ()) -> str:
    counts = messages.group_counts(db, event)
    form.to.choices = select_choices(
        [(name, f"{words} ({counts[name]:,})") for name, words in GROUPS.items() if counts[name]]
    )
    guests = messages.picked(db, ids) if ids else ()
    return render_template(
        "events/manage/message.html",
        event=event,
        form=form,
        picked=[guest for guest in guests if messages.can_be_written_to(guest)],
        left_out=[guest for guest in guests if not messages.can_be_written_to(guest)],
        labels=labels,
    )
