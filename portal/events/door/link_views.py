"""For managers: who stands at the door, and the list on paper."""

from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import links as signed_links
from portal.events import queries as events
from portal.events.attendance_models import EventDoorLink
from portal.events.door import link_actions, paper, queries
from portal.events.door.forms import DoorLinkForm
from portal.events.door.guest_row import door_guests
from portal.events.link_purposes import EventLinkPurpose
from portal.settings import Settings
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.models import MANAGER_ROLES

bp = Blueprint("door", __name__, url_prefix="/<workspace>/events/<uuid:event_id>/door")


@bp.get("")
@allow(*MANAGER_ROLES)
def links(event_id: UUID) -> ResponseReturnValue:
    return _page(event_id, DoorLinkForm(formdata=None))


@bp.post("/links")
@allow(*MANAGER_ROLES)
def make_link(event_id: UUID) -> ResponseReturnValue:
    form = DoorLinkForm()
    if not form.validate_on_submit():
        return _page(event_id, form), 422
    made = link_actions.make_link(db, event_id, form.name.data or "", form.hours.data or 0, by=member)
    flash(_("Here is the link for %(name)s. Whoever has it can check guests in.", name=made.name))
    return redirect(url_for(".links", event_id=event_id), 303)


@bp.post("/links/<uuid:link_id>/revocation")
@allow(*MANAGER_ROLES)
def revoke_link(event_id: UUID, link_id: UUID) -> ResponseReturnValue:
    door = link_actions.revoke_link(db, event_id, link_id, by=member)
    flash(_("The link of %(name)s doesn’t work anymore.", name=door.name))
    return redirect(url_for(".links", event_id=event_id), 303)


@bp.get("/list.pdf")
@allow(*MANAGER_ROLES)
def door_list(event_id: UUID) -> ResponseReturnValue:
    return _paper(event_id, paper.DOOR_LIST)


@bp.get("/badges.pdf")
@allow(*MANAGER_ROLES)
def badges(event_id: UUID) -> ResponseReturnValue:
    return _paper(event_id, paper.BADGES)


def _paper(event_id: UUID, kind: paper.Paper) -> ResponseReturnValue:
    event = events.get(db, event_id)
    rows = queries.expected_or_in(db, event.id, paper.MOST + 1)
    if len(rows) > paper.MOST:
        flash(_("More than %(most)s guests don’t fit on paper here.", most=paper.MOST), "bad")
        return redirect(url_for(".links", event_id=event_id))
    content = paper.draw(kind, event, tenant.name, door_guests(rows))
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind.file_name}"'
    return answer


def _page(event_id: UUID, form: DoorLinkForm) -> str:
    event = events.get(db, event_id)
    made = [(door, _url_of(door)) for door in queries.links_of(db, event.id)]
    counts = queries.counts(db, event.id)
    return render_template("events/door/links.html", event=event, doors=made, form=form, counts=counts)


def _url_of(door: EventDoorLink) -> str:
    token = signed_links.token(EventLinkPurpose.DOOR, door.tenant_id, door.id, door.link_version)
    settings: Settings = current_app.config["SETTINGS"]
    return settings.public_url.rstrip("/") + url_for("at_door.show", token=token)
