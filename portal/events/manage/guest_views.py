"""What a manager does with one guest: enters an answer, decides, lets them wait first, takes them off."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import Conflict
from portal.events import labels
from portal.events import queries as events
from portal.events.guest_models import EventGuest, GuestState
from portal.events.history_actions import GuestAction
from portal.events.labels import TAKEN_OFF_THE_LIST
from portal.events.manage import guest_page
from portal.events.manage.action_forms import AnswerForm, PriorityForm
from portal.events.manage.views import bp
from portal.events.queries import LockedGuest
from portal.events.seats import answers, leaving, registrations
from portal.history import record
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]
SAY: dict[str, Callable[..., object]] = {
    "yes": answers.say_yes,
    "maybe": answers.say_maybe,
    "no": answers.say_no,
}


@bp.get("/guests/<uuid:guest_id>")
@allow(*MANAGER_ROLES)
def guest(guest_id: UUID) -> ResponseReturnValue:
    return _page(guest_id, AnswerForm(formdata=None), PriorityForm(formdata=None))


@bp.post("/guests/<uuid:guest_id>/answer")
@allow(*MANAGER_ROLES)
def answer_for(guest_id: UUID) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(guest_id, form, PriorityForm(formdata=None)), 422
    here = events.lock_guest(db, guest_id)
    SAY[form.answer.data](db, here, by=member)
    flash(_("Written down, and they are told how it stands."))
    return _back(here.guest)


@bp.post("/guests/<uuid:guest_id>/approval")
@allow(*MANAGER_ROLES)
def approve_guest(guest_id: UUID) -> ResponseReturnValue:
    here = events.lock_guest(db, guest_id)
    registrations.approve(db, here, by=member)
    flash(_("They are in, and told."))
    return _back(here.guest)


@bp.post("/guests/<uuid:guest_id>/refusal")
@allow(*MANAGER_ROLES)
def refuse_guest(guest_id: UUID) -> ResponseReturnValue:
    here = events.lock_guest(db, guest_id)
    registrations.refuse(db, here, by=member)
    flash(_("Not approved. They are told once, kindly."))
    return _back(here.guest)


@bp.post("/guests/<uuid:guest_id>/priority")
@allow(*MANAGER_ROLES)
def give_priority(guest_id: UUID) -> ResponseReturnValue:
    """The reason stands on the page of the event, where every manager reads it."""
    form = PriorityForm()
    if not form.validate_on_submit():
        return _page(guest_id, AnswerForm(formdata=None), form), 422
    here = events.lock_guest(db, guest_id)
    _let_wait_first(here, form.reason.data or "")
    flash(_("They are first in line now."))
    return _back(here.guest)


def _let_wait_first(here: LockedGuest, reason: str) -> None:
    guest = here.guest
    if guest.state is not GuestState.WAITLISTED:
        raise Conflict("They don’t wait for a seat any more. Nothing was changed.")
    guest.is_priority, guest.priority_reason = True, reason
    record(db, guest, GuestAction.PRIORITIZED, by=member, reason=reason)


@bp.post("/guests/<uuid:guest_id>/removal")
@allow(*MANAGER_ROLES)
def remove_guest(guest_id: UUID) -> ResponseReturnValue:
    here = events.lock_guest(db, guest_id)
    if here.guest.has_come:
        raise Conflict("They were there. Undo the check-in first.")
    leaving.remove(db, here, TAKEN_OFF_THE_LIST, by=member)
    flash(_("Off the list. Their seat goes to whoever waits."))
    return redirect(url_for(".show", event_id=here.event.id), 303)


def _page(guest_id: UUID, form: AnswerForm, priority: PriorityForm) -> str:
    page = guest_page.read(db, guest_id)
    return render_template(
        "events/manage/guest.html",
        page=page,
        guest=page.guest,
        event=page.guest.event,
        form=form,
        priority=priority,
        labels=labels,
    )


def _back(guest: EventGuest) -> ResponseReturnValue:
    return redirect(url_for(".guest", guest_id=guest.id), 303)
