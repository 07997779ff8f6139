"""Conditions as SQL. They may be null where nothing is known: whoever negates them says `is_not(true())`.

What is said about the company of a person is asked of the companies, in one subquery for all that stands together, so
that no query needs a join and an “or” across both is a lookup in a hash.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.attributes import OPPOSITES, AttributeSubject, Comparison
from portal.segments.conditions import Condition, ConditionGroup, Conditions, Join
from portal.segments.models import Segment, SegmentPerson
from portal.segments.resolution import ReadCondition, ResolvedConditions, resolve
from tenants.clock import utc_now
from tenants.database import tenant

JOINED: dict[Join, Callable[..., ColumnElement[bool]]] = {Join.ALL: and_, Join.ANY: or_}


def people_where(session: Session, conditions: Conditions) -> ColumnElement[bool]:
    """Of every row of `advocates`, whether this person is among them; nobody where something is wrong."""
    return people_of(session, resolve(session, conditions))


def people_of(session: Session, resolved: ResolvedConditions) -> ColumnElement[bool]:
    return and_(Advocate.state != AdvocateState.ERASED, _where(session, resolved))


def accounts_of(session: Session, resolved: ResolvedConditions) -> ColumnElement[bool]:
    """Of every row of `accounts`, whether one of the people it finds works there: what figures count."""
    people = select(Advocate.account_id).where(people_of(session, resolved), Advocate.account_id.is_not(None))
    return Account.id.in_(people.correlate(None))


def condition_predicates(
    session: Session, resolved: ResolvedConditions
) -> dict[Condition, ColumnElement[bool]]:
    """Of each condition by itself, in the order of the page."""
    writer = _Writer.of(session)
    return {
        one: writer.joined(Join.ALL, [resolved.read[one]]) for one in dict.fromkeys(resolved.conditions.all)
    }


def left_out(session: Session, resolved: ResolvedConditions) -> ColumnElement[bool]:
    """Whether this person is in the segment that is left out."""
    if resolved.but is None or resolved.every_fault:
        return false()
    return _Writer.of(session).whole(resolved.but)


def joined(join: Join, *parts: ColumnElement[bool]) -> ColumnElement[bool]:
    return JOINED[join](*parts)


def _where(session: Session, resolved: ResolvedConditions) -> ColumnElement[bool]:
    if resolved.every_fault:
        return false()
    return _Writer.of(session).whole(resolved)


@dataclass(frozen=True)
class _Writer:
    """Writes predicates of the rows of `advocates`."""

    zone: ZoneInfo
    currency: str

    @classmethod
    def of(cls, session: Session) -> "_Writer":
        workspace = tenant(session)
        return cls(ZoneInfo(workspace.time_zone), workspace.currency)

    def whole(self, resolved: ResolvedConditions) -> ColumnElement[bool]:
        if resolved.segment is not None and resolved.segment.is_list:
            return self._is_on(resolved.segment)
        own = self._rows(resolved)
        return own if resolved.but is None else and_(own, self.whole(resolved.but).is_not(true()))

    def _rows(self, resolved: ResolvedConditions) -> ColumnElement[bool]:
        conditions, read = resolved.conditions, resolved.read
        if not conditions.rows:
            return true()
        single = [read[row] for row in conditions.rows if isinstance(row, Condition)]
        groups = [row for row in conditions.rows if isinstance(row, ConditionGroup)]
        parts = [self.joined(conditions.join, single)] if single else []
        parts += [self.joined(conditions.join.other, [read[one] for one in row.conditions]) for row in groups]
        return JOINED[conditions.join](*parts)

    def joined(self, join: Join, conditions: Iterable[ReadCondition]) -> ColumnElement[bool]:
        """Those about companies share one subquery; opposites hold where their counterpart does not."""
        found: dict[tuple[bool, bool], list[ColumnElement[bool]]] = {}
        for one in conditions:
            is_opposite = one.condition.operator in OPPOSITES
            place = (one.attribute.subject is AttributeSubject.PERSON, is_opposite)
            found.setdefault(place, []).append(self._predicate(one))
        parts = [self._part(join, *place, predicates) for place, predicates in found.items()]
        return JOINED[join](*parts)

    def _part(
        self, join: Join, is_of_person: bool, is_opposite: bool, predicates: Sequence[ColumnElement[bool]]
    ) -> ColumnElement[bool]:
        """Not this and not that is neither of both."""
        inner = JOINED[join.other if is_opposite else join](*predicates)
        held = inner if is_of_person else _is_at_company(inner)
        return held.is_not(true()) if is_opposite else held

    def _predicate(self, one: ReadCondition) -> ColumnElement[bool]:
        operator = OPPOSITES.get(one.condition.operator, one.condition.operator)
        today = utc_now().astimezone(self.zone).date()
        return one.attribute.predicate(Comparison(operator, one.values, today, self.zone, self.currency))

    def _is_on(self, segment: Segment) -> ColumnElement[bool]:
        return Advocate.id.in_(
            select(SegmentPerson.advocate_id).where(SegmentPerson.segment_id == segment.id)
        )


def _is_at_company(inner: ColumnElement[bool]) -> ColumnElement[bool]:
    return Advocate.account_id.in_(select(Account.id).where(inner).correlate(None))
