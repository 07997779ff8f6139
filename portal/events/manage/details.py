"""What a manager fills in about an event, and how a row of `events` gets and shows it."""

import re
import secrets
import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from portal.events.models import Event, EventFormat, EventKind, GuestListVisibility, RegistrationMode

RECORD_DAYS = timedelta(days=10)  # who was there can be entered so long
MOVES = ("starts_at", "ends_at", "time_zone", "format", "venue", "address")


@dataclass(frozen=True, kw_only=True)
class EventDetails:
    kind: EventKind
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    format: EventFormat
    venue: str
    address: str
    directions: str
    join_url: str
    plus_ones: int
    allows_delegates: bool
    registration: RegistrationMode
    answer_by: date | None
    guest_list: GuestListVisibility
    asks_needs: bool
    host_id: UUID | None
    minimum_minutes: int
    has_checkout: bool
    budget_cents: int | None

    @property
    def columns(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def changes(self, event: Event) -> dict[str, Any]:
        return {name: value for name, value in self.columns.items() if getattr(event, name) != value}

    def moves(self, event: Event) -> set[str]:
        """What guests must know at once: when and where it is."""
        return {*MOVES} & self.changes(event).keys()


def fingerprint(event: Event) -> str:
    """Of what the form shows: an answer that comes in meanwhile is no change to it."""
    names = [
        *(each.name for each in fields(EventDetails)),
        "picture_id",
        "photo_text_id",
        "recording_text_id",
    ]
    shown = "|".join(str(getattr(event, name)) for name in names)
    return sha256(shown.encode()).hexdigest()[:16]


def apply_details(event: Event, details: EventDetails) -> None:
    """Records stay open as many days after the end as they were to."""
    is_new = event.id is None
    kept_open = RECORD_DAYS if is_new else event.records_close_at - event.ends_at
    for name, value in details.columns.items():
        setattr(event, name, value)
    event.records_close_at = details.ends_at + kept_open
    if details.registration is not RegistrationMode.INVITED_ONLY and not event.slug:
        event.slug = new_slug(details.title)


def new_slug(title: str) -> str:
    """Of a public page: readable, and nobody guesses the next one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")
    return f"{words or 'event'}-{secrets.token_hex(3)}"
