"""The list of people at 100,000 in one workspace of a million: `python -m tests.bench.directory`. JSON lines.

Each query runs as the app's role, warm, a median of seven. Beside it, in turns: the same SQL without the wall, by the
server's superuser with the workspace said in each condition, and a bare count of the same people.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.orm import Session, with_loader_criteria

from jobs.list_figures import count_lists
from portal.advocates.filters import filter_options
from portal.advocates.models import IN_PROGRAM, Advocate
from portal.advocates.queries import tags_in_use
from portal.app import create_app
from portal.asks.policies import ask_rules
from portal.declarations.lists import DeclaredList, ListReader
from portal.directory import queries
from portal.directory.account_list import ACCOUNTS
from portal.directory.advocate_list import ADVOCATES
from portal.list_summaries import kept_or_counted
from portal.lists import queries as lists
from portal.lists.list_choice import ListChoice
from portal.name_search import begins_with
from portal.paging import PAGE_SIZE, _encode_cursor
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import as_psycopg, database, tenant_session
from tenants.models import Membership, Role
from tests.bench.directory_audiences import SEGMENTS, counted
from tests.bench.directory_people import write_people
from tests.bench.matching import _server
from tests.world import World

RUNS, WARM = 7, 2
PEOPLE, OTHERS, OTHER_PEOPLE = 100_000, 199, 900_000
DEEP = 500  # the page that is reached by its cursor
MOST_MS, MOST_VS_UNWALLED, MOST_VS_COUNT = 100.0, 1.6, 12.0
TOO_SHORT = 1.0  # ms: below it the way to the server is measured, not the wall
KEYS = {"name": (Advocate.name_sort, Advocate.id), "helped": (Advocate.last_act_sort, Advocate.id)}
FILTERS = {
    "product": "Vault",
    "agreed": "events",
    "region": "LATAM",
    "industry": "Media",
    "state": "departed",
}
SOUGHT = {
    "part": "nstei",
    "common_part": "son",
    "two_letters": "ma",
    "two_words": "jose kr",
    "company": "fjord pharma",
    "nobody": "zzzz",
}
Question = Callable[[Session], object]
COUNTS = ("live_count", "segment_or_1", "segment_or_2")


@dataclass
class Bench:
    tenant_id: UUID
    walls: Engine  # the superuser's
    reader: Membership
    cursors: Mapping[str, str]

    def measure(self, ask: Question) -> tuple[float, float]:
        """Milliseconds behind the wall and without it, in turns, so that a busy machine is busy for both."""
        behind, without = [], []
        for run in range(WARM + RUNS):
            with tenant_session(self.tenant_id, read_only=True) as session:
                behind.append(self._once(session, ask))
            with self._unwalled() as session:
                without.append(self._once(session, ask))
            if run == WARM - 1:
                behind, without = [], []
        return statistics.median(behind), statistics.median(without)

    def _once(self, session: Session, ask: Question) -> float:
        session.connection()
        began = time.perf_counter()
        ask(session)
        return (time.perf_counter() - began) * 1000

    @contextmanager
    def _unwalled(self) -> Iterator[Session]:
        own = partial(_of_tenant, tenant_id=self.tenant_id)
        with Session(self.walls, info={"tenant_id": self.tenant_id}) as session:
            setting = database.signer.signed_setting(self.tenant_id)
            session.execute(text("SELECT set_config('app.tenant', :setting, true)"), {"setting": setting})
            event.listen(session, "do_orm_execute", own)
            yield session


def _of_tenant(state: Any, tenant_id: UUID) -> None:
    own = with_loader_criteria(TenantOwned, lambda model: model.tenant_id == tenant_id, include_aliases=True)
    state.statement = state.statement.options(own)


def listed(declared: DeclaredList, reader: Membership, after: str = "", **arguments: str) -> Question:
    """A page as its address names it, with the numbers that are asked beside its rows."""

    def ask(session: Session) -> object:
        choice, reads = ListChoice.of(declared, arguments), ListReader(session, reader, utc_now())
        return lists.page(choice, reads, after or None, lists.numbers(choice, reads))

    return ask


def questions(bench: Bench) -> dict[str, Question]:
    people, companies = partial(listed, ADVOCATES, bench.reader), partial(listed, ACCOUNTS, bench.reader)
    return {
        "first_page": people(),
        f"page_{DEEP}": people(after=bench.cursors["name"]),
        **{f"tab_{tab.name}": people(view=tab.name) for tab in ADVOCATES.tabs},
        **{f"filter_{name}": people(**{name: value}) for name, value in FILTERS.items()},
        "filter_all": people(product="Vault", agreed="events", region="LATAM", industry="Media"),
        **{f"search_{name}": people(q=typed) for name, typed in SOUGHT.items()},
        "search_prefix": lambda session: session.scalars(
            select(Advocate).where(begins_with(Advocate, "müll")).order_by(*KEYS["name"]).limit(PAGE_SIZE)
        ).all(),
        **{f"sort_{sort}": people(sort=sort) for sort in sorts_of(ADVOCATES)},
        f"sort_helped_page_{DEEP}": people(sort="helped", after=bench.cursors["helped"]),
        "accounts_first_page": companies(),
        "accounts_search": companies(q="elan sys"),
        **{f"accounts_sort_{sort}": companies(sort=sort) for sort in sorts_of(ACCOUNTS)},
        "tabs_and_funnel": tabs_and_funnel,
        "filter_choices": filter_options,
        "join_page_choices": tags_in_use,
        **{name: counted(stored) for name, stored in SEGMENTS.items()},
    }


def sorts_of(declared: DeclaredList) -> list[str]:
    columns = [column.name for column in declared.columns if column.sort]
    return [*columns, *(f"-{name}" for name in columns)]


def tabs_and_funnel(session: Session) -> object:
    counts = queries.counted_people(session, ask_rules(session))
    return session.scalar(select(kept_or_counted(Advocate, counts)))


def built(people: int, others: int, other_people: int) -> Bench:
    superuser, settings = _server()
    app = create_app(settings)
    with psycopg.connect(superuser, autocommit=True) as connection:
        worlds = [World.build(app, name) for name in ["Large", *("Other" for _ in range(others))]]
        write_people(connection, worlds[0].tenant_id, people)
        for number, world in enumerate(worlds[1:]):
            write_people(connection, world.tenant_id, other_people // others, seed=number)
        for _ in range(2):  # the first may come too early to mark pages as seen by all
            connection.execute("VACUUM ANALYZE accounts, advocates")
    count_lists(worlds[0].tenant_id)
    with worlds[0].session() as session:
        cursors = dict(_cursors(session))
    reader = worlds[0].member(Role.MANAGER)
    return Bench(worlds[0].tenant_id, create_engine(as_psycopg(superuser)), reader, cursors)


def _cursors(session: Session) -> Iterator[tuple[str, str]]:
    for name, key in KEYS.items():
        people = select(Advocate).where(Advocate.state.in_(IN_PROGRAM)).order_by(*key)
        most = session.scalar(select(func.count()).select_from(people.subquery())) or 1
        person = session.scalars(people.offset(min(DEEP * PAGE_SIZE, most) - 1).limit(1)).one()
        yield name, _encode_cursor(False, [getattr(person, column.key) for column in key])


def measured(bench: Bench) -> Iterator[dict[str, object]]:
    bare, _ = bench.measure(lambda session: session.scalar(select(func.count()).select_from(Advocate)))
    yield {"name": "directory_count", "value": round(bare, 2), "unit": "ms"}
    taken = {}
    for name, ask in questions(bench).items():
        taken[name] = behind, without = bench.measure(ask)
        line = {"name": f"directory_{name}", "value": round(behind, 2), "unit": "ms"}
        yield line | {"ratio": round(behind / without, 2), "against": round(without, 2)}
    yield from summed_up(taken, bare)


def summed_up(taken: Mapping[str, tuple[float, float]], bare: float) -> Iterator[dict[str, object]]:
    slowest = max(taken, key=lambda name: taken[name][0])
    ratios = {name: one / other for name, (one, other) in taken.items() if max(one, other) > TOO_SHORT}
    worst = max(ratios, key=lambda name: ratios[name], default=slowest)
    counted = max(COUNTS, key=lambda name: taken[name][0])
    yield _sum("directory_slowest_ms", taken[slowest][0], MOST_MS, slowest)
    yield _sum("directory_vs_unwalled", ratios.get(worst, 1.0), MOST_VS_UNWALLED, worst)
    yield _sum("directory_count_ratio", taken[counted][0] / bare, MOST_VS_COUNT, counted)


def _sum(name: str, value: float, most: float, query: str) -> dict[str, object]:
    return {"name": name, "value": round(value, 2), "most": most, "query": query}


def main(people: int = PEOPLE, others: int = OTHERS, other_people: int = OTHER_PEOPLE) -> None:
    lines = []
    for line in measured(built(people, others, other_people)):
        lines.append(line)
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    short = [
        line for line in lines if "most" in line and float(str(line["value"])) > float(str(line["most"]))
    ]
    if short and people == PEOPLE:
        sys.exit(f"Not as promised: {short}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
