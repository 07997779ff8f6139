"""The list of people at 100,000 in one workspace of a million: `python -m tests.bench.directory`. JSON lines.

Each query runs as the app's role, warm, a median of seven. Beside it, in turns: the same SQL without the wall, by the
server's superuser with the workspace said in each condition, and a bare count of the same people.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import (
    ColumnElement,
    Engine,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session, contains_eager, with_loader_criteria

from jobs.list_figures import count_lists
from portal.accounts.models import Account
from portal.accounts.queries import AccountFilter
from portal.accounts.queries import matching as matching_accounts
from portal.advocates.filters import AdvocateFilters, AdvocateView, filter_options, select_people
from portal.advocates.models import IN_PROGRAM, Advocate
from portal.advocates.queries import tags_in_use
from portal.app import create_app
from portal.asks.policies import AskRules, ask_rules
from portal.directory import queries
from portal.list_summaries import summary_of_long_list
from portal.name_search import begins_with
from portal.paging import PAGE_SIZE, _encode_cursor, paginate
from tenants.base import TenantOwned
from tenants.database import as_psycopg, database, tenant_session
from tests.bench.directory_audiences import SEGMENTS, counted
from tests.bench.directory_people import write_people
from tests.bench.matching import _server
from tests.world import World

RUNS, WARM = 7, 2
PEOPLE, OTHERS, OTHER_PEOPLE = 100_000, 199, 900_000
DEEP = 500  # the page that is reached by its cursor
MOST_MS, MOST_VS_UNWALLED, MOST_VS_COUNT = 100.0, 1.6, 12.0
TOO_SHORT = 1.0  # ms: below it the way to the server is measured, not the wall
SORTS = {
    "name": Advocate.name_sort,
    "email": Advocate.email_norm,
    "company": func.coalesce(Account.name_norm, func.lower(Advocate.company)),
    "region": func.coalesce(Account.region, ""),
    "helped": Advocate.last_act_sort,
    "available": func.coalesce(Advocate.available_from, date(1, 1, 1)),
    "provenance": Advocate.provenance,
}
Question = Callable[[Session], object]
COUNTS = ("live_count", "segment_or_1", "segment_or_2")


@dataclass
class Bench:
    tenant_id: UUID
    walls: Engine  # the superuser's
    rules: AskRules
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


def page_of(
    key: Sequence[Any], *where: ColumnElement[bool], cursor: str = "", down: bool = False
) -> Question:
    people = (
        select_people()
        .options(contains_eager(Advocate.account))
        .where(Advocate.state.in_(IN_PROGRAM), *where)
    )
    return lambda session: paginate(session, people, key=key, cursor=cursor or None, descending=down)


def sorted_by(column: Any, *, down: bool = False) -> Question:
    """The first page by an expression, too."""
    people = select_people().options(contains_eager(Advocate.account)).where(Advocate.state.in_(IN_PROGRAM))
    order = [each.desc() if down else each for each in (column, Advocate.id)]
    return lambda session: session.scalars(people.order_by(*order).limit(PAGE_SIZE + 1)).all()


def questions(bench: Bench) -> dict[str, Question]:
    rules, by_name = bench.rules, (Advocate.name_sort, Advocate.id)

    def listed(**chosen: Any) -> Question:
        return lambda session: queries.people(session, AdvocateFilters(**chosen), rules, None)

    filters = {
        "product": "Vault",
        "agreed": "events",
        "region": "LATAM",
        "industry": "Media",
        "state": "departed",
    }
    return {
        "first_page": listed(),
        f"page_{DEEP}": page_of(by_name, cursor=bench.cursors["name"]),
        **{f"tab_{view}": listed(view=view) for view in AdvocateView},
        **{f"filter_{name}": listed(**{name: value}) for name, value in filters.items()},
        "filter_all": listed(product="Vault", agreed="events", region="LATAM", industry="Media"),
        "search_prefix": page_of(by_name, begins_with(Advocate, "müll")),
        "search_part": listed(text="nstei"),
        "search_common_part": listed(text="son"),
        "search_two_letters": listed(text="ma"),
        "search_two_words": listed(text="jose kr"),
        "search_company": listed(text="fjord pharma"),
        "search_nobody": listed(text="zzzz"),
        **{f"sort_{name}": sorted_by(key) for name, key in SORTS.items()},
        **{f"sort_{name}_down": sorted_by(key, down=True) for name, key in SORTS.items()},
        f"sort_helped_page_{DEEP}": page_of(
            (Advocate.last_act_sort, Advocate.id), cursor=bench.cursors["helped"]
        ),
        **accounts_questions(),
        "tabs_and_funnel": lambda session: queries.counts(
            session, rules, summary_of_long_list(session, Advocate)
        ),
        "filter_choices": lambda session: filter_options(session, summary_of_long_list(session, Advocate)),
        "join_page_choices": tags_in_use,
        **{name: counted(stored) for name, stored in SEGMENTS.items()},
    }


def accounts_questions() -> dict[str, Question]:
    def listed(key: Sequence[Any], down: bool = False, **chosen: str) -> Question:
        found = matching_accounts(select(Account), AccountFilter(**chosen))
        return lambda session: paginate(session, found, key=key, descending=down)

    return {
        "accounts_first_page": listed((Account.name_norm, Account.id)),
        "accounts_search": listed((Account.name_norm, Account.id), text="elan sys"),
    }


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
        rules, cursors = ask_rules(session), dict(_cursors(session))
    return Bench(worlds[0].tenant_id, create_engine(as_psycopg(superuser)), rules, cursors)


def _cursors(session: Session) -> Iterator[tuple[str, str]]:
    for name, column in {"name": Advocate.name_sort, "helped": Advocate.last_act_sort}.items():
        key = (column, Advocate.id)
        people = select(Advocate).where(Advocate.state.in_(IN_PROGRAM)).order_by(*key)
        most = session.scalar(select(func.count()).select_from(people.subquery())) or 1
        person = session.scalars(people.offset(min(DEEP * PAGE_SIZE, most) - 1).limit(1)).one()
        yield name, _encode_cursor(False, (getattr(person, column.key), person.id))


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
