"""What the home pages read: a few rows each, whatever the size of the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    Uuid,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager

from portal.accounts.models import Account
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState
from portal.asks.history_actions import AskAction
from portal.asks.models import Ask
from portal.campaigns.queries import troubled_campaigns, waiting_campaigns
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.declarations.home import Questions
from portal.declarations.programs import PROGRAMS
from portal.history import HistoryEntry
from portal.outreach.messages import alarms
from portal.outreach.messages.alarms import MailHealth
from portal.outreach.messages.queries import MAX_COUNTED
from portal.outreach.models import NEEDS_ATTENTION, Email
from portal.workspace.models import AddressCollision
from tenants.clock import utc_now
from tenants.models import Membership
from tenants.rows_at_once import JsonRows, as_json

LONGEST_WINDOW = timedelta(days=90)  # the longest window but the year's
ROWS_SHOWN = 5  # rows of one kind; the list they come from has them all


@dataclass(frozen=True)
class PendingWork:
    """How much waits besides requests, the first people of it, and whether there is anything here at all."""

    pending: int
    stuck_emails: int
    collisions: int  # of addresses, that a person decides about
    approvals: Sequence[dict[str, Any]]  # campaigns that wait for a second person
    troubled: Sequence[dict[str, Any]]  # campaigns that a worker could not go on with
    is_new: bool  # nothing was imported yet, nobody is known, no program has a record
    emails: MailHealth  # what the alarms look at
    people: Sequence[tuple[Advocate, str | None]]  # with the name of who nominated them
    over_budget: Sequence[Ask] = ()  # the latest that an override let through
    answers: Sequence[JsonRows] = ()  # to the questions of programs, in their order


def pending_work(session: Session, today: date, questions: Questions = ()) -> PendingWork:
    """With what programs ask, in the same statement."""
    pending = select(func.count()).where(Advocate.state == AdvocateState.PENDING)
    seen = Email.kind.not_in(EMAIL_KINDS.hidden_from_staff)  # what the list behind the number shows
    few = select(Email.id).where(text(NEEDS_ATTENTION), seen).limit(MAX_COUNTED).subquery()
    stuck = select(func.count()).select_from(few)
    unresolved = select(func.count(AddressCollision.id)).where(AddressCollision.resolved_at.is_(None))
    emails = alarms.mail_health_columns(utc_now(), alarms.today(session))
    models: list[Any] = [Account, Advocate, *(program.subject for program in PROGRAMS)]
    is_new = not_(or_(*(exists(select(model.id)) for model in models)))
    counts = (one.scalar_subquery() for one in (pending, stuck, unresolved))
    columns = [*counts, is_new, waiting_campaigns(), troubled_campaigns()]
    columns += [*emails, *(as_json(question) for question in questions)]
    rows = session.execute(_with_people(columns, today)).all()
    people = [(person, by) for *_, person, by, ask in rows if person is not None and ask is None]
    first_answer = 6 + len(emails)
    pending_people, stuck_emails, collisions, nobody_here, approvals, troubled = rows[0][:6]
    return PendingWork(
        pending=pending_people,
        stuck_emails=stuck_emails,
        collisions=collisions,
        approvals=approvals or (),
        troubled=troubled or (),
        is_new=nobody_here,
        emails=MailHealth(*rows[0][6:first_answer]),
        answers=rows[0][first_answer : first_answer + len(questions)],
        people=people,
        over_budget=[row[-1] for row in rows if row[-1] is not None],
    )


def _with_people(columns: Sequence[Any], today: date) -> Select[Any]:
    """In one statement: at least one row, and one for each person or ask that is shown."""
    kinds = (_first_pending().subquery(), _over_budget(today).subquery())
    shown = union_all(*(select(kind) for kind in kinds)).subquery()
    always = select(literal(1)).subquery()
    rows: Select[Any] = select(*columns, Advocate, Membership.name, Ask).select_from(always)
    rows = rows.outerjoin(shown, true()).outerjoin(Advocate, Advocate.id == shown.c.advocate_id)
    rows = rows.outerjoin(Membership, Membership.id == Advocate.nominated_by_id)
    rows = rows.outerjoin(Ask, Ask.id == shown.c.ask_id).outerjoin(Advocate.account)
    rows = rows.options(contains_eager(Advocate.account), contains_eager(Ask.advocate))
    return rows.order_by(Ask.sent_at.desc(), Advocate.created_at, Advocate.id)


def _first_pending() -> Select[UUID, UUID]:
    """Advocates, and no ask."""
    first = select(Advocate.id.label("advocate_id"), cast(null(), Uuid).label("ask_id"))
    first = first.where(Advocate.state == AdvocateState.PENDING)
    return first.order_by(Advocate.created_at, Advocate.id).limit(ROWS_SHOWN)


def _over_budget(today: date) -> Select[UUID, UUID]:
    """Asks that somebody sent past the limits, of people who are not free again yet."""
    past = select(HistoryEntry.subject_id).where(
        HistoryEntry.action == AskAction.BUDGET_OVERRIDDEN,
        HistoryEntry.created_at >= utc_now() - LONGEST_WINDOW,
    )
    asks = select(Ask.advocate_id, Ask.id.label("ask_id")).join(Ask.advocate)
    asks = asks.where(Ask.id.in_(past), Advocate.available_from > today)
    return asks.order_by(Ask.sent_at.desc(), Ask.id).limit(ROWS_SHOWN)


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
