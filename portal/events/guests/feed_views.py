"""A person's calendar feed: a calendar reads it by its signed address, its owner makes and revokes it."""

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.asks import queries as ledger
from portal.calendar_file import render_calendar_feed
from portal.events.guests import feed
from portal.events.guests.calendar_entries import GuestAddresses, feed_entry
from portal.events.link_purposes import EventLinkPurpose
from portal.web.access import allow, signed
from portal.web.current import db, link, member, tenant
from tenants.models import Role

bp = Blueprint("event_feed", __name__)


@bp.get("/event-feed/<token>")
@signed(EventLinkPurpose.FEED)
def show() -> ResponseReturnValue:
    mine = feed.open_feed(db, link.row_id, link.version)
    public_url = current_app.config["SETTINGS"].public_url
    guests = feed.guests_in_feed(db, mine.advocate_id)
    entries = [feed_entry(db, guest, GuestAddresses.of(guest, public_url)) for guest in guests]
    return Response(render_calendar_feed(tenant.name, entries), content_type="text/calendar; charset=utf-8")


@bp.post("/<workspace>/my/calendar-feed")
@allow(Role.ADVOCATE)
def make() -> ResponseReturnValue:
    feed.make(db, ledger.advocate_of(db, member))
    return redirect(url_for("coming_up.show"), 303)


@bp.post("/<workspace>/my/calendar-feed/revocation")
@allow(Role.ADVOCATE)
def revoke() -> ResponseReturnValue:
    feed.revoke(db, ledger.advocate_of(db, member))
    flash(_("The calendar address no longer works."))
    return redirect(url_for("coming_up.show"), 303)
