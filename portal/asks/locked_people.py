"""Locks many people and their companies, each kind in the order of its ids, and reads what a decision needs."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.asked_person import COLUMNS, AskedPerson
from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.id_arrays import is_one_of

LOCKED_SINCE = "people are locked since"  # where a session keeps it, for whoever bounds the time


@dataclass(frozen=True)
class LockedPeople:
    people: Mapping[UUID, AskedPerson]
    companies: Collection[UUID]


def lock_people(session: Session, ids: Collection[UUID]) -> LockedPeople:
    """All companies before all people, as everywhere (portal/asks/queries.py).

    Whoever moved to another company in between brings it along; it is taken only if nobody else has it, since
    waiting for it could be in a circle.
    """
    session.info.setdefault(LOCKED_SINCE, time.monotonic())
    these = Advocate.id == is_one_of(ids)
    companies = _lock_companies(session, Account.id.in_(select(Advocate.account_id).where(these)))
    rows = select(*COLUMNS).where(these).order_by(Advocate.id).with_for_update(key_share=True)
    people = [AskedPerson(*row) for row in session.execute(rows)]
    if moved := {one.account_id for one in people if one.account_id} - companies:
        companies |= _lock_companies(session, Account.id == is_one_of(moved), nowait=True)
    return LockedPeople({person.id: person for person in people}, companies)


def lock_asks(session: Session, ask_ids: Collection[UUID]) -> None:
    """All their companies, then all their people, then the asks themselves."""
    these = Ask.id == is_one_of(ask_ids)
    _lock_companies(session, Account.id.in_(select(Ask.account_id).where(these)))
    people = select(Advocate.id).where(Advocate.id.in_(select(Ask.advocate_id).where(these)))
    for rows in (people.order_by(Advocate.id), select(Ask.id).where(these).order_by(Ask.id)):
        session.execute(rows.with_for_update(key_share=True)).all()


def _lock_companies(session: Session, which: ColumnElement[bool], *, nowait: bool = False) -> set[UUID]:
    rows = select(Account.id).where(which).order_by(Account.id)
    return set(session.scalars(rows.with_for_update(key_share=True, nowait=nowait)))


def companies_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Account]:
    """As they are under the locks."""
    if not ids:
        return {}
    rows = select(Account).where(Account.id == is_one_of(ids))
    found = session.scalars(rows, execution_options={"populate_existing": True})
    return {account.id: account for account in found}
