"""What follows from asks: colleagues share one budget, and whoever leaves is asked nothing any more."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.each_row import for_each_row
from portal import outbox
from portal.advocates import address_change_queries
from portal.advocates.address_change_models import AddressChanged
from portal.advocates.models import AdvocateLeft
from portal.asks import actions, advocate_activity, answer_clock, queries
from portal.asks.answering import new_links
from portal.asks.labels import LEFT_PROGRAM
from portal.asks.models import Ask, AskSent, AsksSent, AsksWithdrawn, BudgetReleased
from portal.declarations.programs import PROGRAMS
from portal.id_arrays import is_one_of
from portal.outbox import Message
from portal.outreach.ask_emails import AskEmailsScheduled, leaves_at
from portal.outreach.models import Email
from tenants.database import tenant_session

PART = 100  # emails whose asks are locked at once


def refresh_colleagues(session: Session, message: AskSent | BudgetReleased) -> None:
    ask = queries.get(session, message.ask_id)
    if ask.account_id is not None:
        advocate_activity.refresh_company_available_from(session, ask.account_id)


def refresh_people_of_batch(session: Session, message: AsksSent | AsksWithdrawn) -> None:
    """Their free days for every kind of ask; and those of colleagues, for whom only talks count."""
    people = queries.people_asked(session, message.ask_ids)
    companies = queries.companies_asked_for_talks(session, message.ask_ids)
    advocate_activity.refresh_people_and_colleagues(session, people, companies)


def renew_links(session: Session, message: AddressChanged) -> None:
    change = address_change_queries.get(session, message.address_change_id)
    new_links.renew_links(session, change.advocate_id)


def withdraw_open_asks(session: Session, message: AdvocateLeft) -> None:
    for ask in queries.open_asks(session, message.advocate_id):
        actions.withdraw(session, ask, LEFT_PROGRAM)


def start_answer_clocks(session: Session, message: AskEmailsScheduled) -> None:
    """Of some of them; the next message takes the rest, so that nobody waits long for companies and people."""
    now, later = message.email_ids[:PART], message.email_ids[PART:]
    mine = (Email.id == is_one_of(now), Email.subject_type == Ask.__tablename__)
    emails = session.scalars(select(Email).where(*mine).order_by(Email.id)).all()
    asks = {ask.id: ask for ask in queries.get_and_lock_batch(session, _subjects(emails))}
    found = ((asks.get(email.subject_id), email) for email in emails if email.subject_id)
    clocks = [_emailed_ask(ask, email, at) for ask, email in found if ask and (at := leaves_at(email))]
    answer_clock.start(session, clocks)
    if later:
        outbox.publish(session, AskEmailsScheduled(later))


def _subjects(emails: Sequence[Email]) -> list[UUID]:
    return [email.subject_id for email in emails if email.subject_id]


def _emailed_ask(ask: Ask, email: Email, at: datetime) -> answer_clock.EmailedAsk:
    program = PROGRAMS.find_by_subject(ask.subject_type)
    own = program.due_day if program else None
    due_day = own or answer_clock.same_number_of_days
    return answer_clock.EmailedAsk(ask, at, email.sent_at is not None, due_day)


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
    AsksWithdrawn: refresh_people_of_batch,
    BudgetReleased: refresh_colleagues,
    AddressChanged: renew_links,
    AdvocateLeft: withdraw_open_asks,
    AskEmailsScheduled: start_answer_clocks,
}
