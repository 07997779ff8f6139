"""The timeline of one email: written, sent, reported by the provider, acted on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.history import HistoryEntry
from portal.outreach.delivery_events.labels import EVENT_TYPES
from portal.outreach.delivery_events.models import OPENS_AND_CLICKS, DeliveryEvent, DeliveryEventType
from portal.outreach.lifecycles import EmailAction
from portal.outreach.messages.labels import GATEWAYS, HISTORY_ACTIONS
from portal.outreach.models import Email


@dataclass(frozen=True)
class EmailTimelineEntry:
    """`quote`: somebody's own words, as they came."""

    at: datetime
    text: Any
    tone: str = ""
    icon: str = "circle-dot"
    by_name: str = ""
    quote: str = ""


def email_timeline(
    email: Email, events: Sequence[DeliveryEvent], history: Sequence[HistoryEntry]
) -> list[EmailTimelineEntry]:
    told = [
        *_sending_entries(email),
        *_staff_entries(history),
        *_recipient_entries(events),
        *_bot_entries(events),
        *_event_entries(events),
    ]
    return sorted(told, key=lambda line: line.at)


def _sending_entries(email: Email) -> Iterator[EmailTimelineEntry]:
    step = email.sequence_step
    yield EmailTimelineEntry(
        email.created_at,
        _("Created by its sequence, step %(number)s", number=step) if step else _("Created"),
        icon="mail",
    )
    if email.claimed_at:
        through = GATEWAYS.get(email.gateway, email.gateway)
        words = (
            _("Sent to the mail server (%(gateway)s)", gateway=through)
            if through
            else _("Sent to the mail server")
        )
        if email.tries > 1:
            words = _("%(sent)s, attempt %(number)s", sent=words, number=email.tries)
        yield EmailTimelineEntry(email.claimed_at, words, icon="send")
    if email.sent_at:
        yield EmailTimelineEntry(email.sent_at, _("Accepted by the mail server"), icon="check")


def _staff_entries(acts: Sequence[HistoryEntry]) -> Iterator[EmailTimelineEntry]:
    for act in acts:
        if act.action not in HISTORY_ACTIONS:
            continue  # of a release that runs beside this one
        words = HISTORY_ACTIONS[EmailAction(act.action)]
        yield EmailTimelineEntry(act.created_at, words, icon="user", by_name=act.by_name)


def _event_entries(events: Sequence[DeliveryEvent]) -> Iterator[EmailTimelineEntry]:
    for event in events:
        if event.event_type not in OPENS_AND_CLICKS:
            its = EVENT_TYPES[event.event_type]
            yield EmailTimelineEntry(event.at, its.word, its.tone, its.icon, quote=event.provider_reason)


def _recipient_entries(events: Sequence[DeliveryEvent]) -> Iterator[EmailTimelineEntry]:
    """The first look of each kind, and how often it came again."""
    for (happened, url), looks in _opens_and_clicks(events, by_bot=False).items():
        its = EVENT_TYPES[happened]
        yield EmailTimelineEntry(looks[0], its.word, its.tone, its.icon, quote=url)
        if again := len(looks) - 1:
            yield EmailTimelineEntry(looks[-1], _repeat_text(happened, again), icon=its.icon, quote=url)


def _repeat_text(happened: DeliveryEventType, number: int) -> str:
    if happened is DeliveryEventType.CLICKED:
        return ngettext("Clicked once more", "Clicked %(num)d more times, last at this time", number)
    return ngettext("Opened once more", "Opened %(num)d more times, last at this time", number)


def _bot_entries(events: Sequence[DeliveryEvent]) -> Iterator[EmailTimelineEntry]:
    """Show opens by scanners, which open every link within seconds, apart: they decide nothing."""
    numbers: dict[DeliveryEventType, list[datetime]] = defaultdict(list)
    for (happened, _url), looks in _opens_and_clicks(events, by_bot=True).items():
        numbers[happened] += looks
    for happened, looks in numbers.items():
        yield EmailTimelineEntry(min(looks), _bot_text(happened, len(looks)), icon="robot")


def _bot_text(happened: DeliveryEventType, number: int) -> str:
    if happened is DeliveryEventType.CLICKED:
        return ngettext(
            "A security scanner opened one link (not counted)",
            "A security scanner opened %(num)d links (not counted)",
            number,
        )
    return ngettext(
        "A bot loaded the email (not counted)",
        "Bots loaded the email %(num)d times (not counted)",
        number,
    )


def _opens_and_clicks(
    events: Sequence[DeliveryEvent], *, by_bot: bool
) -> dict[tuple[DeliveryEventType, str], list[datetime]]:
    found: dict[tuple[DeliveryEventType, str], list[datetime]] = defaultdict(list)
    for event in events:
        if event.event_type in OPENS_AND_CLICKS and event.is_bot is by_bot:
            found[event.event_type, event.url].append(event.at)
    return found
