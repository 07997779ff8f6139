"""A guest as the door sees them: on its pages, and in what its phones keep for the time without a connection."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Row

from portal.events.door.presence import moment_key
from portal.events.door.tickets import fingerprint, ticket_number, ticket_token
from portal.events.guest_models import AttendanceSource, EventGuest, GuestSource, GuestState
from portal.events.labels import ATTENDANCE_SOURCES, GUEST_STATES
from portal.web.filters import time


@dataclass(frozen=True)
class DoorGuest:
    row: EventGuest
    name: str
    company: str
    host_name: str
    needs: str

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def number(self) -> str:
        return ticket_number(self.row.id)

    @property
    def where_from(self) -> str:
        """“Sol Andino, with Carlos Mejía”."""
        came = _("with %(name)s", name=self.host_name) if self.host_name else ""
        return ", ".join(part for part in (self.company, came) if part)

    @property
    def detail(self) -> str:
        """What whoever stands at the door should know: how many come, food and access, a note, no seat."""
        parts = (self._more_of_the_party, self.needs, self.row.note, self._without_seat)
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())

    @property
    def _more_of_the_party(self) -> str:
        return _("Party of %(count)s", count=self.row.party) if self.row.party > 1 else ""

    @property
    def _without_seat(self) -> str:
        if self.row.source is GuestSource.WALK_IN:
            return _("Walk-in")
        if self.row.state is GuestState.ACCEPTED or self.row.host_id is not None:
            return ""
        return str(GUEST_STATES[self.row.state].word)

    @property
    def short(self) -> str:
        """“Ada L., Nordwind”: all that a phone keeps of a name."""
        first, *others = self.name.split() or [""]
        shortened = f"{first} {others[-1][0]}." if others else first
        return ", ".join(part for part in (shortened, self.company) if part)

    @property
    def seats(self) -> int:
        return self.row.party

    def arrival(self, zone: str) -> str:
        """“In at 18:04, by Sam”."""
        if self.row.attended_at is None:
            return ""
        at = time(self.row.attended_at, zone)
        if self.row.left_at is not None:
            return _("In at %(at)s, left at %(left)s", at=at, left=time(self.row.left_at, zone))
        who = self.row.attended_by or self._source
        return _("In at %(at)s, by %(name)s", at=at, name=who) if who else _("In at %(at)s", at=at)

    def already(self, zone: str) -> str:
        """“Already in at 18:04 by Sam”: what another door is told."""
        at, who = time(self.row.attended_at, zone), self.row.attended_by or self._source
        return (
            _("Already in at %(at)s by %(name)s", at=at, name=who)
            if who
            else _("Already in at %(at)s", at=at)
        )

    @property
    def _source(self) -> str:
        source = self.row.attendance_source
        if source is None or source is AttendanceSource.DOOR:
            return ""
        return str(ATTENDANCE_SOURCES[source]).lower()

    def to_json(self, zone: str) -> dict[str, Any]:
        token = ticket_token(self.row.tenant_id, self.row.id, self.row.link_version)
        return {
            "id": str(self.row.id),
            "ticket": fingerprint(token),
            "number": fingerprint(self.number),
            "name": self.name,
            "from": self.where_from,
            "detail": self.detail,
            "short": self.short,
            "seats": self.seats,
            "expected": self.row.state is GuestState.ACCEPTED,
            "along": self.row.host_id is not None,
            "in": _moment(self.row.attended_at),
            "left": _moment(self.row.left_at),
            "words": self.arrival(zone),
            "already": self.already(zone),
        }


def door_guest(row: Row[Any]) -> DoorGuest:
    guest, name, company, host_name, food, note = tuple(row)
    name = name or (_("Guest of %(name)s", name=host_name) if host_name else _("No name"))
    return DoorGuest(guest, name, company, host_name or "", _needs(food, note))


def door_guests(rows: Iterable[Row[Any]]) -> list[DoorGuest]:
    return [door_guest(row) for row in rows]


def _needs(food: Sequence[str] | None, note: str | None) -> str:
    """“Vegetarian, no nuts. Step-free seat”."""
    eats = ", ".join(each.replace("_", " ") for each in food or ())
    return ". ".join(part for part in (eats[:1].upper() + eats[1:], note or "") if part)


def _moment(at: datetime | None) -> str | None:
    return moment_key(at) if at else None
