"""What a guest's own page shows or hands out: the picture, pre-reads and slides, the calendar file."""

from uuid import UUID

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from portal import files
from portal.calendar_file import CalendarMethod
from portal.errors import BadLink, NotFound
from portal.events.guest_models import GuestState
from portal.events.guests.calendar_entries import GuestAddresses, calendar_file
from portal.events.guests.guest_page import GuestPage, guest_page
from portal.events.guests.pictures import file_response, picture_response
from portal.events.link_purposes import EventLinkPurpose
from portal.web.access import signed
from portal.web.current import db, link

bp = Blueprint("event_files", __name__)


@bp.get("/event/<token>/picture")
@signed(EventLinkPurpose.GUEST)
def picture() -> ResponseReturnValue:
    event = _page().event
    if event.picture_id is None:
        raise NotFound("We couldn’t find this file.")
    return picture_response(files.get(db, event.picture_id), db)


@bp.get("/event/<token>/files/<uuid:material_id>")
@signed(EventLinkPurpose.GUEST)
def material(material_id: UUID) -> ResponseReturnValue:
    """Those alone that stand on this guest's page now."""
    found = next((one for one in _page().materials if one.id == material_id), None)
    if found is None or found.file_id is None:
        raise NotFound("We couldn’t find this file.")
    return file_response(files.get(db, found.file_id))


@bp.get("/event-calendar/<token>")
@signed(EventLinkPurpose.CALENDAR)
def calendar() -> ResponseReturnValue:
    """Only after a yes; of whoever can't come, and of an event that is off, what clears a calendar."""
    page = _page()
    if page.guest.accepted_at is None:
        raise BadLink("There’s no calendar entry before you say yes.")
    is_off = page.is_off or page.state is not GuestState.ACCEPTED
    method = CalendarMethod.CANCEL if is_off else CalendarMethod.REQUEST
    addresses = GuestAddresses.of(page.guest, page.public_url)
    return _calendar(calendar_file(db, page.guest, method, addresses), method)


def _calendar(content: bytes, method: CalendarMethod) -> Response:
    answer = Response(content, content_type=f"text/calendar; charset=utf-8; method={method.value}")
    answer.headers["Content-Disposition"] = 'attachment; filename="event.ics"'
    return answer


def _page() -> GuestPage:
    page = guest_page(db, link.row_id, current_app.config["SETTINGS"].public_url)
    if link.version != page.guest.link_version:
        raise BadLink("This link has been replaced. The newest email has the one that works.")
    return page
