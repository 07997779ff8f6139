"""Names are found in the database as they are folded, in this workspace alone, whoever wrote them there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text

from jobs import names
from portal.accounts.models import Account, Deal
from portal.advocates.filters import matches_text, select_people
from portal.advocates.models import Advocate
from portal.cli import owner_connection, upgrade_database
from portal.name_search import begins_with, is_named
from portal.name_search_indexes import ensure_name_search_indexes
from portal.settings import Settings
from tests.bench.directory_people import write_people
from tests.references.matching.test_query_plans import plans_of
from tests.world import World

NAMES = [
    ("Jürgen", "Müller"),
    ("Sean", "O’Brien"),
    ("Anna", "Straßer"),
    ("Zoë", "Sørensen"),
    ("Ann", "Lee"),
    ("Renée", "Dvořák"),
]
SOUGHT = {
    "muller": {"Müller"},
    "müller": {"Müller"},
    "MUELLER": {"Müller"},
    "obrien": {"O’Brien"},
    "O'Brien": {"O’Brien"},
    "strasser": {"Straßer"},
    "ass": {"Straßer"},  # any part
    "soerensen": {"Sørensen"},
    "an": {"Straßer", "Lee"},  # two letters begin a word: not Sean
    "lee ann": {"Lee"},
    "dvorak RENEE": {"Dvořák"},
    "zo": {"Sørensen"},
    "müller lee": set(),
    "!": set(),
    "%": set(),
    "": {last for _, last in NAMES},
}


@pytest.fixture
def people(acme: World) -> World:
    for first, last in NAMES:
        acme.advocate(first_name=first, last_name=last)
    return acme


def last_names(world: World, condition: Any) -> set[str]:
    with world.session() as session:
        return set(session.scalars(select(Advocate.last_name).where(condition)))


@pytest.mark.parametrize("typed", SOUGHT)
def test_people_are_found_by_any_part_of_their_name(people: World, typed: str) -> None:
    assert last_names(people, is_named(Advocate, typed)) == SOUGHT[typed]


@pytest.mark.parametrize("typed", ["mull", "müll", "muell", "obr", "strass", "lee an"])
def test_the_first_letters_of_a_name_find_it_through_the_index(people: World, typed: str) -> None:
    expected = last_names(people, is_named(Advocate, typed))
    assert len(expected) == 1
    assert last_names(people, begins_with(Advocate, typed)) == expected
    assert last_names(people, begins_with(Advocate, typed[1:])) == set()
    with people.session() as session:
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        found = select(Advocate.id).where(begins_with(Advocate, typed.split(maxsplit=1)[0]))
        (plan,) = plans_of(session, lambda: session.execute(found))
    assert "Seq Scan" not in plan


def test_people_are_found_by_their_company_and_by_their_whole_address(acme: World) -> None:
    zurich = acme.account("Zürich Rück")
    ada = acme.advocate(account=zurich, email="Ada.L@Rueck.example")
    acme.advocate()
    for typed in ("zuerich", "RUCK ada", "ada.l@rueck.example", "zürich ADA.L@rueck.example"):
        with acme.session() as session:
            found = select_people().where(matches_text(typed))
            assert [each.id for each in session.scalars(found)] == [ada.id]


def test_another_workspace_is_never_found(people: World, globex: World) -> None:
    mine = globex.advocate(first_name="Jürgen", last_name="Müller")
    with globex.session() as session:
        assert session.scalars(select(Advocate.id).where(is_named(Advocate, "muller"))).all() == [mine.id]
        own = {mine.id, mine.account_id}
        for table in ("advocates", "accounts", "deals", "reference_requests", "users", "%"):
            found = session.scalars(text("SELECT wall.find_names(:table, '')"), {"table": table}).all()
            assert set(found) <= own


def test_a_name_that_is_corrected_is_found_by_the_new_one_alone(people: World) -> None:
    with people.session() as session:
        lee = session.scalars(select(Advocate).where(Advocate.last_name == "Lee")).one()
        lee.last_name = "Ångström"
    assert last_names(people, is_named(Advocate, "angstrom")) == {"Ångström"}
    assert last_names(people, is_named(Advocate, "lee")) == set()


def test_names_that_a_statement_wrote_are_folded_by_the_next_job_in_every_workspace(
    people: World, globex: World, superuser: psycopg.Connection
) -> None:
    globex.deal("Crédit Générale")
    globex.account("Nestlé")
    superuser.execute("UPDATE advocates SET search_text = NULL")
    for table in ("accounts", "deals"):
        superuser.execute(f"UPDATE {table} SET search_text = NULL")
    superuser.commit()
    versions = "SELECT id, version FROM advocates ORDER BY id"
    before = superuser.execute(versions).fetchall()
    assert last_names(people, is_named(Advocate, "muller")) == set()
    names.fold_due()
    assert last_names(people, is_named(Advocate, "muller")) == {"Müller"}
    assert superuser.execute(versions).fetchall() == before
    with globex.session() as session:
        assert session.scalars(select(Deal.prospect).where(is_named(Deal, "generale"))).all() == [
            "Crédit Générale"
        ]
        assert session.scalars(select(Account.name).where(is_named(Account, "nestle"))).all() == ["Nestlé"]
    assert names.due() == []


@contextmanager
def without_indexes(settings: Settings) -> Iterator[None]:
    """As on a server that has no contrib modules."""
    with owner_connection(settings) as owner:
        owner.execute(text("DROP EXTENSION IF EXISTS pg_trgm CASCADE"))
    yield
    upgrade_database(settings)


def test_without_the_extension_the_same_names_are_found(people: World, settings: Settings) -> None:
    with without_indexes(settings):
        for typed, found in SOUGHT.items():
            assert last_names(people, is_named(Advocate, typed)) == found


def test_an_owner_who_may_not_create_extensions_goes_without(
    settings: Settings, superuser: psycopg.Connection
) -> None:
    database = superuser.info.dbname
    superuser.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
    superuser.execute(f"ALTER DATABASE {database} OWNER TO CURRENT_USER")
    superuser.execute(f"GRANT CONNECT ON DATABASE {database} TO goodword_owner")
    superuser.commit()
    try:
        with owner_connection(settings) as owner:
            assert not ensure_name_search_indexes(owner)
            assert owner.scalar(text("SELECT 1")) == 1
    finally:
        superuser.execute(f"REVOKE CONNECT ON DATABASE {database} FROM goodword_owner")
        superuser.execute(f"ALTER DATABASE {database} OWNER TO goodword_owner")
        superuser.commit()
        upgrade_database(settings)


def test_any_part_of_a_name_is_looked_up_in_the_index_over_three_letters(
    acme: World, superuser: psycopg.Connection
) -> None:
    """The plan inside the function is not shown: here its statement is, with values, as the platform's role."""
    write_people(superuser, acme.tenant_id, 20_000)
    superuser.execute("ANALYZE advocates, accounts")
    for table in ("advocates", "accounts"):  # as autovacuum does it
        superuser.execute("SELECT gin_clean_pending_list(%s)", (f"trgm_{table}",))
    row = superuser.execute("SELECT prosrc FROM pg_proc WHERE proname = 'find_names'").fetchone()
    superuser.execute("SET LOCAL ROLE goodword_platform")
    statement = (row[0] if row else "").replace("$1", "'advocates'").replace("$2", "'obrien'")
    plan = "\n".join(line for (line,) in superuser.execute(f"EXPLAIN {statement}").fetchall())
    superuser.rollback()
    assert "trgm_advocates" in plan
    assert "trgm_accounts" in plan
    assert "Seq Scan" not in plan
