"""Many people and companies for `tests/bench/directory.py`, written by COPY over the wall of a throw-away server."""

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from portal.accounts.name_normalization import normal_name
from portal.advocates.person_name import sort_name
from portal.name_search import search_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def words(text: str) -> list[str]:
    return text.split()


FIRST = words(
    "Ada Anna Ben Carla Chloé Dmitri Elif Emma Felix Fatima Grace Hugo Ines Jürgen José Jonas Kai Lena Léa Liam "
    "Łukasz Maria Mateo Mei Mia Nadia Noah Olga Omar Paula Priya Quinn Rahul René Rosa Sam Sofia Søren Tom Uma "
    "Vera Wei Yara Zoë"
)
ONSETS = words("B Br Ch D Fr G H J K Kr L M Mü N O’ P R S Sch St T V W Z")
MIDDLES = words("a e i o u ä ö ie au al an ar el en er ol on or und ing")
ENDS = words(
    "ba berg dal dt er feld ger hof ka kov lein ler llo mann nsen ova rez ri sen son ß stein ton vić"
)
LAST = ["".join(parts) for parts in itertools.product(ONSETS, MIDDLES, ENDS)]
NOUNS = words(
    "Alp Bay Cedar Delta Élan Fjord Granit Harbor Iris Jade Kite Lumen Mosel Nord Orbit Pine Quarz Rhein"
)
TRADES = words(
    "Bank Cargo Energy Foods Group Health Logistik Metals Motors Pharma Retail Steel Systems Telecom"
)
INDUSTRIES = (
    "Industrials",
    "Materials",
    "Financials",
    "Energy",
    "Utilities",
    "Health Care",
    "Media",
    "Retail",
)
REGIONS = ("NA", "NA", "EMEA", "APAC", "LATAM")
HEALTH = ("green", "green", "green", "yellow", "red", "unknown")
PRODUCTS = ("Ledger", "Ledger Pro", "Flow", "Insights", "Planner", "Close", "Vault")
USE_CASES = ("Month-end close", "Planning", "SOX reporting", "Consolidation")
CONSENTS = ("{calls,name}", "{name}", "{calls}", "{calls,events}", "{}")
STATES = (*("enrolled",) * 7, "candidate", "candidate", "invited", "pending", "paused", "departed")
RELATIONSHIPS = (*("customer",) * 7, "reseller", "government", "unknown")
PROVENANCES = (*("imported",) * 6, "invited", "self_joined", "nominated", "referred")
ACCOUNT_COLUMNS = (
    "tenant_id", "id", "name", "name_norm", "search_text", "industry", "region", "employees", "arr_cents", "currency",
    "health", "renewal_on", "owner_email_norm", "owner_email", "external_id", "sub_industry", "city", "competitors",
    "version", "created_at", "relationship",
)  # fmt: skip
PERSON_COLUMNS = (
    "tenant_id", "id", "email", "email_norm", "first_name", "last_name", "name_sort", "search_text", "title",
    "seniority", "persona", "account_id", "state", "provenance", "products", "use_cases", "languages", "nps",
    "consents", "accepted_ask_kinds", "invited_at", "enrolled_at", "activated_at", "paused_at", "available_from",
    "last_ask_at", "last_act_at", "external_id", "company", "time_zone", "link_version", "invitation_count", "version",
    "created_at",
)  # fmt: skip
Row = tuple[Any, ...]


def write_people(connection: psycopg.Connection, tenant_id: UUID, people: int, seed: int = 7) -> None:
    """A company for every five people, as different from each other as in a file of a CRM."""
    chance = random.Random(seed)
    companies = [uuid7() for _ in range(max(people // 5, 1))]
    _copy(connection, "accounts", ACCOUNT_COLUMNS, _accounts(chance, tenant_id, companies))
    _copy(connection, "advocates", PERSON_COLUMNS, _people(chance, tenant_id, companies, people))


def _copy(connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterator[Row]) -> None:
    with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _accounts(chance: random.Random, tenant_id: UUID, ids: Sequence[UUID]) -> Iterator[Row]:
    for number, each in enumerate(ids):
        name, owner = (
            f"{chance.choice(NOUNS)} {chance.choice(TRADES)} {number}",
            f"owner{number % 30}@acme.example",
        )
        yield (
            tenant_id, each, name, normal_name(name), search_text([name]), chance.choice(INDUSTRIES),
            chance.choice(REGIONS), chance.randrange(20, 40_000), chance.choice((None, chance.randrange(10**8))),
            "EUR", chance.choice(HEALTH), chance.choice((None, date(2026, 1, 1) + timedelta(chance.randrange(700)))),
            owner, owner, "", "", "", [], 1, NOW, RELATIONSHIPS[number % 10],
        )  # fmt: skip


def _title(number: int, chance: random.Random) -> str:
    """One of them is rare."""
    common = chance.choice(("CFO", "Controller", "VP Finance"))
    return "Treasurer" if number % 500 == 3 else common


def _people(chance: random.Random, tenant_id: UUID, companies: Sequence[UUID], people: int) -> Iterator[Row]:
    for number in range(people):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        state, account = chance.choice(STATES), chance.choice(companies)
        joined = NOW - timedelta(days=chance.randrange(30, 900)) if state in {"enrolled", "paused"} else None
        asked = joined + timedelta(days=20) if joined and chance.random() < 0.5 else None
        helped = asked + timedelta(hours=chance.randrange(100)) if asked and chance.random() < 0.6 else None
        yield (
            tenant_id, uuid7(), f"p{number}@c{number % 977}.example", f"p{number}@c{number % 977}.example", first, last,
            sort_name(first, last), search_text((last, first)), _title(number, chance),
            chance.choice(("vp", "director", "staff", "")), chance.choice(("it", "finance", "data", "")),
            None if number % 20 == 7 else account, state, PROVENANCES[number % 10],
            chance.sample(PRODUCTS, chance.randrange(1, 4)),
            chance.sample(USE_CASES, 2), ["en"], chance.choice((None, chance.randrange(11))), chance.choice(CONSENTS),
            ["call", "quote"], joined, joined, helped, NOW if state == "paused" else None,
            chance.choice((None, date(2026, 5, 1) + timedelta(number % 60))), asked, helped, "",
            f"Company {number % 91}" if number % 20 == 7 else "", "", 1, 0, 1, NOW,
        )  # fmt: skip
