"""An event as the provider wrote it -> what it says about a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from portal.inbox import ReceivedEvent
from portal.outreach.events.machines import is_scanner
from portal.outreach.events.models import Happened

SENDGRID = {
    "processed": Happened.PROCESSED,
    "deferred": Happened.DEFERRED,
    "delivered": Happened.DELIVERED,
    "dropped": Happened.DROPPED,
    "spamreport": Happened.COMPLAINED,
    "unsubscribe": Happened.UNSUBSCRIBED,
    "group_unsubscribe": Happened.UNSUBSCRIBED,
    "open": Happened.OPENED,
    "click": Happened.CLICKED,
}
DROPPED_FOR = {  # the provider kept a list of its own, and the address stood on it already
    "bounced address": Happened.BOUNCED,
    "spam reporting address": Happened.COMPLAINED,
    "unsubscribed address": Happened.UNSUBSCRIBED,
}
AHEAD = timedelta(days=1)  # a provider's clock may go wrong, but not far


@dataclass(frozen=True)
class Said:
    letter_id: UUID
    external_id: str
    happened: Happened
    at: datetime
    heard_at: datetime  # when it came in
    machine: bool
    why: str
    url: str

    @property
    def of_its_reader(self) -> Happened:
        """What happened to the address: a drop may tell of something that happened before."""
        if self.happened is not Happened.DROPPED:
            return self.happened
        return DROPPED_FOR.get(self.why.strip().lower(), Happened.DROPPED)


def read(received: ReceivedEvent) -> Said | None:
    """None for what says nothing that is kept, e.g. that somebody joined a group of the provider's again."""
    payload = received.payload
    happened = _happened(payload)
    if happened is None:
        return None
    by_somebody = happened in (Happened.OPENED, Happened.CLICKED)
    return Said(
        letter_id=UUID(payload["letter"]),
        external_id=received.external_id,
        happened=happened,
        at=_at(payload, received.created_at),
        heard_at=received.created_at,
        machine=by_somebody and (bool(payload.get("machine")) or is_scanner(payload.get("useragent", ""))),
        why=payload.get("reason") or payload.get("response") or "",
        url=payload.get("url", ""),
    )


def _happened(payload: Mapping[str, Any]) -> Happened | None:
    """A bounce says by its type whether there is no such mailbox, or the letter was turned away this once."""
    if payload.get("event") == "bounce":
        return Happened.BOUNCED if payload.get("type", "bounce") == "bounce" else Happened.BLOCKED
    return SENDGRID.get(payload.get("event", ""))


def _at(payload: Mapping[str, Any], came_in: datetime) -> datetime:
    """By the provider's clock, where that is one."""
    seconds = payload.get("timestamp") or 0
    said = datetime.fromtimestamp(seconds, UTC)
    return said if seconds and said < came_in + AHEAD else came_in
