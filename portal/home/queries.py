"""What the home pages read: a few rows each, whatever the size of the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, literal, not_, or_, select, text
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import Account
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState
from portal.asks.history_actions import AskAction
from portal.asks.models import Ask
from portal.campaigns.queries import waiting_campaigns
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.declarations.programs import PROGRAMS
from portal.history import HistoryEntry
from portal.outreach.messages import alarms
from portal.outreach.messages.alarms import MailHealth
from portal.outreach.messages.queries import MAX_COUNTED
from portal.outreach.models import NEEDS_ATTENTION, Email
from portal.workspace.models import AddressCollision
from tenants.clock import utc_now
from tenants.models import Membership

LONGEST_WINDOW = timedelta(days=90)  # the longest window but the year's
ROWS_SHOWN = 5  # rows of one kind; the list they come from has them all


@dataclass(frozen=True)
class PendingWork:
    """How much waits besides requests, the first people of it, and whether there is anything here at all."""

    pending: int
    stuck_emails: int
    collisions: int  # of addresses, that a person decides about
    approvals: Sequence[dict[str, Any]]  # campaigns that wait for a second person
    is_new: bool  # nothing was imported yet, nobody is known, no program has a record
    emails: MailHealth  # what the alarms look at
    people: Sequence[tuple[Advocate, str | None]]  # with the name of who nominated them


def pending_work(session: Session) -> PendingWork:
    pending = select(func.count()).where(Advocate.state == AdvocateState.PENDING)
    seen = Email.kind.not_in(EMAIL_KINDS.hidden_from_staff)  # what the list behind the number shows
    few = select(Email.id).where(text(NEEDS_ATTENTION), seen).limit(MAX_COUNTED).subquery()
    stuck = select(func.count()).select_from(few)
    unresolved = select(func.count(AddressCollision.id)).where(AddressCollision.resolved_at.is_(None))
    emails = alarms.mail_health_columns(utc_now(), alarms.today(session))
    models: list[Any] = [Account, Advocate, *(program.subject for program in PROGRAMS)]
    is_new = not_(or_(*(exists(select(model.id)) for model in models)))
    first = select(Advocate.id).where(Advocate.state == AdvocateState.PENDING)
    first = first.order_by(Advocate.created_at, Advocate.id).limit(ROWS_SHOWN)
    always = select(literal(1)).subquery()
    rows = session.execute(
        select(
            *(one.scalar_subquery() for one in (pending, stuck, unresolved)),
            waiting_campaigns(),
            is_new,
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
    first_row = rows[0]
    return PendingWork(
        *first_row[:3],
        approvals=first_row[3] or (),
        is_new=first_row[4],
        emails=MailHealth(*first_row[5 : 5 + len(emails)]),
        people=people,
    )


def over_budget_asks(session: Session, today: date) -> Sequence[Ask]:
    past = select(HistoryEntry.subject_id).where(
        HistoryEntry.action == AskAction.BUDGET_OVERRIDDEN,
        HistoryEntry.created_at >= utc_now() - LONGEST_WINDOW,
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
    people = select(func.count()).where(Advocate.account_id == Account.id, Advocate.state.in_(IN_PROGRAM))
    asked = select(func.max(Advocate.last_ask_at)).where(Advocate.account_id == Account.id)
    rows = session.execute(
        select(Account, people.scalar_subquery(), asked.scalar_subquery())
        .where(Account.owner_id == owner.id)
        .order_by(Account.renewal_on < today, Account.renewal_on.nulls_last(), Account.name_norm)
        .limit(most)
    )
    return [OwnedAccount(*row) for row in rows]
