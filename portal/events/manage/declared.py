"""What the manager's pages hand to `program.py`."""

from portal.declarations.pages import MenuEntry, RecordLink
from portal.events.manage import (
    draft_views,
    emails,
    guest_views,
    home_part,
    invite_views,
    lists,
    message_views,
    part_views,
    result_views,
    seat_views,
    segment_use,
    speaker_views,
    views,
)
from portal.i18n import mark

VIEWS = (
    draft_views,
    guest_views,
    invite_views,
    message_views,
    part_views,
    result_views,
    seat_views,
    speaker_views,
)
BLUEPRINTS = (views.bp,)
LISTS = lists.LISTS
KINDS = emails.KINDS
HOME_PART = home_part.HOME_PART
SEGMENT_USERS = (segment_use.EVENTS,)
MENU = (
    MenuEntry(
        key="events", icon="calendar-event", label=mark("Events"), endpoint="events.index", position=80
    ),
)
START = RecordLink(mark("Plan an event"), "events.new")
