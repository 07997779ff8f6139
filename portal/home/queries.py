"""What the home pages read: a few rows each, whatever the size of the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.asks.models import Ask
from portal.outreach.models import Letter, LetterState
from portal.references.models import Meeting, MeetingState, ReferenceRequest, State
from portal.references.queries import RUNNING
from tenants.models import Membership

FEW = 5  # rows of one kind; the list they come from has them all
STUCK = (LetterState.HELD, LetterState.FAILED, LetterState.UNKNOWN)
TODAYS = (MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.NOT_HELD, MeetingState.MOVED)


@dataclass(frozen=True)
class Tally:
    """How much there is, in one row."""

    pending: int
    stuck_letters: int
    accounts: int
    advocates: int
    requests: int

    @property
    def is_new(self) -> bool:
        """Nothing was imported yet, nobody is known, nothing was asked for."""
        return not (self.accounts or self.advocates or self.requests)


def tally(session: Session) -> Tally:
    """The last three only up to 1: it matters whether there is any."""
    pending = select(func.count()).where(Advocate.state == Standing.PENDING)
    stuck = select(func.count()).where(Letter.state.in_(STUCK))
    any_of = [
        select(func.count()).select_from(select(model.id).limit(1).subquery())
        for model in (Account, Advocate, ReferenceRequest)
    ]
    counts = (one.scalar_subquery() for one in (pending, stuck, *any_of))
    return Tally(*session.execute(select(*counts)).one())


@dataclass(frozen=True)
class Pressing:
    """The first few requests that cannot wait, how many there are, and how many of them are late."""

    requests: Sequence[ReferenceRequest]
    total: int = 0
    late: int = 0


def pressing(session: Session, now: datetime, before: datetime) -> Pressing:
    """Requests that fall due before then or wait for a first answer, the latest first."""
    due = or_(ReferenceRequest.due_at < before, ReferenceRequest.state == State.SUBMITTED)
    late = func.count().filter(ReferenceRequest.due_at < now).over()
    rows = session.execute(
        select(ReferenceRequest, func.count().over(), late)
        .options(joinedload(ReferenceRequest.requester))
        .where(ReferenceRequest.state.in_(RUNNING), ReferenceRequest.waiting_since.is_(None), due)
        .order_by(ReferenceRequest.due_at, ReferenceRequest.id)
        .limit(FEW)
    ).all()
    return Pressing([row[0] for row in rows], *rows[0][1:]) if rows else Pressing([])


def pending(session: Session) -> Sequence[tuple[Advocate, str | None]]:
    """People who wait for a manager, the oldest first, with the name of who nominated them."""
    rows = session.execute(
        select(Advocate, Membership.name)
        .options(joinedload(Advocate.account))
        .outerjoin(Membership, Membership.id == Advocate.nominated_by_id)
        .where(Advocate.state == Standing.PENDING)
        .order_by(Advocate.created_at, Advocate.id)
        .limit(FEW)
    )
    return [(person, by) for person, by in rows]


def meetings_from(session: Session, moment: datetime, most: int = 12) -> Sequence[Meeting]:
    """Agreed meetings from then on, the next first."""
    who = joinedload(Meeting.ask)
    return session.scalars(
        select(Meeting)
        .options(who.joinedload(Ask.advocate), who.joinedload(Ask.account), joinedload(Meeting.request))
        .where(Meeting.starts_at >= moment, Meeting.state.in_(TODAYS))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most)
    ).all()


@dataclass(frozen=True)
class Customer:
    """One of an owner's accounts, with its people in the programme."""

    account: Account
    enrolled: int
    last_ask_at: datetime | None


def customers(session: Session, owner: Membership, today: date, most: int = 25) -> Sequence[Customer]:
    """The accounts somebody looks after: the next renewal first."""
    people = select(func.count()).where(
        Advocate.account_id == Account.id, Advocate.state.in_((Standing.ENROLLED, Standing.PAUSED))
    )
    asked = select(func.max(Advocate.last_ask_at)).where(Advocate.account_id == Account.id)
    rows = session.execute(
        select(Account, people.scalar_subquery(), asked.scalar_subquery())
        .where(Account.owner_id == owner.id)
        .order_by(Account.renewal_on < today, Account.renewal_on.nulls_last(), Account.name_norm)
        .limit(most)
    )
    return [Customer(*row) for row in rows]
