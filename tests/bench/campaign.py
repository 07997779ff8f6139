"""How fast 50,000 people are asked: `python -m tests.bench.campaign`. JSON lines.

In the same run: the same asks one at a time and the same rows by a bare INSERT … SELECT with their indexes. What an ask
of the desk takes alone and beside a campaign, in its workspace and in another one, is tried beside a second campaign:
forty asks of the desk are a load that neither of the others has.
"""

import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from jobs import campaigns
from jobs.worker import keep_what_is_loaded, lower_priority
from portal.accounts.models import Deal
from portal.advocates.models import Advocate
from portal.app import create_app
from portal.asks import actions
from portal.asks import queries as ledger
from portal.asks.calendar_days import today
from portal.asks.emails import about, ask_sent_key, recipient_of
from portal.asks.locked_people import LOCKED_SINCE
from portal.asks.models import Ask, AskKind
from portal.bootstrap import log_problems_only
from portal.campaigns import actions as campaigns_of
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.declarations.program_switches import switch
from portal.declarations.sending import send
from portal.gateways.queue import WorkQueue
from portal.policies import change
from portal.references.asking import actions as desk
from portal.surveys.emails import SURVEY
from tenants.database import database, tenant_session
from tenants.models import Membership, Role
from tests.asks.dinners import declared
from tests.bench import matching
from tests.campaigns.tastings import TASTINGS
from tests.world import World

PEOPLE, SINGLY, BUSY, DESK_ASKS = 50_000, 300, 10_000, 40
PERSONS = """
    INSERT INTO advocates (tenant_id, id, email, email_norm, first_name, last_name, name_sort, account_id, state,
        provenance, time_zone, consents, accepted_ask_kinds, products, enrolled_at)
    SELECT %(tenant)s, gen_random_uuid(), 'p' || n || '@c.example', 'p' || n || '@c.example', 'Ada', 'No' || n,
        'no' || n, a.id, 'enrolled', 'imported', 'Europe/Berlin', '{calls,name,reviews}', '{call,quote,written,review}',
        '{Ledger Pro}', now() - interval '1 year'
    FROM (SELECT id, row_number() OVER () AS k FROM accounts WHERE tenant_id = %(tenant)s) a
    JOIN generate_series(1, %(people)s) n ON a.k = 1 + n %% %(accounts)s"""
PAST = """
    INSERT INTO asks (tenant_id, id, kind, advocate_id, account_id, subject_type, subject_id, minutes, due_on, state,
        sent_at, answered_at, decline_reason, off_platform)
    SELECT %(tenant)s, gen_random_uuid(), (array['call','quote','survey'])[1 + n %% 3], p.id, p.account_id,
        'reference_requests', gen_random_uuid(), 20, current_date, 'declined', at, at, 'too_busy', false
    FROM (SELECT id, account_id, row_number() OVER () AS k FROM advocates WHERE tenant_id = %(tenant)s) p
    JOIN generate_series(1, 3) n ON true,
    LATERAL (SELECT now() - make_interval(days => (100 + (p.k * 7 + n * 131) %% 600)::int) AS at) sent"""
COPIED = {  # the same rows once more, about another record
    "asks": ({"id": "gen_random_uuid()", "subject_id": ":other"}, "subject_id = :record"),
    "history": ({"id": "gen_random_uuid()", "subject_id": "gen_random_uuid()"}, "subject_id IN (SELECT id FROM asks"
        " WHERE subject_id = :record)"),
    "emails": ({"id": "gen_random_uuid()", "occasion": "'copy:' || id"}, "kind = 'survey' AND occasion LIKE 'ask:%'"),
}  # fmt: skip


@dataclass
class Bench:
    world: World
    busy: World  # in which the desk asks beside a campaign
    other: World
    manager: Membership

    @classmethod
    def build(cls, people: int) -> "Bench":
        superuser, settings = matching._server()
        app = create_app(settings)
        worlds = [World.build(app, name) for name in ("Acme", "Umbrella", "Globex")]
        for world, number in zip(worlds, (people, min(people, BUSY), 2 * DESK_ASKS), strict=True):
            _fill(superuser, world.tenant_id, number)
        acme, umbrella, globex = worlds
        for world in (acme, umbrella):
            _switch_on(world)
        return cls(acme, umbrella, globex, acme.member(Role.ADMIN))

    def one_at_a_time(self, people: int) -> float:
        """Asks per second: what a batch does, for one person in a transaction of their own. Nothing of it is kept."""
        deal, ids = self.world.deal("Umbrella"), self.ids(self.world, people)
        began = time.perf_counter()
        for advocate_id in ids:
            with self.world.session() as session, session.begin_nested() as try_out:
                self._ask_one(session, deal, advocate_id)
                try_out.rollback()
        return people / (time.perf_counter() - began)

    def _ask_one(self, session: Session, deal: Deal, advocate_id: UUID) -> None:
        advocate, due_on = session.get_one(Advocate, (self.world.tenant_id, advocate_id)), today(session)
        ask = actions.propose(session, AskKind.REVIEW, advocate, deal, due_on)
        actions.send(session, ask, self.manager)
        send(session, SURVEY, recipient_of(ledger.get(session, ask.id)), ask_sent_key(ask), about=about(ask))

    def ask_all(self) -> tuple[Deal, float, list[float]]:
        """From the start to the last email in the queue: the seconds, and those of each batch with its locks."""
        deal, began = start(self.world), time.perf_counter()
        with campaign_worker(self.world) as locks:
            held = until_done(locks)
            return deal, time.perf_counter() - began, held

    def desk_beside(self) -> tuple[dict[str, list[float]], list[float]]:
        start(self.busy)
        with campaign_worker(self.busy) as locks:
            first = locks.get()  # the list is frozen, and the first batch asked
            beside = {name: self.desk_ask(world) for name, world in self.desks()}
            return beside, [first, *until_done(locks)]

    def desks(self) -> list[tuple[str, World]]:
        return [("same_workspace", self.busy), ("other_workspace", self.other)]

    def insert_select(self, deal: Deal) -> float:
        """Seconds for the same asks, lines of history and emails, as the role of the application."""
        with self.world.session() as session:
            given = {"record": deal.id, "other": uuid4()}
            statements = [_copy(session, table, *how) for table, how in COPIED.items()]
            began = time.perf_counter()
            for statement in statements:
                session.execute(statement, given)
            session.flush()
            took = time.perf_counter() - began
            session.rollback()
        return took

    def ids(self, world: World, most: int) -> list[UUID]:
        """Of people in some order that is not the campaign's."""
        with world.session() as session:
            return list(session.scalars(select(Advocate.id).order_by(func.md5(Advocate.email)).limit(most)))

    def desk_ask(self, world: World) -> list[float]:
        """Milliseconds of each: a manager asks somebody for a quote."""
        by, took = world.member(Role.MANAGER), []
        for advocate_id in self.ids(world, DESK_ASKS):
            request = world.request(kind=AskKind.QUOTE, requester=by)
            began = time.perf_counter()
            with world.session() as session, session.begin_nested() as try_out:
                advocate = session.get_one(Advocate, (world.tenant_id, advocate_id))
                desk.ask(session, request.id, advocate, by=by)
                try_out.rollback()
            took.append(1000 * (time.perf_counter() - began))
        return took


def start(world: World) -> Deal:
    deal = world.deal("Initech")
    with world.session() as session:
        campaigns_of.start(session, deal, by=world.member(Role.ADMIN))
    return deal


def _switch_on(world: World) -> None:
    by = world.member(Role.ADMIN)
    with world.session() as session:
        switch(session, TASTINGS, on=True, by=by)
        change(session, APPROVAL_ABOVE, 100_000, by=by)


def _copy(session: Any, table: str, changed: Mapping[str, str], where: str) -> Any:
    names = select(text("column_name")).select_from(text("information_schema.columns"))
    mine = names.where(text("table_schema = 'public' AND table_name = :table")).params(table=table)
    columns = [str(name) for name in session.scalars(mine)]
    values = ", ".join(changed.get(name, name) for name in columns)
    return text(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {where}")


def _fill(superuser: str, tenant_id: UUID, people: int) -> None:
    given = {"tenant": tenant_id, "people": people, "accounts": max(people // 5, 1)}
    with psycopg.connect(superuser, autocommit=True) as connection:
        for table, column, kind in connection.execute(matching.REQUIRED).fetchall():
            if kind in matching.EMPTY:
                connection.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT {matching.EMPTY[kind]}")
        for sql in (matching.ACCOUNTS, PERSONS, PAST):
            connection.execute(sql, given)
        connection.execute("UPDATE accounts SET health = 'green' WHERE tenant_id = %s", (tenant_id,))
        connection.execute("VACUUM ANALYZE accounts, advocates, asks")


def ask_everybody(tenant_id: UUID, locks: "Queue[float]") -> None:
    """In a process of its own, as the worker of campaigns; the seconds that each batch held its locks."""
    log_problems_only()
    lower_priority(WorkQueue.CAMPAIGNS)
    keep_what_is_loaded(WorkQueue.CAMPAIGNS)
    database.engine.dispose(close=False)

    @event.listens_for(Session, "after_commit")
    def note(session: Session) -> None:
        if since := session.info.get(LOCKED_SINCE):
            locks.put(time.monotonic() - since)

    while campaigns.process_batch(tenant_id):
        pass
    locks.put(-1.0)


@contextmanager
def campaign_worker(world: World) -> Iterator["Queue[float]"]:
    fork = multiprocessing.get_context("fork")
    locks: Queue[float] = fork.Queue()
    worker = fork.Process(target=ask_everybody, args=(world.tenant_id, locks))
    worker.start()
    yield locks
    worker.join()


def until_done(locks: "Queue[float]") -> list[float]:
    took: list[float] = []
    while (seconds := locks.get()) >= 0:
        took.append(seconds)
    return took


def main(people: int = PEOPLE, singly: int = SINGLY) -> None:
    log_problems_only()
    with declared(TASTINGS):
        measure(people, singly)


def measure(people: int, singly: int) -> None:
    bench = Bench.build(people)
    one_by_one = bench.one_at_a_time(singly)
    deal, seconds, held = bench.ask_all()
    asked = _asked(bench.world, deal)
    _say("campaign_vs_one_by_one", asked / seconds, one_by_one, "asks/s")
    _say("campaign_vs_insert_select", asked / seconds, asked / bench.insert_select(deal), "asks/s")
    _say_locks("campaign_longest_lock", held)
    alone = {name: statistics.median(bench.desk_ask(world)) for name, world in bench.desks()}
    beside, held = bench.desk_beside()
    _say_locks("campaign_longest_lock_beside_desk", held)
    for name, took in beside.items():
        _say(f"desk_ask_beside_campaign_{name}", statistics.median(took), alone[name], "ms", most=max(took))


def _say_locks(name: str, seconds: list[float]) -> None:
    held = [1000 * each for each in seconds]
    more = {"median": statistics.median(held), "batches": len(held), "longer": sum(ms > 300 for ms in held)}
    _say(name, max(held), 300, "ms", **more)


def _asked(world: World, deal: Deal) -> int:
    with tenant_session(world.tenant_id, read_only=True) as session:
        return session.scalar(select(func.count()).where(Ask.subject_id == deal.id)) or 0


def _say(name: str, value: float, against: float, unit: str, **more: float) -> None:
    line = {"name": name, "value": round(value, 1), "unit": unit, "against": round(against, 1)}
    line |= {"ratio": round(value / against, 3)} | {key: round(each, 1) for key, each in more.items()}
    print(json.dumps(line), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
