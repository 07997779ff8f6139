"""Whom the people of a file are: by address, by what a manager said of a name before, by a whole name.

A name of one word, or one that two guests share, is nobody's: it waits for a manager.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.events.attendance_models import AttendanceAlias
from portal.events.door.queries import NAME
from portal.events.door.reports.people import Participant, folded_name, names_of
from portal.events.guest_models import EventGuest, GuestState

ALIASES_AT_ONCE = 1000


@dataclass(frozen=True)
class KnownGuests:
    """Of one event, by everything that a file may call them."""

    by_address: Mapping[str, UUID]
    by_name: Mapping[str, UUID]
    by_alias: Mapping[str, UUID] = field(default_factory=dict)

    def find(self, person: Participant) -> UUID | None:
        found = self.by_address.get(person.alias) or self.by_alias.get(person.alias)
        return found or (None if person.email else self._by_name(person.name))

    def _by_name(self, name: str) -> UUID | None:
        return next((self.by_name[each] for each in names_of(name) if each in self.by_name), None)


def known_guests(session: Session, event_id: UUID, aliases: Sequence[str]) -> KnownGuests:
    columns = (EventGuest.id, EventGuest.advocate_id, EventGuest.email_norm, Advocate.email_norm, NAME)
    rows = session.execute(
        select(*columns)
        .outerjoin(Advocate, Advocate.id == EventGuest.advocate_id)
        .where(EventGuest.event_id == event_id, EventGuest.state != GuestState.REMOVED)
    ).all()
    by_person = {row[1]: row[0] for row in rows if row[1]}
    return KnownGuests(
        by_address={row[2] or row[3]: row[0] for row in rows if row[2] or row[3]},
        by_name=_whole_names((row[4] or "", row[0]) for row in rows),
        by_alias=_said_before(session, by_person, aliases),
    )


def _whole_names(rows: Iterable[tuple[str, UUID]]) -> dict[str, UUID]:
    named = [(folded_name(name), guest_id) for name, guest_id in rows if len(name.split()) > 1]
    times = Counter(name for name, _ in named)
    return {name: guest_id for name, guest_id in named if times[name] == 1}


def _said_before(session: Session, by_person: Mapping[UUID, UUID], aliases: Sequence[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for start in range(0, len(aliases), ALIASES_AT_ONCE):
        some = AttendanceAlias.alias.in_(aliases[start : start + ALIASES_AT_ONCE])
        for alias, advocate_id in session.execute(
            select(AttendanceAlias.alias, AttendanceAlias.advocate_id).where(some)
        ):
            if advocate_id in by_person:
                found[alias] = by_person[advocate_id]
    return found
