"""The events of an advocate, on their page of what is coming up: with a calendar entry, and their own feed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal import links
from portal.advocates.models import Advocate
from portal.declarations.home import ComingUp
from portal.declarations.pages import PagePart
from portal.events.guest_models import GuestState
from portal.events.guests import feed
from portal.events.guests.guest_page import GuestPage
from portal.events.guests.models import CalendarFeed
from portal.events.link_purposes import LINK_PATHS, EventLinkPurpose


@dataclass(frozen=True)
class AdvocateEvents:
    coming: Sequence[GuestPage]
    others: Sequence[GuestPage]  # maybe, waiting, offered
    feed_address: str


def coming_up(session: Session, advocate: Advocate) -> ComingUp | None:
    public_url = current_app.config["SETTINGS"].public_url.rstrip("/")
    pages = [GuestPage(session, guest, public_url) for guest in feed.coming_up(session, advocate.id)]
    mine = feed.feed_of(session, advocate.id)
    if not pages and (mine is None or not mine.is_on):
        return None
    coming = [page for page in pages if page.state is GuestState.ACCEPTED]
    others = [page for page in pages if page.state is not GuestState.ACCEPTED]
    content = AdvocateEvents(coming, others, _address(mine, public_url))
    return ComingUp(PagePart("events/guests/coming_up.html", content), len(coming), _title(len(coming)))


def _title(coming: int) -> str:
    if not coming:
        return _("No seat is set yet")
    return ngettext("One event is coming up", "%(num)d events are coming up", coming)


def _address(mine: CalendarFeed | None, public_url: str) -> str:
    if mine is None or not mine.is_on:
        return ""
    token = links.token(EventLinkPurpose.FEED, mine.tenant_id, mine.id, mine.link_version)
    return f"{public_url}/{LINK_PATHS[EventLinkPurpose.FEED]}/{token}"
