"""Asks many people the same, in one transaction: each is decided as by `propose` and `send` of actions.py.

A batch takes a handful of statements, however many people are in it. Whoever is refused gets no row.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Insert, bindparam, func, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal import history, outbox
from portal.accounts.models import Account
from portal.advocates.asked_person import Askable, AskedPerson
from portal.asks import advocate_activity, budgets, calendar_days, queries
from portal.asks.conflicts import CompanyConflict, company_conflicts
from portal.asks.locked_people import LockedPeople, companies_of, lock_people
from portal.asks.models import LIFECYCLE, Ask, AskKind, AskMove, AsksSent
from portal.asks.new_ask import new_ask
from portal.asks.policies import AskRules, AskWeight, BudgetWindow, ask_rules
from portal.asks.refusals import already_asked, budget_full, due_day_too_late, not_eligible
from portal.declarations import program_switches
from portal.errors import DomainError
from portal.id_arrays import joined, named_array
from portal.lifecycle import new_in_state
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership

ASKS = Ask.metadata.tables[Ask.__tablename__]
ALIKE = (
    *("kind", "minutes", "attention_minutes", "why_you"),
    *("subject_type", "subject_id", "helps_name", "helps_name_norm"),
)


Companies = Mapping[UUID, Account]
Ties = Mapping[UUID, CompanyConflict]
OwnRefusals = Callable[
    [Session, LockedPeople], Mapping[UUID, DomainError]
]  # of whoever asks, under the locks


def nobody_is_refused(session: Session, locked: LockedPeople) -> Mapping[UUID, DomainError]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What all of them are asked; see `propose` of actions.py. `refusals` come before those of the ledger."""

    kind: AskKind
    subject: TenantOwned
    due_on: Callable[[Askable], date]
    minutes: int | None = None
    attention_minutes: int | None = None
    helps_name: str = ""
    why: str = ""
    refusals: OwnRefusals = nobody_is_refused


@dataclass(frozen=True)
class ProposedAsk:
    id: UUID
    advocate: AskedPerson
    due_on: date


@dataclass
class AskBatch:
    """Asks of one transaction; until it ends, companies and people stay locked. People stand in the order given."""

    ask: Ask  # as all of them are, of nobody
    locked: LockedPeople
    proposed: list[ProposedAsk] = field(default_factory=list)
    sent: list[ProposedAsk] = field(default_factory=list)
    refused: dict[UUID, DomainError] = field(default_factory=dict)  # person -> the first reason

    def not_refused_of(self, ids: Collection[UUID]) -> list[AskedPerson]:
        known = self.locked.people
        return [known[one] for one in dict.fromkeys(ids) if one in known and one not in self.refused]


def propose_many(session: Session, proposal: Proposal, advocate_ids: Collection[UUID]) -> AskBatch:
    """Lock them all, and propose it to everybody who is not being asked for this; named twice, they are asked once.

    Nothing is written before `send_many`.
    """
    subject = proposal.subject
    program_switches.require_on(session, subject.__tablename__)
    batch = AskBatch(_ask_of(session, proposal), lock_people(session, advocate_ids))
    batch.refused.update(proposal.refusals(session, batch.locked))
    asked = queries.with_open_ask(session, advocate_ids, subject.__tablename__, subject.id)
    today = calendar_days.today(session)
    for advocate in batch.not_refused_of(advocate_ids):
        due_on = proposal.due_on(advocate)
        refusal = due_day_too_late(due_on, today)
        refusal = refusal or (already_asked(advocate) if advocate.id in asked else None)
        if refusal:
            batch.refused[advocate.id] = refusal
        else:
            batch.proposed.append(ProposedAsk(uuid7(), advocate, due_on))
    return batch


def _ask_of(session: Session, given: Proposal) -> Ask:
    return new_ask(
        session,
        given.kind,
        given.subject,
        given.minutes,
        given.attention_minutes,
        helps_name=given.helps_name,
        why=given.why,
    )


def send_many(session: Session, batch: AskBatch, by: Membership | None) -> None:
    """Send those that fit; `batch.refused` says of the others why not. No budget is overridden for many."""
    candidates = _eligible(session, batch)
    weight = ask_rules(session).weight_of(batch.ask.kind, batch.ask.minutes, batch.ask.attention_minutes)
    for turn in _turns(weight, candidates):
        batch.sent += _send(session, batch, turn, by)
    if batch.sent:
        outbox.publish(session, AsksSent(tuple(one.id for one in batch.sent)))


def _eligible(session: Session, batch: AskBatch) -> list[ProposedAsk]:
    ask, rules = batch.ask, ask_rules(session)
    companies, ties = _companies(session, batch, rules)
    for person in (one.advocate for one in batch.proposed):
        account = companies.get(person.account_id) if person.account_id else None
        tied = ties.get(account.id) if account else None
        has_opted_out = batch.locked.is_opted_out(person, ask.kind.purpose)
        if refusal := not_eligible(ask, person, account, rules, tied, has_opted_out=has_opted_out):
            batch.refused[person.id] = refusal
    return [one for one in batch.proposed if one.advocate.id not in batch.refused]


def _companies(session: Session, batch: AskBatch, rules: AskRules) -> tuple[Companies, Ties]:
    """Read only where the kind of ask or whom it helps makes a difference."""
    ties = company_conflicts(session, batch.locked.companies, batch.ask.helps_name_norm)
    which = batch.locked.companies if rules.of(batch.ask.kind).pauses_with_account else ties
    return companies_of(session, which), ties


def _turns(weight: AskWeight, asks: Sequence[ProposedAsk]) -> Iterator[Sequence[ProposedAsk]]:
    """Colleagues take turns where a company has a window: the budget of each counts those who came before."""
    if BudgetWindow.ACCOUNT not in weight.windows:
        yield asks
        return
    turns: defaultdict[int, list[ProposedAsk]] = defaultdict(list)
    seen: defaultdict[UUID, int] = defaultdict(int)
    for one in asks:
        company = one.advocate.account_id or one.advocate.id
        turns[seen[company]].append(one)
        seen[company] += 1
    yield from turns.values()


def _send(
    session: Session, batch: AskBatch, asks: Sequence[ProposedAsk], by: Membership | None
) -> list[ProposedAsk]:
    full = budgets.full_budgets(session, [one.advocate.id for one in asks], batch.ask)
    for one in asks:
        if one.advocate.id in full:
            batch.refused[one.advocate.id] = budget_full(one.advocate, full[one.advocate.id])
    sent, at = [one for one in asks if one.advocate.id not in full], utc_now()
    if sent:
        _write(session, batch.ask, sent, by, at)
        advocate_activity.record_asks_sent(session, [one.advocate.id for one in sent], at)
    return sent


def _write(
    session: Session, alike: Ask, asks: Sequence[ProposedAsk], by: Membership | None, at: datetime
) -> None:
    """Proposed and sent in one moment."""
    shared = {name: getattr(alike, name) for name in ALIKE}
    shared |= {"tenant_id": tenant_of(session), "sent_by_id": by.id if by else None}
    shared |= new_in_state(Ask, AskMove.SEND, at=at)
    session.execute(_new_asks(tuple(shared)), shared | _unfolded(asks))
    history.record_many(
        session, Ask.__tablename__, [one.id for one in asks], LIFECYCLE.actions[AskMove.SEND], by=by
    )


@cache
def _new_asks(shared: tuple[str, ...]) -> Insert:
    """Building it takes longer than running it."""
    given = func.unnest(
        *map(named_array, ("ids", "people", "companies")), bindparam("days", type_=ARRAY(Date))
    )
    each = given.table_valued("id", "advocate_id", "account_id", "due_on").render_derived()
    alike = (bindparam(name, type_=ASKS.columns[name].type) for name in shared)
    return insert(ASKS).from_select([*each.columns.keys(), *shared], select(*each.columns, *alike))


def _unfolded(asks: Sequence[ProposedAsk]) -> dict[str, Any]:
    return {
        "ids": joined(one.id for one in asks),
        "people": joined(one.advocate.id for one in asks),
        "companies": joined(one.advocate.account_id for one in asks),
        "days": [one.due_on for one in asks],
    }
