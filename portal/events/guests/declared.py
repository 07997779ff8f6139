"""What the guests' part gives to the program (`portal/events/program.py`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.declarations.schedules import DueWork
from portal.events.guests import (
    coming_up_part,
    emails,
    feed_views,
    feedback_views,
    file_views,
    follow_up,
    notifications,
    public_views,
    views,
)
from portal.events.guests.models import GuestsOfCancelledEvent
from portal.events.link_purposes import LINK_PATHS
from portal.events.models import AnswersAskedAgain, EventCancelled, EventMoved, GuestsChanged, SeatsCalled
from portal.outbox import Message

HOUR = timedelta(hours=1)
COMING_UP = coming_up_part.coming_up
KINDS = emails.KINDS
LINK_PHRASES = (emails.YOUR_PAGE,)
BLUEPRINTS = (views.bp, file_views.bp, public_views.bp, feedback_views.bp, feed_views.bp)
DUE_WORK = (
    DueWork(
        name="after an event",
        every=HOUR,
        due_ids=follow_up.guests_to_write_to,
        act=follow_up.write,
        goes_on_while_off=True,
    ),
)
HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    GuestsChanged: notifications.after_guests_changed,
    SeatsCalled: notifications.after_seats_called,
    AnswersAskedAgain: notifications.after_answers_asked_again,
    EventMoved: notifications.after_event_moved,
    EventCancelled: notifications.after_event_cancelled,
    GuestsOfCancelledEvent: notifications.after_guests_lost_event,
}
__all__ = ["BLUEPRINTS", "COMING_UP", "DUE_WORK", "HANDLERS", "KINDS", "LINK_PATHS", "LINK_PHRASES"]
