"""The public page of an event, registration, and the link behind the email that makes it count."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import files
from portal.errors import NotFound, Throttled
from portal.events.guests import registration
from portal.events.guests.forms import LONGEST_UTM, RegistrationForm
from portal.events.guests.guest_page import GuestPage, guest_page, speaker_about, speaker_name
from portal.events.guests.pictures import picture_response
from portal.events.guests.public_page import PublicPage, public_page, state_of_page
from portal.events.link_purposes import EventLinkPurpose
from portal.time_zones import TIME_ZONES
from portal.web.access import public, public_and_kept, signed
from portal.web.current import db, link, read_workspace, source, tenant
from portal.web.filters import language
from portal.web.page_cache import PageCache

bp = Blueprint("public_event", __name__)
DRAWN = PageCache()
UTM = ("utm_source", "utm_medium", "utm_campaign")


@bp.get("/e/<slug>/<event_slug>")
@public_and_kept
def show(slug: str, event_slug: str) -> ResponseReturnValue:
    """Many look at it, so it is drawn once for each state of the event, and of the workspace around it."""
    given = tuple((key, request.args.get(key, "")[:LONGEST_UTM]) for key in UTM)
    key = (slug, state_of_page(db, event_slug), _zone(), given, language())
    return DRAWN.page(key, lambda: _first_look(event_slug, dict(given)))


def _first_look(event_slug: str, given: dict[str, str]) -> str:
    read_workspace()
    page = public_page(db, event_slug, _zone())
    return _page(page, RegistrationForm(formdata=None, time_zone=page.own_zone, **given))


@bp.post("/e/<slug>/<event_slug>")
@public
def register(slug: str, event_slug: str) -> ResponseReturnValue:
    page, form = public_page(db, event_slug, _zone()), RegistrationForm()
    if not page.takes_registrations:
        return _page(page, form), 409
    if not form.validate_on_submit():
        return _page(page, form), 422
    try:
        registration.register(db, page.event, form, source())
    except Throttled as refusal:
        form.form_errors.append(_(refusal.message))
        return _page(page, form), 429
    return redirect(url_for(".sent", slug=tenant.slug, event_slug=event_slug), 303)


@bp.get("/e/<slug>/<event_slug>/sent")
@public
def sent(slug: str, event_slug: str) -> ResponseReturnValue:
    return render_template("events/guests/sent.html", event=public_page(db, event_slug).event)


@bp.get("/e/<slug>/<event_slug>/picture")
@public
def picture(slug: str, event_slug: str) -> ResponseReturnValue:
    event = public_page(db, event_slug).event
    if event.picture_id is None:
        raise NotFound("We couldn’t find this file.")
    return picture_response(files.get(db, event.picture_id), db)


@bp.get("/event-registration/<token>")
@signed(EventLinkPurpose.REGISTRATION)
def confirmation() -> ResponseReturnValue:
    page = _guest_page(link.row_id)
    if link.version != page.guest.link_version:
        return render_template("events/guests/replaced.html", event=page.event), 410
    return render_template("events/guests/confirm.html", page=page, event=page.event)


@bp.post("/event-registration/<token>")
@signed(EventLinkPurpose.REGISTRATION)
def confirm() -> ResponseReturnValue:
    """A second press leads to the same page."""
    page = _guest_page(link.row_id)
    if link.version != page.guest.link_version:
        return render_template("events/guests/replaced.html", event=page.event), 410
    if not page.event.takes_answers:
        return render_template("events/guests/confirm.html", page=page, event=page.event), 409
    registration.confirm(db, page.guest.id)
    return redirect(page.address, 303)


def _page(page: PublicPage, form: RegistrationForm) -> str:
    shown = {"name_of": speaker_name, "about_of": speaker_about}
    return render_template("events/guests/public.html", page=page, form=form, event=page.event, **shown)


def _zone() -> str:
    zone = request.values.get("zone") or request.form.get("time_zone", "")
    return zone if zone in TIME_ZONES else ""


def _guest_page(guest_id: UUID) -> GuestPage:
    return guest_page(db, guest_id, current_app.config["SETTINGS"].public_url)
