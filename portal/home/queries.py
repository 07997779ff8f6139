"""What the home pages read: a few rows each, whatever the size of the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select, text
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.asks.actions import BUDGET_OVERRIDDEN
from portal.asks.models import Ask
from portal.asks.models import State as AskState
from portal.history import HistoryEntry
from portal.outreach import alarms
from portal.outreach.alarms import Watched
from portal.outreach.kinds import HIDDEN
from portal.outreach.models import NEEDS_A_PERSON, Letter
from portal.outreach.queries import MOST_COUNTED
from portal.references.models import Meeting, MeetingAnswer, MeetingState, ReferenceRequest, Side, State
from portal.references.queries import RUNNING
from portal.workspace.models import AddressCollision
from tenants.clock import utc_now
from tenants.models import Membership

STILL_FULL = timedelta(days=90)  # the longest window but the year's
FEW = 5  # rows of one kind; the list they come from has them all
FELL_THROUGH = (AskState.DECLINED, AskState.EXPIRED, AskState.WITHDRAWN, AskState.NOT_HELD)
TODAYS = (MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.NOT_HELD, MeetingState.MOVED)


@dataclass(frozen=True)
class Waiting:
    """How much waits besides requests, the first people of it, and whether there is anything here at all."""

    pending: int
    stuck_letters: int
    collisions: int  # of addresses, that a person decides about
    accounts: int
    advocates: int
    requests: int
    letters: Watched  # what the alarms look at
    people: Sequence[tuple[Advocate, str | None]]  # with the name of who nominated them

    @property
    def is_new(self) -> bool:
        """Nothing was imported yet, nobody is known, nothing was asked for."""
        return not (self.accounts or self.advocates or self.requests)


def waiting(session: Session) -> Waiting:
    """One statement: the numbers stand on every row, and there is always one."""
    pending = select(func.count()).where(Advocate.state == Standing.PENDING)
    seen = Letter.kind.not_in(HIDDEN)  # what the list behind the number shows
    few = select(Letter.id).where(text(NEEDS_A_PERSON), seen).limit(MOST_COUNTED).subquery()
    stuck = select(func.count()).select_from(few)
    unresolved = select(func.count(AddressCollision.id)).where(AddressCollision.settled_at.is_(None))
    letters = alarms.watched(utc_now(), alarms.today(session))
    any_of = (
        select(func.count()).select_from(select(model.id).limit(1).subquery())
        for model in (Account, Advocate, ReferenceRequest)
    )
    first = select(Advocate.id).where(Advocate.state == Standing.PENDING)
    first = first.order_by(Advocate.created_at, Advocate.id).limit(FEW)
    always = select(literal(1)).subquery()
    rows = session.execute(
        select(
            *(one.scalar_subquery() for one in (pending, stuck, unresolved, *any_of)),
            *letters,
            Advocate,
            Membership.name,
        )
        .select_from(always)
        .outerjoin(Advocate, Advocate.id.in_(first))
        .outerjoin(Membership, Membership.id == Advocate.nominated_by_id)
        .options(joinedload(Advocate.account))
        .order_by(Advocate.created_at, Advocate.id)
    ).all()
    people = [(person, by) for *_, person, by in rows if person is not None]
    return Waiting(*rows[0][:6], letters=Watched(*rows[0][6 : 6 + len(letters)]), people=people)


@dataclass(frozen=True)
class Pressing:
    """The first few requests that cannot wait, how many there are, and how many of them are late."""

    requests: Sequence[ReferenceRequest]
    total: int = 0
    late: int = 0
    fell_through: Mapping[UUID, int] = field(default_factory=dict)  # by request: asks that came to nothing


def pressing(session: Session, now: datetime, before: datetime) -> Pressing:
    """Requests that fall due before then, wait for a first answer or need somebody else to ask, the latest first."""
    late = func.count().filter(ReferenceRequest.due_at < now).over()
    over = select(func.count()).where(
        Ask.served_kind == ReferenceRequest.__tablename__,
        Ask.served_id == ReferenceRequest.id,
        Ask.state.in_(FELL_THROUGH),
    )
    again = and_(ReferenceRequest.state == State.MATCHING, over.scalar_subquery() > 0)
    due = or_(ReferenceRequest.due_at < before, ReferenceRequest.state == State.SUBMITTED, again)
    rows = session.execute(
        select(ReferenceRequest, func.count().over(), late, over.scalar_subquery())
        .options(joinedload(ReferenceRequest.requester))
        .where(ReferenceRequest.state.in_(RUNNING), ReferenceRequest.waiting_since.is_(None), due)
        .order_by(ReferenceRequest.due_at, ReferenceRequest.id)
        .limit(FEW)
    ).all()
    if not rows:
        return Pressing([])
    _first, total, late_ones, _over = rows[0]
    return Pressing([row[0] for row in rows], total, late_ones, {row[0].id: row[3] for row in rows})


def meetings_from(
    session: Session, moment: datetime, silent_since: datetime, most: int = 12
) -> list[tuple[Meeting, bool]]:
    """Agreed meetings from then on, the next first; before them (True) those that the desk must decide on: both
    sides have spoken and it is still open, or nobody has since that moment."""
    spoke = select(func.count()).where(
        MeetingAnswer.meeting_id == Meeting.id, MeetingAnswer.answered_at.is_not(None)
    )
    undecided = and_(
        Meeting.state == MeetingState.SCHEDULED,
        Meeting.asked_after_at.is_not(None),
        or_(Meeting.asked_after_at < silent_since, spoke.scalar_subquery() == len(Side)),
    )
    who = joinedload(Meeting.ask)
    rows = session.execute(
        select(Meeting, undecided)
        .options(who.joinedload(Ask.advocate), who.joinedload(Ask.account), joinedload(Meeting.request))
        .where(or_(and_(Meeting.starts_at >= moment, Meeting.state.in_(TODAYS)), undecided))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most + FEW)
    )
    return [(meeting, bool(is_open)) for meeting, is_open in rows]


def overdrawn(session: Session, today: date) -> Sequence[Ask]:
    """Newest first: the asks by which somebody gave a person more than the budget, while that person still rests."""
    past = select(HistoryEntry.subject_id).where(
        HistoryEntry.what == BUDGET_OVERRIDDEN, HistoryEntry.created_at >= utc_now() - STILL_FULL
    )
    return session.scalars(
        select(Ask)
        .join(Ask.advocate)
        .options(contains_eager(Ask.advocate).joinedload(Advocate.account))
        .where(Ask.id.in_(past), Advocate.free_from > today)
        .order_by(Ask.sent_at.desc(), Ask.id)
        .limit(FEW)
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
