"""What the home pages read: a few rows each, whatever the size of the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select, text
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import Account
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState
from portal.asks.actions import BUDGET_OVERRIDDEN
from portal.asks.models import Ask, AskState
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.history import HistoryEntry
from portal.outreach.messages import alarms
from portal.outreach.messages.alarms import MailHealth
from portal.outreach.messages.queries import MAX_COUNTED
from portal.outreach.models import NEEDS_ATTENTION, Email
from portal.references.models import (
    Meeting,
    MeetingAnswer,
    MeetingState,
    ReferenceRequest,
    RequestState,
    Side,
)
from portal.references.queries import RUNNING
from portal.workspace.models import AddressCollision
from tenants.clock import utc_now
from tenants.models import Membership

LONGEST_WINDOW = timedelta(days=90)  # the longest window but the year's
ROWS_SHOWN = 5  # rows of one kind; the list they come from has them all
FAILED_STATES = (AskState.DECLINED, AskState.EXPIRED, AskState.WITHDRAWN, AskState.NOT_HELD)
SHOWN_MEETING_STATES = (MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.NOT_HELD, MeetingState.MOVED)


@dataclass(frozen=True)
class PendingWork:
    """How much waits besides requests, the first people of it, and whether there is anything here at all."""

    pending: int
    stuck_emails: int
    collisions: int  # of addresses, that a person decides about
    accounts: int
    advocates: int
    requests: int
    emails: MailHealth  # what the alarms look at
    people: Sequence[tuple[Advocate, str | None]]  # with the name of who nominated them

    @property
    def is_new(self) -> bool:
        """Nothing was imported yet, nobody is known, nothing was asked for."""
        return not (self.accounts or self.advocates or self.requests)


def pending_work(session: Session) -> PendingWork:
    """One statement: every row holds the numbers, and there is always one row."""
    pending = select(func.count()).where(Advocate.state == AdvocateState.PENDING)
    seen = Email.kind.not_in(EMAIL_KINDS.hidden_from_staff)  # what the list behind the number shows
    few = select(Email.id).where(text(NEEDS_ATTENTION), seen).limit(MAX_COUNTED).subquery()
    stuck = select(func.count()).select_from(few)
    unresolved = select(func.count(AddressCollision.id)).where(AddressCollision.resolved_at.is_(None))
    emails = alarms.mail_health_columns(utc_now(), alarms.today(session))
    any_of = (
        select(func.count()).select_from(select(model.id).limit(1).subquery())
        for model in (Account, Advocate, ReferenceRequest)
    )
    first = select(Advocate.id).where(Advocate.state == AdvocateState.PENDING)
    first = first.order_by(Advocate.created_at, Advocate.id).limit(ROWS_SHOWN)
    always = select(literal(1)).subquery()
    rows = session.execute(
        select(
            *(one.scalar_subquery() for one in (pending, stuck, unresolved, *any_of)),
            *emails,
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
    return PendingWork(*rows[0][:6], emails=MailHealth(*rows[0][6 : 6 + len(emails)]), people=people)


@dataclass(frozen=True)
class UrgentRequests:
    """The first few requests that cannot wait, how many there are, and how many of them are late."""

    requests: Sequence[ReferenceRequest]
    total: int = 0
    late: int = 0
    failed_asks: Mapping[UUID, int] = field(default_factory=dict)  # by request: asks that came to nothing


def urgent_requests(session: Session, now: datetime, before: datetime) -> UrgentRequests:
    """Requests that fall due before then, wait for a first answer or need somebody else to ask, the latest first."""
    late = func.count().filter(ReferenceRequest.due_at < now).over()
    over = select(func.count()).where(
        Ask.subject_type == ReferenceRequest.__tablename__,
        Ask.subject_id == ReferenceRequest.id,
        Ask.state.in_(FAILED_STATES),
    )
    again = and_(ReferenceRequest.state == RequestState.MATCHING, over.scalar_subquery() > 0)
    due = or_(ReferenceRequest.due_at < before, ReferenceRequest.state == RequestState.SUBMITTED, again)
    rows = session.execute(
        select(ReferenceRequest, func.count().over(), late, over.scalar_subquery())
        .options(joinedload(ReferenceRequest.requester))
        .where(ReferenceRequest.state.in_(RUNNING), ReferenceRequest.waiting_since.is_(None), due)
        .order_by(ReferenceRequest.due_at, ReferenceRequest.id)
        .limit(ROWS_SHOWN)
    ).all()
    if not rows:
        return UrgentRequests([])
    _first, total, late_ones, _over = rows[0]
    return UrgentRequests([row[0] for row in rows], total, late_ones, {row[0].id: row[3] for row in rows})


def meetings_from(
    session: Session, moment: datetime, silent_since: datetime, most: int = 12
) -> list[tuple[Meeting, bool]]:
    """Agreed meetings from then on, the next first; before them (True) those that a manager must decide on: both
    sides have spoken and it is still open, or nobody has since that moment."""
    spoke = select(func.count()).where(
        MeetingAnswer.meeting_id == Meeting.id, MeetingAnswer.answered_at.is_not(None)
    )
    undecided = and_(
        Meeting.state == MeetingState.SCHEDULED,
        Meeting.feedback_asked_at.is_not(None),
        or_(Meeting.feedback_asked_at < silent_since, spoke.scalar_subquery() == len(Side)),
    )
    who = joinedload(Meeting.ask)
    rows = session.execute(
        select(Meeting, undecided)
        .options(who.joinedload(Ask.advocate), who.joinedload(Ask.account), joinedload(Meeting.request))
        .where(or_(and_(Meeting.starts_at >= moment, Meeting.state.in_(SHOWN_MEETING_STATES)), undecided))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most + ROWS_SHOWN)
    )
    return [(meeting, bool(is_open)) for meeting, is_open in rows]


def over_budget_asks(session: Session, today: date) -> Sequence[Ask]:
    """Newest first: the asks by which somebody gave a person more than the budget, while that person still rests."""
    past = select(HistoryEntry.subject_id).where(
        HistoryEntry.action == BUDGET_OVERRIDDEN, HistoryEntry.created_at >= utc_now() - LONGEST_WINDOW
    )
    return session.scalars(
        select(Ask)
        .join(Ask.advocate)
        .options(contains_eager(Ask.advocate).joinedload(Advocate.account))
        .where(Ask.id.in_(past), Advocate.available_from > today)
        .order_by(Ask.sent_at.desc(), Ask.id)
        .limit(ROWS_SHOWN)
    ).all()


@dataclass(frozen=True)
class OwnedAccount:
    """One of an owner's accounts, with its people in the program."""

    account: Account
    enrolled: int
    last_ask_at: datetime | None


def owned_accounts(
    session: Session, owner: Membership, today: date, most: int = 25
) -> Sequence[OwnedAccount]:
    """The accounts somebody looks after: the next renewal first."""
    people = select(func.count()).where(Advocate.account_id == Account.id, Advocate.state.in_(IN_PROGRAM))
    asked = select(func.max(Advocate.last_ask_at)).where(Advocate.account_id == Account.id)
    rows = session.execute(
        select(Account, people.scalar_subquery(), asked.scalar_subquery())
        .where(Account.owner_id == owner.id)
        .order_by(Account.renewal_on < today, Account.renewal_on.nulls_last(), Account.name_norm)
        .limit(most)
    )
    return [OwnedAccount(*row) for row in rows]
