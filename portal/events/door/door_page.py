"""What the page of a door tells: how many are in, who is expected, who is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.events.attendance_models import EventDoorLink
from portal.events.door import queries
from portal.events.door.guest_row import DoorGuest, door_guests
from portal.events.door.queries import MOST_IN_SHOWN, MOST_SHOWN, DoorCounts
from portal.events.models import Event
from portal.number_words import first_number_word


@dataclass(frozen=True)
class DoorPage:
    session: Session
    door: EventDoorLink
    event: Event
    by: str
    typed: str

    @cached_property
    def counts(self) -> DoorCounts:
        return queries.counts(self.session, self.event.id)

    @cached_property
    def missing(self) -> Sequence[DoorGuest]:
        return door_guests(queries.not_here_yet(self.session, self.event.id, self.typed))

    @cached_property
    def here(self) -> Sequence[DoorGuest]:
        return door_guests(queries.already_in(self.session, self.event.id, self.typed))

    @property
    def shows_all_missing(self) -> bool:
        return len(self.missing) < MOST_SHOWN

    @property
    def shows_all_here(self) -> bool:
        return len(self.here) < MOST_IN_SHOWN

    @property
    def seats_free(self) -> int | None:
        free = self.event.seats_free
        return None if free is None else max(0, free - self.counts.besides)

    @property
    def facts(self) -> list[str]:
        """What whoever stands at the door wants to know besides the number, a sentence each."""
        counts, free = self.counts, self.seats_free
        return [
            *self._plus_ones(counts),
            *([] if free is None else [_free_seats(free)]),
            *([_without_seat(counts.besides)] if counts.besides else []),
        ]

    @staticmethod
    def _plus_ones(counts: DoorCounts) -> list[str]:
        if not counts.plus_ones:
            return []
        words = {"few": first_number_word(counts.plus_ones), "all": counts.expected}
        return [
            ngettext(
                "One of the %(all)s is a plus-one.",
                "%(few)s of the %(all)s are plus-ones.",
                counts.plus_ones,
                **words,
            )
        ]

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.event.title,
            "workspace": str(self.event.tenant_id),
            "zone": self.event.time_zone,
            "closes": self.door.expires_at.isoformat(),
            "checkout": self.event.has_checkout,
            "expected": self.counts.expected,
            "here": self.counts.here,
            "besides": self.counts.besides,
        }


def _free_seats(free: int) -> str:
    return ngettext(
        "One seat is free for walk-ins.",
        "%(few)s seats are free for walk-ins.",
        free,
        few=first_number_word(free),
    )


def _without_seat(count: int) -> str:
    return ngettext(
        "One person came without a seat.",
        "%(few)s people came without a seat.",
        count,
        few=first_number_word(count),
    )
