"""What each email to a guest is for: one for each key and address, however often it is said."""

from datetime import datetime

from portal.events.guest_models import EventGuest, SessionPlace


def answer_key(guest: EventGuest) -> str:
    """Of how it stands since the last change; another answer is another email."""
    return f"event_guest:{guest.id}:{guest.state}:{_stamp(guest.changed_at)}"


def offer_key(guest: EventGuest) -> str:
    return f"event_guest:{guest.id}:offer:{guest.offers}"


def lapsed_key(guest: EventGuest) -> str:
    return f"event_guest:{guest.id}:lapsed:{guest.offers}"


def place_offer_key(place: SessionPlace) -> str:
    return f"event_place:{place.id}:offer:{place.offers}"


def call_key(guest: EventGuest, called_at: datetime | None) -> str:
    """Of a seat on the last day that all who wait are told of."""
    return f"event_guest:{guest.id}:call:{_stamp(called_at)}"


def _stamp(moment: datetime | None) -> str:
    return f"{moment:%Y%m%d%H%M%S%f}" if moment else ""
