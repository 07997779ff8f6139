"""Reading the ledger."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, bindparam, exists, inspect, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.locked_people import lock_asks
from portal.asks.models import TALKS, Ask, AskState
from portal.errors import NotFound
from portal.id_arrays import is_in, is_one_of, joined
from portal.outreach.ask_emails import is_asking_email, leaving_time
from portal.outreach.models import Email, EmailState
from portal.paging import KeysetPage, paginate
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership

LockedRow = TypeVar("LockedRow", bound=TenantOwned)
OPEN_ASK_STATES = (AskState.PROPOSED, AskState.SENT, AskState.ACCEPTED)
ASKED_STATES = (AskState.SENT, AskState.ACCEPTED)  # the person knows of it, and it is not over
BEING_ASKED = select(Ask.advocate_id).where(
    Ask.advocate_id == is_in("ids"),
    Ask.subject_type.is_not_distinct_from(bindparam("subject_type", type_=Text())),
    Ask.subject_id.is_not_distinct_from(bindparam("subject_id", type_=Uuid())),
    Ask.state.in_(OPEN_ASK_STATES),
)
HIDDEN_FOR = timedelta(days=30)  # after a person hid an ask from the own list
NEWS_TAKES_AT_MOST = timedelta(days=1)  # from an email's leaving until the ask knows it


def get(session: Session, ask_id: UUID) -> Ask:
    return _found(session.scalar(_ask_with_people().where(Ask.id == ask_id)))


def get_and_lock_ask(session: Session, ask_id: UUID) -> Ask:
    ask = get(session, ask_id)
    lock_ask(session, ask)
    return ask


# The order of locks, everywhere: request, company, person, ask, call. What is taken together of one kind is taken in
# the order of the ids. So nobody waits in a circle. An ask and a call belong to one request: whoever has locked it
# meets nobody else at them.


def lock_ask(session: Session, ask: Ask) -> tuple[Account | None, Advocate]:
    """Lock the company, then the person, then the ask, and refresh all three.

    The caller has locked the request, or locks none.
    """
    account = _lock_row(session, Account, ask.account_id) if ask.account_id else None
    advocate = _lock_row(session, Advocate, ask.advocate_id)
    _lock_row(session, Ask, ask.id)
    return account, advocate


def lock_people_and_companies(session: Session, asks: Collection[Ask]) -> None:
    """Lock all companies, then all people, before an act that touches several asks."""
    _lock_rows(session, Account, (ask.account_id for ask in asks))
    _lock_rows(session, Advocate, (ask.advocate_id for ask in asks))


def _lock_rows(session: Session, kind: type[LockedRow], ids: Iterable[UUID | None]) -> None:
    for row_id in sorted({one for one in ids if one is not None}):
        _lock_row(session, kind, row_id)


def lock_person_and_company(session: Session, advocate: Advocate) -> None:
    if advocate.account_id:
        _lock_row(session, Account, advocate.account_id)
    _lock_row(session, Advocate, advocate.id)


def _lock_row(session: Session, kind: type[LockedRow], row_id: UUID) -> LockedRow:
    """Weaker than FOR UPDATE by one point: rows that refer to this one may still be written."""
    row = session.get_one(kind, (tenant_of(session), row_id))
    columns = [column.key for column in inspect(kind).column_attrs]
    session.refresh(row, columns, with_for_update={"key_share": True})
    return row


def _ask_with_people() -> Select[Ask]:
    people = joinedload(Ask.advocate).joinedload(Advocate.account)
    return select(Ask).options(people, joinedload(Ask.account), joinedload(Ask.sent_by))


def _found(ask: Ask | None) -> Ask:
    if ask is None:
        raise NotFound("We couldn’t find this request.")
    return ask


def has_open_ask(session: Session, advocate_id: UUID, subject_type: str, subject_id: UUID) -> bool:
    return advocate_id in with_open_ask(session, [advocate_id], subject_type, subject_id)


def with_open_ask(
    session: Session, advocate_ids: Collection[UUID], subject_type: str, subject_id: UUID
) -> set[UUID]:
    """Those of them who are being asked for this.

    The record is compared in a way that no index serves, so that the few asks of each person are read, and not the
    very many of a record that is asked of everybody.
    """
    given = {"ids": joined(advocate_ids), "subject_type": subject_type, "subject_id": subject_id}
    return set(session.scalars(BEING_ASKED, given))


def of_batch(session: Session, ask_ids: Collection[UUID]) -> Sequence[Ask]:
    mine = _ask_with_people().where(Ask.id == is_one_of(ask_ids))
    return session.scalars(mine.order_by(Ask.id)).all()


def get_and_lock_batch(session: Session, ask_ids: Collection[UUID]) -> Sequence[Ask]:
    """As they are under the locks, in a handful of statements."""
    lock_asks(session, ask_ids)
    mine = _ask_with_people().where(Ask.id == is_one_of(ask_ids)).order_by(Ask.id)
    return session.scalars(mine, execution_options={"populate_existing": True}).all()


def people_asked(session: Session, ask_ids: Collection[UUID]) -> Sequence[UUID]:
    return session.scalars(select(Ask.advocate_id).where(Ask.id == is_one_of(ask_ids))).all()


def companies_asked_for_talks(session: Session, ask_ids: Collection[UUID]) -> Sequence[UUID]:
    mine = Ask.id == is_one_of(ask_ids)
    companies = select(Ask.account_id).where(mine, Ask.kind.in_(TALKS), Ask.account_id.is_not(None))
    return [one for one in session.scalars(companies.distinct()) if one is not None]


def overdue_asks(session: Session, today: date, most: int) -> Sequence[Ask]:
    late = select(Ask).where(Ask.state == AskState.SENT, Ask.due_on < today, ~_is_just_being_emailed())
    ordered = late.order_by(Ask.due_on, Ask.advocate_id, Ask.id).limit(most)
    return session.scalars(ordered.options(joinedload(Ask.advocate))).all()


def _is_just_being_emailed() -> ColumnElement[bool]:
    """Its email is being sent, or what follows from the email's leaving is not written down yet."""
    at = leaving_time()
    begins = and_(at > utc_now() - NEWS_TAKES_AT_MOST, at.is_distinct_from(Ask.emailed_at))
    asking_email = (Email.subject_type == Ask.__tablename__, Email.subject_id == Ask.id, is_asking_email())
    return exists().where(
        *asking_email, or_(Email.state.in_((EmailState.QUEUED, EmailState.SENDING)), begins)
    )


def open_asks(session: Session, advocate_id: UUID) -> Sequence[Ask]:
    asks = _ask_with_people().where(Ask.advocate_id == advocate_id, Ask.state.in_(OPEN_ASK_STATES))
    return session.scalars(asks.order_by(Ask.id)).all()


def advocate_of(session: Session, member: Membership) -> Advocate:
    advocate = session.scalar(select(Advocate).where(Advocate.membership_id == member.id))
    if advocate is None:
        raise NotFound("We couldn’t find this page.")
    return advocate


def asks_for_advocate(session: Session, advocate: Advocate) -> Sequence[Ask]:
    asks = _ask_with_people().where(
        Ask.advocate_id == advocate.id, Ask.state.in_(ASKED_STATES), _is_not_hidden()
    )
    return session.scalars(asks.order_by(Ask.state.desc(), Ask.due_on, Ask.id).limit(50)).all()


def _is_not_hidden() -> ColumnElement[bool]:
    """What was agreed to is always shown."""
    long_ago = Ask.dismissed_at <= utc_now() - HIDDEN_FOR
    return or_(Ask.dismissed_at.is_(None), long_ago, Ask.state != AskState.SENT)


def past_asks(session: Session, advocate: Advocate, cursor: str | None) -> KeysetPage[Ask]:
    over = _ask_with_people().where(
        Ask.advocate_id == advocate.id, Ask.state.not_in(OPEN_ASK_STATES), Ask.sent_at.is_not(None)
    )
    return paginate(session, over, key=(Ask.sent_at, Ask.id), cursor=cursor, size=10, descending=True)
