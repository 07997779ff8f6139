"""Whom something is for: a saved segment, conditions of its own, or people one by one; minus a segment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, false, literal
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.errors import NotFound
from portal.segments.conditions import Conditions
from portal.segments.predicates import people_of
from portal.segments.queries import all_segments
from portal.segments.resolution import ResolvedConditions, resolve, resolve_segment

EVERYBODY = Conditions()


@dataclass(frozen=True)
class Audience:
    """`people`: None where conditions decide."""

    conditions: Conditions = EVERYBODY
    segment_id: UUID | None = None
    people: tuple[UUID, ...] | None = None

    @classmethod
    def of_segment(cls, segment_id: UUID, *, but: UUID | None = None) -> Self:
        return cls(Conditions(but=but), segment_id)

    @classmethod
    def of_people(cls, people: Iterable[UUID], *, but: UUID | None = None) -> Self:
        return cls(Conditions(but=but), people=tuple(people))

    @classmethod
    def of(cls, given: object) -> Self:
        """From JSON; what can't be read is nobody."""
        if not isinstance(given, Mapping):
            return cls(Conditions.of(given))
        try:
            segment, people = given.get("segment"), given.get("people")
            return cls(
                Conditions.of(given.get("conditions")),
                UUID(segment) if segment else None,
                None if people is None else tuple(UUID(one) for one in people),
            )
        except (ValueError, TypeError, AttributeError):
            return cls(Conditions.of("unreadable"))

    def to_json(self) -> dict[str, Any]:
        stored: dict[str, Any] = {"conditions": self.conditions.to_json()}
        stored |= {"segment": str(self.segment_id)} if self.segment_id else {}
        return stored | ({"people": [str(one) for one in self.people]} if self.people is not None else {})

    @property
    def but(self) -> UUID | None:
        return self.conditions.but


@dataclass(frozen=True)
class ResolvedAudience:
    """`parts` hold all at once: the segment, and what is taken out of it besides."""

    audience: Audience
    parts: tuple[ResolvedConditions, ...]

    @property
    def fingerprint(self) -> str:
        return "-".join(part.fingerprint for part in self.parts)

    def where(self, session: Session) -> ColumnElement[bool]:
        people = self.audience.people
        picked = [] if people is None else [is_one_of(people)]
        return and_(*(people_of(session, part) for part in self.parts), *picked)


def is_one_of(people: Sequence[UUID]) -> ColumnElement[bool]:
    """However many: they are one parameter, not one each."""
    return Advocate.id == any_(literal(list(people), ARRAY(Uuid)))


def resolve_audience(session: Session, audience: Audience) -> ResolvedAudience:
    """Raise NotFound where the segment itself is gone."""
    own = resolve(session, audience.conditions)
    if audience.segment_id is None:
        return ResolvedAudience(audience, (own,))
    segment = all_segments(session).get(audience.segment_id)
    if segment is None:
        raise NotFound("There is no such segment.")
    return ResolvedAudience(audience, (resolve_segment(session, segment), own))


def people_in(session: Session, audience: Audience) -> ColumnElement[bool]:
    """Of every row of `advocates`, whether this person is among them; nobody where the segment is gone."""
    try:
        return resolve_audience(session, audience).where(session)
    except NotFound:
        return false()


def fingerprint_of(session: Session, audience: Audience) -> str:
    """What a preview keeps, to see later whether something changed that decides who is in; blank: it is gone."""
    try:
        return resolve_audience(session, audience).fingerprint
    except NotFound:
        return ""
