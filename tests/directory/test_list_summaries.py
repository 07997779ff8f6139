"""A long list is counted by a job after something happened, a short one at each look; nobody waits for either."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from jobs import list_figures
from portal import list_summaries
from portal.advocates import actions
from portal.advocates.filters import filter_options
from portal.advocates.models import Advocate
from portal.advocates.queries import tags_in_use
from portal.asks.policies import ask_rules
from portal.directory import account_queries, deal_queries, queries
from portal.directory.list_figures import FIGURES
from portal.list_summaries import SHORT, ListSummary, kept_or_counted
from tenants.clock import utc_now
from tenants.models import Role
from tests.bench.directory_people import PRODUCTS, USE_CASES, write_people
from tests.client import Client
from tests.fixture_types import Travel
from tests.present import present
from tests.world import World

READS_PEOPLE = re.compile(r"Scan (?:using \w+ )?on (?:advocates|accounts)\b")


@pytest.fixture
def crowd(acme: World, superuser: psycopg.Connection) -> World:
    """More people than are counted at each look, written over the wall."""
    write_people(superuser, acme.tenant_id, SHORT + 100)
    superuser.commit()
    return acme


def known_people(world: World) -> int:
    with world.session() as session:
        return present(session.scalar(select(ListSummary.rows).where(ListSummary.list_name == "advocates")))


def asked_by(world: World, ask: Callable[[Session], object]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []
    with world.session() as session:
        heard = session.connection()
        event.listen(heard, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        ask(session)
    return asked


def test_a_job_counts_a_long_list_again_once_something_happened(
    crowd: World, as_manager: Client, travel: Travel
) -> None:
    assert "Counted at" not in as_manager.get("/advocates").text
    list_figures.count_due()
    assert known_people(crowd) == SHORT + 100
    assert "Counted at" in as_manager.get("/advocates").text
    ada = crowd.advocate()
    with crowd.session() as session:
        actions.pause(session, session.merge(ada), until=None)
    list_figures.count_due()
    assert known_people(crowd) == SHORT + 100, "at most once a minute"
    travel(minutes=5)
    list_figures.count_due()
    assert known_people(crowd) == SHORT + 101


def test_where_nothing_happens_a_list_is_counted_once_an_hour(crowd: World, travel: Travel) -> None:
    list_figures.count_due()
    travel(minutes=10)
    crowd.advocate()  # without a line of history
    assert crowd.tenant_id not in list_figures.due()
    travel(hours=1)
    assert crowd.tenant_id in list_figures.due()


def test_after_much_was_written_at_once_a_list_is_counted_again(crowd: World, travel: Travel) -> None:
    crowd.deal()
    with crowd.session() as session:
        actions.pause(session, session.merge(crowd.advocate()), until=None)
    for _ in range(2):
        list_figures.count_due()
        travel(minutes=5)
    assert crowd.tenant_id not in list_figures.due()
    with crowd.session() as session:
        list_summaries.expect_changes(session)
    assert crowd.tenant_id in list_figures.due()


def test_neither_the_pages_of_a_long_list_nor_the_page_where_to_join_read_everybody(crowd: World) -> None:
    list_figures.count_due()
    assert len(asked_by(crowd, lambda session: (tags_in_use(session), filter_options(session)))) == 2
    for ask in (tags_in_use, filter_options, _tab_counts):
        assert rows_read(crowd, ask) == []


def _tab_counts(session: Session) -> object:
    counted = queries.counted_people(session, ask_rules(session))
    return session.scalar(select(kept_or_counted(Advocate, counted)))


def rows_read(world: World, ask: Callable[[Session], object]) -> list[str]:
    """Where plans read people or companies."""
    read = []
    for statement, given in asked_by(world, ask):
        with world.session() as session:
            cursor: Any = session.connection().connection.cursor()
            cursor.execute(f"EXPLAIN (ANALYZE) {statement}", given)
            plan = [line for (line,) in cursor.fetchall()]
        read += [line for line in plan if READS_PEOPLE.search(line) and "never executed" not in line]
    return read


def test_what_a_job_counted_is_what_a_look_at_everybody_finds(crowd: World) -> None:
    with crowd.session() as session:
        live = filter_options(session), tags_in_use(session)
    list_figures.count_due()
    with crowd.session() as session:
        assert (filter_options(session), tags_in_use(session)) == live
    assert live[0]["product"] == sorted(PRODUCTS)
    assert live[1]["use_cases"] == sorted(USE_CASES)


def test_choices_of_companies_and_deals_are_kept_as_well(
    acme: World, superuser: psycopg.Connection, as_manager: Client
) -> None:
    write_people(superuser, acme.tenant_id, 5 * SHORT + 50)
    superuser.execute(
        """INSERT INTO deals SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
            'external_id', 'n' || n, 'stage', 'stage ' || n %% 3))).* FROM deals d, generate_series(1, %s) n
            WHERE d.id = %s""",
        (SHORT, acme.deal(stage="stage 9").id),
    )
    superuser.commit()
    member = as_manager.member
    with acme.session() as session:
        live = account_queries.filter_options(session, member), deal_queries.filter_options(session)
    list_figures.count_due()
    with acme.session() as session:
        long = select(ListSummary.list_name).where(ListSummary.rows > SHORT).order_by(ListSummary.list_name)
        assert session.scalars(long).all() == ["accounts", "advocates", "deals"]
        assert (account_queries.filter_options(session, member), deal_queries.filter_options(session)) == live
        rep = acme.member(Role.OWNER)
        assert account_queries.filter_options(session, rep) == {"industry": [], "region": [], "owner": []}


def test_two_workers_at_one_workspace_do_not_wait_for_each_other(crowd: World) -> None:
    list_figures.count_lists(crowd.tenant_id)
    with crowd.session() as session:
        session.execute(update(ListSummary).values(due_at=utc_now(), rows=0))
    with crowd.session() as first:
        list_summaries.count_again(first, Advocate, FIGURES[Advocate])
        first.flush()
        list_figures.count_lists(crowd.tenant_id)
    assert known_people(crowd) == SHORT + 100
