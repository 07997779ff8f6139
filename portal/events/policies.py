"""Settings of events."""

from portal.policies import declare

OFFER_HOURS = declare(
    "events.offer_hours",
    48,
    "Hours an offered seat is kept at most",
    "Counted from when the email is delivered: never at night, and never more than a third of the time to the event.",
    low=2,
    high=168,
)
CONTACT_DAYS = declare(
    "events.contact_days",
    90,
    "Days until we forget who came by themselves",
    "Guests who are no advocates are erased so many days after the event. What they count for stays.",
    low=1,
    high=365,
)
