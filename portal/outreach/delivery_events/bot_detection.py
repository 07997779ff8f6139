"""Who opened or clicked: a person, or a machine that looks at mail before its reader does? It decides nothing.

A machine it is when the provider says so, when it gives the name of one, or when it is quicker than people are:

within TOO_SOON of the delivery    scanners fetch pictures and links while they decide whether to let an email in
several links AT_ONCE              nobody presses two links, or one three times, within two seconds
an open AT_ONCE with such clicks   the same scanner

A person who is as quick as that is taken for a machine: better a human click too few than a scanner's too many.
What a proxy of Gmail or Yahoo fetches is a person's doing: it asks when the email is opened.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from portal.outreach.delivery_events.models import DeliveryEvent, DeliveryEventType

BOT_DELAY = timedelta(seconds=10)
BURST_WINDOW = timedelta(seconds=2)  # providers count whole seconds
BURST_LINKS, BURST_CLICKS = 2, 3  # as many at once are no person's
SCANNER_AGENTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|scan|prefetch|preview|proofpoint|mimecast|barracuda|fireeye|trendmicro|messagelabs"
    r"|safelinks|headless|python|curl/|wget|libwww|go-http|okhttp|apache-httpclient|^java|^mozilla/5\.0$|^$",
    re.IGNORECASE,
)


def is_scanner(agent: str) -> bool:
    """Recognize scanners by name. Programs that read mail for people say what they are; no name is no person's."""
    return SCANNER_AGENTS.search(agent.strip()) is not None


def bot_event_ids(events: Sequence[DeliveryEvent]) -> set[str]:
    """Return the ids of the events of one email that are a machine's. More events only add to them."""
    seen = [
        event for event in events if event.event_type in (DeliveryEventType.OPENED, DeliveryEventType.CLICKED)
    ]
    delivered = min(
        (event.at for event in events if event.event_type is DeliveryEventType.DELIVERED), default=None
    )
    bot_ids = {event.external_id for event in seen if event.is_bot}
    if delivered is not None:
        bot_ids |= {event.external_id for event in seen if event.at < delivered + BOT_DELAY}
    return bot_ids | _burst_ids(seen)


def _burst_ids(seen: Iterable[DeliveryEvent]) -> set[str]:
    """Bursts, found by looking ahead from each click."""
    ordered = sorted(seen, key=lambda event: event.at)
    clicks = [event for event in ordered if event.event_type is DeliveryEventType.CLICKED]
    ids: set[str] = set()
    for first in clicks:
        burst = [click for click in clicks if first.at <= click.at <= first.at + BURST_WINDOW]
        if len(burst) >= BURST_CLICKS or len({click.url for click in burst}) >= BURST_LINKS:
            around = (event for event in ordered if abs(event.at - first.at) <= BURST_WINDOW)
            ids |= {event.external_id for event in around}
    return ids
