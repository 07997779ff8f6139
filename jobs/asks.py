"""What follows from asks: colleagues share one budget, and whoever leaves is asked nothing any more."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.each_row import for_each_row
from portal.advocates import address_change
from portal.advocates.address_change import AddressChanged
from portal.advocates.models import AdvocateLeft
from portal.asks import actions, advocate_activity, answer_clock, queries
from portal.asks.answering import new_links
from portal.asks.labels import LEFT_PROGRAM
from portal.asks.models import Ask, AskSent, AsksSent, BudgetReleased
from portal.declarations.programs import PROGRAMS
from portal.outbox import Message
from portal.outreach import ask_emails
from portal.outreach.ask_emails import AskEmailScheduled
from portal.outreach.models import Email
from tenants.database import tenant_session


def refresh_colleagues(session: Session, message: AskSent | BudgetReleased) -> None:
    ask = queries.get(session, message.ask_id)
    if ask.account_id is not None:
        advocate_activity.refresh_company_available_from(session, ask.account_id)


def refresh_people_of_batch(session: Session, message: AsksSent) -> None:
    """Their free days for every kind of ask; and those of colleagues, for whom only talks count."""
    people = queries.people_asked(session, message.ask_ids)
    companies = queries.companies_asked_for_talks(session, message.ask_ids)
    advocate_activity.refresh_people_and_colleagues(session, people, companies)


def renew_links(session: Session, message: AddressChanged) -> None:
    change = address_change.get(session, message.address_change_id)
    new_links.renew_links(session, change.advocate_id)


def withdraw_open_asks(session: Session, message: AdvocateLeft) -> None:
    for ask in queries.open_asks(session, message.advocate_id):
        actions.withdraw(session, ask, LEFT_PROGRAM)


def start_answer_clock(session: Session, message: AskEmailScheduled) -> None:
    email = session.scalars(select(Email).where(Email.id == message.email_id)).one()
    at = ask_emails.leaves_at(email)
    if at is None or email.subject_id is None or email.subject_type != Ask.__tablename__:
        return  # it waits; or it is about no ask, but a test of its words
    ask = queries.get(session, email.subject_id)
    program = PROGRAMS.find_by_subject(ask.subject_type)
    own = program.due_day if program else None
    due_day = own or answer_clock.same_number_of_days
    answer_clock.start(session, ask, at, due_day, has_left=email.sent_at is not None)


def expire_overdue(tenant_id: UUID) -> None:
    for_each_row(tenant_id, actions.overdue_asks, actions.expire)


def refresh_daily(tenant_id: UUID) -> None:
    after = _refresh_part(tenant_id, None)
    while after is not None:
        after = _refresh_part(tenant_id, after)


def _refresh_part(tenant_id: UUID, after: UUID | None) -> UUID | None:
    with tenant_session(tenant_id) as session:
        return advocate_activity.refresh_batch(session, after)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AskSent: refresh_colleagues,
    AsksSent: refresh_people_of_batch,
    BudgetReleased: refresh_colleagues,
    AddressChanged: renew_links,
    AdvocateLeft: withdraw_open_asks,
    AskEmailScheduled: start_answer_clock,
}
