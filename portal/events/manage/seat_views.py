"""How many seats there are, and canceling: both say first whom it touches."""

from uuid import UUID

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.events import actions as ending
from portal.events import labels
from portal.events import queries as events
from portal.events.manage import queries
from portal.events.manage.action_forms import CancelForm, CapacityForm
from portal.events.manage.views import bp, to_page
from portal.events.models import Event
from portal.events.seats.capacity import FewerSeatsThanTaken, SeatLosses, change_capacity
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]


@bp.get("/<uuid:event_id>/capacity")
@allow(*MANAGER_ROLES)
def capacity(event_id: UUID) -> ResponseReturnValue:
    event = events.get(db, event_id)
    return _capacity_page(event, CapacityForm(formdata=None, capacity=event.capacity))


@bp.post("/<uuid:event_id>/capacity")
@allow(*MANAGER_ROLES)
def set_capacity(event_id: UUID) -> ResponseReturnValue:
    """Fewer than are taken: refused with the names, unless they are taken back knowingly."""
    event, form = events.lock_event(db, event_id), CapacityForm()
    if not form.validate_on_submit():
        return _capacity_page(event, form), 422
    try:
        change_capacity(
            db, event, form.capacity.data, by=member, takes_seats_back=bool(form.takes_seats_back.data)
        )
    except FewerSeatsThanTaken as refusal:
        return _capacity_page(event, form, refusal.losses), 409
    flash(_("Saved. Free seats go to whoever waits, in order."))
    return to_page(event)


def _capacity_page(event: Event, form: CapacityForm, losses: SeatLosses | None = None) -> str:
    return render_template(
        "events/manage/capacity.html", event=event, form=form, losses=losses, labels=labels
    )


@bp.get("/<uuid:event_id>/cancellation")
@allow(*MANAGER_ROLES)
def cancel(event_id: UUID) -> ResponseReturnValue:
    return _cancel_page(events.get(db, event_id), CancelForm(formdata=None))


@bp.post("/<uuid:event_id>/cancellation")
@allow(*MANAGER_ROLES)
def cancel_event(event_id: UUID) -> ResponseReturnValue:
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancel_page(events.get(db, event_id), form), 422
    event = ending.cancel(db, event_id, form.note.data or "", by=member)
    flash(_("Canceled. Everybody who must know is told now."))
    return to_page(event)


def _cancel_page(event: Event, form: CancelForm) -> str:
    return render_template(
        "events/manage/cancel.html", event=event, form=form, counts=queries.counts(db, event), labels=labels
    )
