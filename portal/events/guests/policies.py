"""How long what guests told us is kept."""

from portal import policies
from portal.i18n import mark

NEEDS_DAYS = 14  # food and access; a promise on the page, so no setting
CONTACT_DAYS = policies.declare(
    "events.contact_days",
    90,
    mark("Erase contacts of an event after (days)"),
    mark(
        "Guests who aren’t in your program: their names and addresses are erased so many days after the event."
    ),
    low=14,
    high=730,
)
