"""Whom the dry run looks at: the audience of a draft, or whoever is on the way."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import any_, literal, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, State
from portal.outreach.sequences import timing
from portal.outreach.sequences.audience import ADDRESS, LONGEST_ADDRESS, Audience, narrowed, people
from portal.outreach.sequences.models import Run, RunState, Sequence, Step


class Traveller(NamedTuple):
    """`place`: the last step behind them; `due`: when the next is; `state`: of people of the programme."""

    key: UUID
    name: str
    address: str
    company: str
    advocate_id: UUID | None
    time_zone: str
    state: State | None
    agrees: bool  # to what the letters stand on
    paused_until: date | None
    purpose: str
    place: int
    anchor: datetime
    due: datetime
    about_id: UUID | None
    links: Mapping[str, Any]

    @property
    def has_address(self) -> bool:
        return len(self.address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(self.address) is not None


def of_audience(session: Session, sequence: Sequence, first: Step, now: datetime) -> list[Traveller]:
    """As if it started now; in the order in which they would be put on the way."""
    columns = (
        *(Advocate.id, Advocate.first_name, Advocate.last_name, Advocate.email, Account.name),
        *(Advocate.time_zone, Advocate.state, literal(sequence.purpose) == any_(Advocate.consents)),
        Advocate.paused_until,
    )
    chosen = people(*columns).where(narrowed(Audience.opened(sequence.audience)))
    due = timing.due_at(first, now)
    return [
        _newcomer(row, sequence.purpose, now, due) for row in session.execute(chosen.order_by(Advocate.id))
    ]


def _newcomer(row: Any, purpose: str, now: datetime, due: datetime) -> Traveller:
    key, first_name, last_name, email, company, zone, state, agrees, until = row
    return Traveller(
        key=key,
        name=f"{first_name} {last_name}".strip() or email,
        address=email,
        company=company or "",
        advocate_id=key,
        time_zone=zone,
        state=state,
        agrees=agrees,
        paused_until=until,
        purpose=purpose,
        place=0,
        anchor=now,
        due=due,
        about_id=key,
        links={},
    )


def on_the_way(session: Session, sequence: Sequence) -> list[Traveller]:
    """Whoever waits for a next letter, in the order of their turns."""
    mine = (Run.sequence_id == sequence.id, Run.state == RunState.WAITING)
    columns = (
        *(Run.id, Run.recipient_name, Run.recipient, Account.name, Run.advocate_id, Run.time_zone),
        *(Advocate.state, Run.purpose == any_(Advocate.consents), Advocate.paused_until, Advocate.time_zone),
        *(Run.purpose, Run.step, Run.anchor_at, Run.next_at, Run.about_id, Run.links),
    )
    rows = session.execute(
        select(*columns)
        .select_from(Run)
        .outerjoin(Advocate, Advocate.id == Run.advocate_id)
        .outerjoin(Account, Account.id == Advocate.account_id)
        .where(*mine)
        .order_by(Run.next_at, Run.id)
    )
    return [_traveller(*row) for row in rows]


def _traveller(
    key: UUID, name: str, address: str, company: str | None, advocate_id: UUID | None, zone: str, *more: Any
) -> Traveller:
    state, agrees, until, own_zone, purpose, place, anchor, due, about_id, links = more
    return Traveller(
        key=key,
        name=name or address,
        address=address,
        company=company or "",
        advocate_id=advocate_id,
        time_zone=own_zone or zone or "",
        state=state,
        agrees=bool(agrees),
        paused_until=until,
        purpose=purpose,
        place=place,
        anchor=anchor,
        due=due,
        about_id=about_id,
        links=links,
    )
