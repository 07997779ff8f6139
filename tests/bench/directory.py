"""The lists of people, companies and deals at 100,000 people of a million: `python -m tests.bench.directory`.

JSON lines. Each query runs as the app's role, warm, a median of seven. Beside it, in turns: the same SQL without the
wall, by the server's superuser with the workspace said in each condition, and a bare count of the same people. Which
orders, tabs and filters there are, the declared lists say. `--kept FOLDER` keeps server and rows for later runs.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.orm import Session, with_loader_criteria

from portal.advocates.filters import filter_options
from portal.advocates.models import IN_PROGRAM, Advocate
from portal.advocates.queries import tags_in_use
from portal.asks.policies import ask_rules
from portal.declarations.filter_values import FilterKind
from portal.declarations.lists import DeclaredList, ListReader
from portal.directory import queries
from portal.directory.account_list import ACCOUNTS
from portal.directory.advocate_list import ADVOCATES
from portal.directory.deal_list import DEALS
from portal.list_summaries import kept_or_counted
from portal.lists import queries as lists
from portal.lists.list_choice import ListChoice
from portal.lists.row_pages import RowPages
from portal.name_search import begins_with
from portal.paging import PAGE_SIZE, _encode_cursor
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import as_psycopg, database, tenant_session
from tenants.models import Membership
from tests.bench.directory_audiences import SEGMENTS, counted, looked_at
from tests.bench.directory_workspaces import Size, workspaces

RUNS, WARM = 7, 2
WHOLE = Size()
DEEP = 500  # the page that is reached by its cursor
MOST_MS, MOST_VS_UNWALLED, MOST_VS_COUNT = 100.0, 1.6, 12.0
TOO_SHORT = 1.0  # ms: below it the way to the server is measured, not the wall
KEYS = {"name": (Advocate.name_sort, Advocate.id), "helped": (Advocate.last_act_sort, Advocate.id)}
DECLARED = (ADVOCATES, ACCOUNTS, DEALS)
FEW = {  # filters that together leave few people, in an order that knows nothing of them
    "by_name": {"product": "Vault", "agreed": "events", "region": "LATAM", "industry": "Media"},
    "by_help": {"product": "Close", "region": "LATAM", "industry": "Media", "sort": "-helped"},
    "by_company": {"agreed": "events", "industry": "Energy", "product": "Vault", "sort": "company"},
    "by_availability": {"product": "Vault", "relationship": "government", "sort": "-availability"},
    "waiting_by_help": {"view": "waiting", "sort": "-helped"},
    "departed": {"product": "Vault", "state": "departed", "region": "LATAM", "sort": "email"},
}
TYPED = {  # a narrow and a wide value of whatever is typed; both find some
    FilterKind.TEXT: ("treas", "o"),
    FilterKind.NUMBER: ("900..1000", "1..10000000"),
    FilterKind.DAY: ("2026-01-15..2026-01-16", "2020-01-01..2040-01-01"),
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
        with Session(self.walls, info={"tenant_id": self.tenant_id, "read_only": True}) as session:
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
        pages = RowPages(choice, reads)
        return pages.page(after or None, lists.numbers(choice, reads, pages.counted))

    return ask


def questions(bench: Bench) -> dict[str, Question]:
    with tenant_session(bench.tenant_id, read_only=True) as session:
        reads = ListReader(session, bench.reader, utc_now())
        named = {
            name: question for each in DECLARED for name, question in _of_list(each, reads, bench.reader)
        }
    people, companies = partial(listed, ADVOCATES, bench.reader), partial(listed, ACCOUNTS, bench.reader)
    return named | {
        f"page_{DEEP}": people(after=bench.cursors["name"]),
        f"sort_helped_page_{DEEP}": people(sort="helped", after=bench.cursors["helped"]),
        **{f"few_{name}": people(**arguments) for name, arguments in FEW.items()},
        **{f"search_{name}": people(q=typed) for name, typed in SOUGHT.items()},
        "search_prefix": lambda session: session.scalars(
            select(Advocate).where(begins_with(Advocate, "müll")).order_by(*KEYS["name"]).limit(PAGE_SIZE)
        ).all(),
        "accounts_search": companies(q="elan sys"),
        "deals_search": partial(listed, DEALS, bench.reader)(q="elan sys"),
        "tabs_and_funnel": tabs_and_funnel,
        "filter_choices": filter_options,
        "join_page_choices": tags_in_use,
        **{name: counted(stored) for name, stored in SEGMENTS.items()},
    }


def pages_of_segments() -> dict[str, Question]:
    """Five questions in one statement, and the rows of a sample: told, and promised by nobody."""
    return {f"{name}_page": looked_at(SEGMENTS[name]) for name in COUNTS}


def _of_list(declared: DeclaredList, reads: ListReader, reader: Membership) -> Iterator[tuple[str, Question]]:
    """Every tab, every order, and of each filter the first and the last of its values; of what is typed see TYPED."""
    prefix = "" if declared is ADVOCATES else f"{declared.name}_"
    yield f"{prefix}first_page", listed(declared, reader)
    for tab in declared.tabs:
        yield f"{prefix}tab_{tab.name}", listed(declared, reader, **{declared.tab_argument: tab.name})
    for column in declared.columns:
        if column.sort:
            yield f"{prefix}sort_{column.name}", listed(declared, reader, sort=column.name)
            yield f"{prefix}sort_{column.name}_down", listed(declared, reader, sort=f"-{column.name}")
    for name, values in filter_values(declared, reads).items():
        filtered = f"{prefix}filter_{name.partition('_')[0]}"  # of a field without its id
        yield f"{filtered}_first", listed(declared, reader, **{name: values[0]})
        yield f"{filtered}_last", listed(declared, reader, **{name: values[-1]})


def filter_values(declared: DeclaredList, reads: ListReader) -> Mapping[str, Sequence[str]]:
    """Those that somebody or something has are in the data of the bench."""
    choices = declared.choices(reads) if declared.choices else {}
    own = declared.own_filters.offered(reads) if declared.own_filters else ()
    offered = [each for each in (*declared.filters, *own) if each.is_offered]
    found = {
        each.name: TYPED.get(each.kind) or [*(each.words or choices.get(each.name) or ())] for each in offered
    }
    return {name: [str(value) for value in values] for name, values in found.items() if values}


def tabs_and_funnel(session: Session) -> object:
    counts = queries.counted_people(session, ask_rules(session))
    return session.scalar(select(kept_or_counted(Advocate, counts)))


def prepared(size: Size, kept: Path | None) -> Bench:
    made = workspaces(size, kept)
    with tenant_session(made.large, read_only=True) as session:
        cursors = dict(_cursors(session))
    return Bench(made.large, create_engine(as_psycopg(made.superuser)), made.reader, cursors)


def _cursors(session: Session) -> Iterator[tuple[str, str]]:
    for name, key in KEYS.items():
        people = select(Advocate).where(Advocate.state.in_(IN_PROGRAM)).order_by(*key)
        most = session.scalar(select(func.count()).select_from(people.subquery())) or 1
        person = session.scalars(people.offset(min(DEEP * PAGE_SIZE, most) - 1).limit(1)).one()
        yield name, _encode_cursor(False, [getattr(person, column.key) for column in key])


def measured(bench: Bench, only: str = "") -> Iterator[dict[str, object]]:
    taken, bare = {}, {}
    for name, ask in _named(questions(bench), only).items():
        if name in COUNTS:  # a moment before, on a machine that is as busy
            bare[name] = bench.measure(everybody)[0]
            yield {"name": f"directory_everybody_before_{name}", "value": round(bare[name], 2), "unit": "ms"}
        taken[name] = bench.measure(ask)
        yield _line(name, *taken[name])
    for name, ask in _named(pages_of_segments(), only).items():
        yield _line(name, *bench.measure(ask))
    if {*COUNTS} <= {*bare}:
        yield from summed_up(taken, bare)


def _named(asked: Mapping[str, Question], only: str) -> Mapping[str, Question]:
    return {name: ask for name, ask in asked.items() if only in name}


def _line(name: str, behind: float, without: float) -> dict[str, object]:
    value = {"name": f"directory_{name}", "value": round(behind, 2), "unit": "ms"}
    return value | {"ratio": round(behind / without, 2), "against": round(without, 2)}


def everybody(session: Session) -> object:
    return session.scalar(select(func.count()).select_from(Advocate))


def summed_up(
    taken: Mapping[str, tuple[float, float]], bare: Mapping[str, float]
) -> Iterator[dict[str, object]]:
    slowest = max(taken, key=lambda name: taken[name][0])
    ratios = {name: one / other for name, (one, other) in taken.items() if max(one, other) > TOO_SHORT}
    worst = max(ratios, key=lambda name: ratios[name], default=slowest)
    counted = max(COUNTS, key=lambda name: taken[name][0] / bare[name])
    yield _sum("directory_slowest_ms", taken[slowest][0], MOST_MS, slowest)
    yield _sum("directory_vs_unwalled", ratios.get(worst, 1.0), MOST_VS_UNWALLED, worst)
    yield _sum("directory_count_ratio", taken[counted][0] / bare[counted], MOST_VS_COUNT, counted)


def _sum(name: str, value: float, most: float, query: str) -> dict[str, object]:
    return {"name": name, "value": round(value, 2), "most": most, "query": query}


def main(size: Size = WHOLE, kept: Path | None = None, only: str = "") -> None:
    lines = []
    for line in measured(prepared(size, kept), only):
        lines.append(line)
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    short = [
        line for line in lines if "most" in line and float(str(line["value"])) > float(str(line["most"]))
    ]
    if short and size == WHOLE:
        sys.exit(f"Not as promised: {short}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="*", type=int, help="people, other workspaces, people in all of them")
    parser.add_argument("--kept", type=Path, help="a folder for the server and its rows")
    parser.add_argument("--only", default="", help="the queries whose names contain this")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    main(Size(*given.size), given.kept, given.only)
