"""Asking many at once: the same people, the same refusals and the same rows as asking one after the other."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Health
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.asks import actions, calendar_days
from portal.asks.ask_many import Proposal, propose_many, send_many
from portal.asks.models import Ask, AskKind, AskSent, AsksSent, AskState
from portal.asks.policies import ask_rules
from portal.errors import DomainError
from portal.history import HistoryEntry
from portal.outbox import Envelope
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from portal.references.models import ReferenceRequest
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.asks.budget_by_hand import Past, pasts
from tests.asks.test_concurrency import at_once
from tests.fixture_types import Jobs
from tests.lock_order import begin_again
from tests.waiting import eventually
from tests.world import World

KINDS = (AskKind.CALL, AskKind.QUOTE, AskKind.REVIEW, AskKind.EVENT, AskKind.SURVEY)
COMPANIES = 3  # healthy; unwell and close to its renewal; the prospect's own
OF_THEIR_OWN = {"id", "created_at", "sent_at"}  # what two rows never share


@dataclass(frozen=True)
class Person:
    """Somebody to ask; `company`: the place of theirs among three, none above."""

    state: AdvocateState
    consents: frozenset[str]
    is_willing: bool
    company: int
    limit_calls: int | None
    is_opted_out: bool
    is_being_asked: bool
    days_to_answer: int
    past: list[Past] = field(default_factory=list)


def often(usual: Any, rare: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), st.just(rare))


def people() -> st.SearchStrategy[list[Person]]:
    everything = frozenset(purpose.value for purpose in ConsentPurpose)
    person = st.builds(
        Person,
        state=often(AdvocateState.ENROLLED, AdvocateState.PAUSED),
        consents=often(everything, frozenset({"calls"})),
        is_willing=often(True, False),
        company=st.integers(0, COMPANIES),
        limit_calls=st.sampled_from([None, 1]),
        is_opted_out=often(False, True),
        is_being_asked=often(False, True),
        days_to_answer=often(7, 120),
        past=st.lists(pasts(), max_size=4),
    )
    return st.lists(person, min_size=1, max_size=8)


@dataclass
class Town:
    """Those people, in rows; nothing of it is kept."""

    session: Session
    request: ReferenceRequest
    manager: Membership
    ids: list[UUID] = field(default_factory=list)
    days: dict[UUID, int] = field(default_factory=dict)

    def proposal(self, kind: AskKind) -> Proposal:
        today = calendar_days.today(self.session)
        return Proposal(
            kind=kind,
            subject=self.request,
            due_on=lambda person: today + timedelta(days=self.days[person.id]),
        )

    def settle(self, given: list[Person], kind: AskKind) -> None:
        companies = self._companies()
        for number, person in enumerate(given):
            self._settle_one(person, number, companies, kind)

    def _companies(self) -> list[Account | None]:
        today = calendar_days.today(self.session)
        ailing = {"health": Health.RED, "renewal_on": today + timedelta(days=3)}
        given: list[dict[str, Any]] = [{"name": "Corvid"}, {"name": "Ailing"} | ailing, {"name": "Initech"}]
        rows = [Account(**each, name_norm=each["name"].casefold()) for each in given]
        self.session.add_all(rows)
        self.session.flush()
        return [*rows, None]

    def _settle_one(self, given: Person, number: int, companies: list[Account | None], kind: AskKind) -> None:
        account, address = companies[given.company], f"p{number}@customer.example"
        person = Advocate(
            email=address, email_norm=address, first_name="Ada", last_name=f"No{number}", state=given.state,
            consents=sorted(given.consents), limit_calls=given.limit_calls, time_zone="Asia/Tokyo",
            accepted_ask_kinds=[each.value for each in AskKind] if given.is_willing else [],
            account_id=account.id if account else None, enrolled_at=utc_now(),
            paused_at=None if given.state is AdvocateState.ENROLLED else utc_now(),
        )  # fmt: skip
        self.session.add(person)
        self.session.flush()
        self.ids.append(person.id)
        self.days[person.id] = given.days_to_answer
        rules = ask_rules(self.session)
        self.session.add_all(past.row(person, rules.zone, rules.today) for past in given.past)
        if given.is_being_asked:
            begin_again(self.session)
            actions.propose(self.session, kind, person, self.request, rules.today)
        if given.is_opted_out:
            suppress(self.session, address, SuppressionReason.OPTED_OUT)

    def one_by_one(self, kind: AskKind) -> dict[UUID, tuple[type, str]]:
        refused, how = {}, self.proposal(kind)
        for advocate_id in self.ids:
            begin_again(self.session)
            person = self.session.scalars(select(Advocate).where(Advocate.id == advocate_id)).one()
            try:
                with self.session.begin_nested():
                    ask = actions.propose(self.session, kind, person, self.request, how.due_on(person))
                    actions.send(self.session, ask, self.manager)
            except DomainError as refusal:
                refused[advocate_id] = (type(refusal), str(refusal))
        return refused

    def all_at_once(self, kind: AskKind) -> dict[UUID, tuple[type, str]]:
        begin_again(self.session)
        batch = propose_many(self.session, self.proposal(kind), self.ids)
        send_many(self.session, batch, self.manager)
        return {who: (type(refusal), str(refusal)) for who, refusal in batch.refused.items()}

    def rows(self) -> list[object]:
        """All that asking writes, but for ids and moments."""
        self.session.flush()
        self.session.expire_all()
        asks = self.session.scalars(select(Ask).where(Ask.subject_id == self.request.id)).all()
        by_id = {ask.id: ask.advocate_id for ask in asks}
        lines = self.session.scalars(select(HistoryEntry).where(HistoryEntry.subject_id.in_(by_id)))
        advocates = self.session.scalars(select(Advocate).where(Advocate.id.in_(self.ids)))
        return [
            sorted((str(self._columns(ask)), ask.sent_at is None) for ask in asks),
            sorted(
                (str(by_id[line.subject_id]), line.subject_type, line.action, line.by_name, str(line.by_id),
                 str(line.detail)) for line in lines
            ),
            sorted(
                (str(each.id), str(each.available_from), each.last_ask_at is None, each.version)
                for each in advocates
            ),
        ]  # fmt: skip

    def _columns(self, ask: Ask) -> dict[str, object]:
        columns = Ask.metadata.tables["asks"].columns.keys()
        return {name: getattr(ask, name) for name in columns if name not in OF_THEIR_OWN}


@pytest.fixture(scope="module")
def world(app: Portal) -> World:
    return World.build(app, "Ledger")


@pytest.fixture(scope="module")
def request_row(world: World) -> ReferenceRequest:
    return world.request()


@pytest.fixture(scope="module")
def dana(world: World) -> Membership:
    return world.member(Role.MANAGER, name="Dana Okafor")


@settings(max_examples=60)
@given(given_people=people(), kind=st.sampled_from(KINDS))
def test_a_batch_decides_as_one_after_the_other_same_refusals_same_first_reasons_same_rows(
    world: World,
    request_row: ReferenceRequest,
    dana: Membership,
    given_people: list[Person],
    kind: AskKind,
) -> None:
    with world.session() as session, session.begin_nested() as all_of_it:
        town = Town(session, request_row, dana)
        town.settle(given_people, kind)
        with session.begin_nested() as singly:
            found = (town.one_by_one(kind), town.rows())
            singly.rollback()
        session.expire_all()
        assert (town.all_at_once(kind), town.rows()) == found
        all_of_it.rollback()


def ask_all(world: World, people: list[Advocate], kind: AskKind, by: Membership) -> int:
    with world.session() as session:
        served = world.request(prospect="Umbrella")
        today = calendar_days.today(session)
        how = Proposal(kind=kind, subject=served, due_on=lambda person: today + timedelta(days=7))
        batch = propose_many(session, how, [person.id for person in people])
        send_many(session, batch, by)
    return len(batch.sent)


def test_a_batch_is_one_message_and_colleagues_hear_of_the_full_company(acme: World, run_jobs: Jobs) -> None:
    corvid, dana = acme.account("Corvid"), acme.member(Role.MANAGER)
    asked, colleague = [acme.advocate(account=corvid) for _ in range(5)], acme.advocate(account=corvid)
    assert ask_all(acme, asked, AskKind.CALL, dana) == 4
    with acme.session() as session:
        topics = session.execute(select(Envelope.topic, func.count()).group_by(Envelope.topic)).all()
    assert [
        (topic, number) for topic, number in topics if topic in (AskSent.__name__, AsksSent.__name__)
    ] == [(AsksSent.__name__, 1)]
    run_jobs()
    with acme.session() as session:
        days_90 = calendar_days.today(session) + timedelta(days=90)
    assert acme.reload(colleague).available_from == days_90


def test_whoever_is_named_twice_is_asked_once(acme: World) -> None:
    ada = acme.advocate()
    assert ask_all(acme, [ada, ada], AskKind.QUOTE, acme.member(Role.MANAGER)) == 1


def test_of_batches_and_single_asks_at_the_same_moment_each_person_is_asked_once(acme: World) -> None:
    dana, people = acme.member(Role.MANAGER), acme.advocates(6)
    served = acme.request()

    def one(person: Advocate) -> None:
        with acme.session() as session:
            ask = actions.propose(session, AskKind.CALL, person, served, served.needed_by)
            actions.send(session, ask, dana)

    batches = [lambda turn=turn: ask_all(acme, people[::turn], AskKind.CALL, dana) for turn in (1, -1, 1)]
    singly = [lambda person=person: one(person) for person in people]
    at_once([*batches, *singly])  # type: ignore[list-item]
    with acme.session() as session:
        sent = select(Ask.advocate_id, func.count()).where(Ask.state == AskState.SENT)
        counts = session.execute(sent.group_by(Ask.advocate_id)).all()
        proposed = session.scalar(select(func.count()).where(Ask.state == AskState.PROPOSED))
    assert ({number for _, number in counts}, len(counts), proposed) == ({1}, 6, 0)


def test_whoever_moves_while_a_batch_waits_for_their_company_is_judged_by_the_new_one(acme: World) -> None:
    before, unwell = acme.account("Corvid"), acme.account("Stellan", health=Health.RED)
    ada, dana = acme.advocate(account=before), acme.member(Role.MANAGER)
    with ThreadPoolExecutor(1) as pool:
        with acme.session() as mover:
            mover.execute(select(Account.id).where(Account.id == before.id).with_for_update())
            batch = pool.submit(ask_all, acme, [ada], AskKind.CALL, dana)
            eventually(lambda: somebody_waits(acme))
            mover.get_one(Advocate, (ada.tenant_id, ada.id)).account_id = unwell.id
        assert batch.result() == 0


def somebody_waits(world: World) -> bool:
    with world.session() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
