"""An event as the provider wrote it -> what it says about an email."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from portal.inbox import ReceivedEvent
from portal.outreach.delivery_events.bot_detection import is_scanner
from portal.outreach.delivery_events.models import DeliveryEventType

SENDGRID_EVENT_TYPES = {
    "processed": DeliveryEventType.PROCESSED,
    "deferred": DeliveryEventType.DEFERRED,
    "delivered": DeliveryEventType.DELIVERED,
    "dropped": DeliveryEventType.DROPPED,
    "spamreport": DeliveryEventType.COMPLAINED,
    "unsubscribe": DeliveryEventType.UNSUBSCRIBED,
    "group_unsubscribe": DeliveryEventType.UNSUBSCRIBED,
    "open": DeliveryEventType.OPENED,
    "click": DeliveryEventType.CLICKED,
}
DROP_REASONS = {  # the provider kept a list of its own, and the address stood on it already
    "bounced address": DeliveryEventType.BOUNCED,
    "spam reporting address": DeliveryEventType.COMPLAINED,
    "unsubscribed address": DeliveryEventType.UNSUBSCRIBED,
}
MAX_CLOCK_SKEW = timedelta(days=1)  # a provider's clock may go wrong, but not far


@dataclass(frozen=True)
class ParsedEvent:
    email_id: UUID
    external_id: str
    event_type: DeliveryEventType
    at: datetime
    received_at: datetime  # when it came in
    is_bot: bool
    provider_reason: str
    url: str

    @property
    def underlying_type(self) -> DeliveryEventType:
        """Return what happened to the address: a drop may tell of something that happened before."""
        if self.event_type is not DeliveryEventType.DROPPED:
            return self.event_type
        return DROP_REASONS.get(self.provider_reason.strip().lower(), DeliveryEventType.DROPPED)


def parse(received: ReceivedEvent) -> ParsedEvent | None:
    payload = received.payload
    happened = _event_type(payload)
    if happened is None:
        return None
    by_somebody = happened in (DeliveryEventType.OPENED, DeliveryEventType.CLICKED)
    return ParsedEvent(
        email_id=UUID(payload["email_id"]),
        external_id=received.external_id,
        event_type=happened,
        at=_at(payload, received.created_at),
        received_at=received.created_at,
        is_bot=by_somebody and (bool(payload.get("machine")) or is_scanner(payload.get("useragent", ""))),
        provider_reason=payload.get("reason") or payload.get("response") or "",
        url=payload.get("url", ""),
    )


def _event_type(payload: Mapping[str, Any]) -> DeliveryEventType | None:
    """A bounce says by its type whether there is no such mailbox, or the email was turned away this once."""
    if payload.get("event") == "bounce":
        return (
            DeliveryEventType.BOUNCED
            if payload.get("type", "bounce") == "bounce"
            else DeliveryEventType.BLOCKED
        )
    return SENDGRID_EVENT_TYPES.get(payload.get("event", ""))


def _at(payload: Mapping[str, Any], came_in: datetime) -> datetime:
    """By the provider's clock, where that is one."""
    seconds = payload.get("timestamp") or 0
    said = datetime.fromtimestamp(seconds, UTC)
    return said if seconds and said < came_in + MAX_CLOCK_SKEW else came_in
