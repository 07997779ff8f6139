"""Locks many people and their companies, each kind in the order of its ids, and reads what a decision needs."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.asked_person import COLUMNS, AskedPerson
from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.id_arrays import any_of, is_in, is_one_of, joined
from portal.outreach.suppressions.blocking import ReasonAndPurpose
from portal.outreach.suppressions.queries import active_suppressions, is_opted_out
from tenants.email_addresses import normalize_email

LOCKED_SINCE = "people are locked since"  # where a session keeps it, for whoever bounds the time


def _locked_companies(which: ColumnElement[bool], *, nowait: bool = False) -> Select[UUID]:
    return select(Account.id).where(which).order_by(Account.id).with_for_update(key_share=True, nowait=nowait)


THESE = Advocate.id == is_in("ids")
COMPANIES = _locked_companies(Account.id == any_of(select(Advocate.account_id).where(THESE)))
PEOPLE = select(*COLUMNS).where(THESE).order_by(Advocate.id).with_for_update(key_share=True)


@dataclass(frozen=True)
class LockedPeople:
    people: Mapping[UUID, AskedPerson]
    companies: Collection[UUID]
    suppressed: Mapping[str, Sequence[ReasonAndPurpose]]  # addresses, normalized, and what holds for them

    def is_opted_out(self, person: AskedPerson, purpose: str) -> bool:
        return is_opted_out(self.suppressed.get(normalize_email(person.email), ()), purpose)


def lock_people(session: Session, ids: Collection[UUID]) -> LockedPeople:
    """All companies before all people, as everywhere (portal/asks/queries.py).

    Whoever moved to another company in between brings it along; it is taken only if nobody else has it, since
    waiting for it could be in a circle.
    """
    session.info.setdefault(LOCKED_SINCE, time.monotonic())
    given = {"ids": joined(ids)}
    companies = set(session.scalars(COMPANIES, given))
    people = [AskedPerson(*row) for row in session.execute(PEOPLE, given)]
    if moved := {one.account_id for one in people if one.account_id} - companies:
        companies |= set(session.scalars(_locked_companies(Account.id == is_one_of(moved), nowait=True)))
    suppressed = active_suppressions(session, [person.email for person in people])
    return LockedPeople({person.id: person for person in people}, companies, suppressed)


def lock_asks(session: Session, ask_ids: Collection[UUID]) -> None:
    """All their companies, then all their people, then the asks themselves."""
    these = Ask.id == is_one_of(ask_ids)
    session.execute(_locked_companies(Account.id == any_of(select(Ask.account_id).where(these)))).all()
    people = select(Advocate.id).where(Advocate.id == any_of(select(Ask.advocate_id).where(these)))
    for rows in (people.order_by(Advocate.id), select(Ask.id).where(these).order_by(Ask.id)):
        session.execute(rows.with_for_update(key_share=True)).all()


def companies_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Account]:
    """As they are under the locks."""
    if not ids:
        return {}
    rows = select(Account).where(Account.id == is_one_of(ids))
    found = session.scalars(rows, execution_options={"populate_existing": True})
    return {account.id: account for account in found}
