"""Counting the guests of events: invited, answered, coming, there; for lists, pages and metrics of one event."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.events.guest_models import EventGuest, GuestSource, GuestState
from portal.events.metrics import PARTS
from portal.events.models import Event
from portal.id_arrays import is_one_of
from tenants.clock import utc_now

G, S = EventGuest, GuestState
NOT_YET = frozenset({S.LISTED, S.UNCONFIRMED, S.REQUESTED, S.REFUSED})  # not invited, or not in yet
BESIDE = frozenset({GuestSource.WALK_IN, GuestSource.PLUS_ONE})  # counted beside the rates
VIEWS: dict[str, frozenset[GuestState]] = {  # tabs of the answers, as addresses name them
    "coming": frozenset({S.ACCEPTED}),
    "waiting": frozenset({S.WAITLISTED, S.OFFERED}),
    "maybe": frozenset({S.MAYBE}),
    "declined": frozenset({S.DECLINED, S.LAPSED, S.REFUSED}),
    "cancelled": frozenset({S.CANCELLED}),
    "silent": frozenset({S.INVITED}),
    "approval": frozenset({S.REQUESTED}),
}
IS_GUEST = and_(G.host_id.is_(None), G.source.not_in(BESIDE))  # a plus-one follows the host
WAS_INVITED = and_(IS_GUEST, or_(G.invited_at.is_not(None), G.confirmed_at.is_not(None)))
HAS_ANSWERED = and_(WAS_INVITED, G.answered_at.is_not(None))
HAS_COME = G.attended_at.is_not(None)


@dataclass(frozen=True)
class GuestCounts:
    """Of one event. `extra` are walk-ins and plus-ones who came."""

    by_state: dict[GuestState, int] = field(default_factory=dict)
    invited: int = 0
    answered: int = 0
    counted: int = (
        0  # invited as the metric counts them: a provider took the email, and there was a seat to take
    )
    attended: int = 0
    came_of_accepted: int = 0
    extra: int = 0

    def view(self, name: str) -> int:
        return sum(self.by_state.get(state, 0) for state in VIEWS[name])

    @property
    def accepted(self) -> int:
        return self.view("coming")

    @property
    def silent(self) -> int:
        return self.view("silent")

    @property
    def everybody(self) -> int:
        return sum(self.by_state.values())

    def share(self, part: int, whole: int) -> int | None:
        return round(100 * part / whole) if whole else None

    @property
    def of_invited(self) -> int | None:
        return self.share(self.attended, self.counted)

    @property
    def of_accepted(self) -> int | None:
        return self.share(self.came_of_accepted, self.accepted)


NONE_YET = GuestCounts()


def counts_of(session: Session, event_ids: Collection[UUID]) -> dict[UUID, GuestCounts]:
    """In one statement."""
    which = G.event_id == is_one_of(event_ids)
    rows = session.execute(select(G.event_id, G.state, *COUNTED).where(which).group_by(G.event_id, G.state))
    found: dict[UUID, GuestCounts] = {}
    for event_id, state, all_of_it, invited, answered, counted, attended, came, extra in rows:
        before = found.get(event_id, NONE_YET)
        found[event_id] = GuestCounts(
            before.by_state | {state: all_of_it},
            before.invited + invited,
            before.answered + answered,
            before.counted + counted,
            before.attended + attended,
            before.came_of_accepted + came,
            before.extra + extra,
        )
    return found


def _number(*which: ColumnElement[bool]) -> Any:
    return func.count().filter(*which)


COUNTED = (
    _number(G.host_id.is_(None)),
    _number(WAS_INVITED),
    _number(HAS_ANSWERED),
    *(_number(PARTS[part]) for part in ("invited", "attended", "accepted-attended")),
    _number(HAS_COME, ~PARTS["attended"]),
)


def counts(session: Session, event: Event) -> GuestCounts:
    return counts_of(session, [event.id]).get(event.id, NONE_YET)


def past_events(session: Session, most: int = 50) -> Sequence[Event]:
    """Whose guests may be invited again, newest first."""
    from_now = select(Event).where(Event.opened_at.is_not(None), Event.ends_at < utc_now())
    return session.scalars(from_now.order_by(Event.starts_at.desc(), Event.id).limit(most)).all()
