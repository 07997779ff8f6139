"""A guest's pages on the day: the ticket for the door, and the way into an event online.

A link is only looked at by a GET; that somebody joined is written down by the POST of its button.
"""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.errors import BadLink
from portal.events import queries as events
from portal.events.door import joining
from portal.events.door.joining import JoinMoment
from portal.events.door.tickets import ticket_number, ticket_qr
from portal.events.guest_models import EventGuest
from portal.events.link_purposes import EventLinkPurpose
from portal.settings import Settings
from portal.web.access import signed
from portal.web.current import db, link

bp = Blueprint("event_day", __name__)


@bp.get("/event-ticket/<token>")
@signed(EventLinkPurpose.TICKET)
def ticket() -> ResponseReturnValue:
    guest = _guest()
    settings: Settings = current_app.config["SETTINGS"]
    url = settings.public_url.rstrip("/") + url_for(".ticket", token=g.token)
    drawn, number = ticket_qr(url, guest.full_name), ticket_number(guest.id)
    return render_template("events/door/ticket.html", guest=guest, event=guest.event, qr=drawn, number=number)


@bp.get("/event-join/<token>")
@signed(EventLinkPurpose.JOIN)
def join_page() -> ResponseReturnValue:
    guest = _guest()
    event, moment = guest.event, joining.moment_of(guest.event)
    has_joined = "joined" in request.args and moment is JoinMoment.OPEN
    url = _web_address(event.join_url) if has_joined else ""
    page = render_template("events/door/join.html", guest=guest, event=event, moment=moment, meeting_url=url)
    answer = make_response(page)
    if url:  # a form may not lead to another site, so this page does
        answer.headers["Refresh"] = f"0; url={url}"
    return answer


@bp.post("/event-join/<token>")
@signed(EventLinkPurpose.JOIN)
def join() -> ResponseReturnValue:
    guest = _guest()
    joining.join(db, guest.id)
    return redirect(url_for(".join_page", token=g.token, joined=1), 303)


def _guest() -> EventGuest:
    guest = events.guest(db, link.row_id)
    if guest.link_version != link.version:
        raise BadLink(
            "This link has been replaced. If something is still needed from you, the newest email has the link."
        )
    return guest


def _web_address(url: str) -> str:
    """Nothing but a page of the web is opened, whatever was typed."""
    is_web = urlsplit(url).scheme in {"http", "https"} and url.isascii() and url.isprintable()
    return url if is_web else ""
