"""The signed links of an event: wire values and paths never change, old emails hold them."""

from collections.abc import Mapping
from enum import StrEnum


class EventLinkPurpose(StrEnum):
    GUEST = "event_guest"  # a guest's own page: the answer, another answer, the ticket
    REGISTRATION = "event_registration"  # the address is theirs, and only now they are registered
    CALENDAR = "event_calendar"  # the calendar file of one guest
    FEED = "event_feed"  # all events of a person, for a calendar that subscribes
    FEEDBACK = "event_feedback"
    JOIN = "event_join"  # of an event online: it leads on to the platform
    TICKET = "event_ticket"  # what the code on a ticket says
    DOOR = "event_door"  # whoever has it checks guests in


LINK_PATHS: Mapping[str, str] = {
    EventLinkPurpose.GUEST: "event",
    EventLinkPurpose.REGISTRATION: "event-registration",
    EventLinkPurpose.CALENDAR: "event-calendar",
    EventLinkPurpose.FEED: "event-feed",
    EventLinkPurpose.FEEDBACK: "event-feedback",
    EventLinkPurpose.JOIN: "event-join",
    EventLinkPurpose.TICKET: "event-ticket",
    EventLinkPurpose.DOOR: "door",
}
