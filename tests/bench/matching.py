"""How long matching takes at 100,000 advocates: `python -m tests.bench.matching`. JSON lines, medians of seven runs.

Beside it, in the same run: the limit (a bare count over the same people as the same role) and a small workspace.
"""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text

from portal.app import create_app
from portal.asks.models import AskKind
from portal.references.criteria import MatchCriteria
from portal.references.matching import queries
from portal.settings import Settings
from tenants.database import tenant_session
from tests.bench.bench_server import bench_server
from tests.world import World

RUNS = 7
POOLS = {"large": 100_000, "small": 900}  # workspaces and their people
CRITERIA = MatchCriteria(
    kind=AskKind.CALL,
    prospect="Initech",
    prospect_norm="initech",
    product="Ledger Pro",
    industry="Industrials",
    region="NA",
    use_case="Month-end close",
    persona="it",
    company_size="5,000-19,999",
    language="en",
)
ACCOUNTS = """
    INSERT INTO accounts (tenant_id, id, name, name_norm, relationship, industry, region, employees, health)
    SELECT %(tenant)s, gen_random_uuid(), 'Company ' || n, 'company ' || n, 'customer',
        (array['Industrials','Materials','Financials','Energy','Utilities'])[1 + n %% 5],
        (array['NA','NA','EMEA','APAC'])[1 + n %% 4], 100 * (1 + n %% 400),
        (array['green','green','green','yellow','unknown'])[1 + n %% 5]
    FROM generate_series(1, %(accounts)s) n"""
PEOPLE = """
    INSERT INTO advocates (tenant_id, id, email, email_norm, name_sort, seniority, persona, account_id, state,
        provenance, products, use_cases, languages, time_zone, nps, consents, accepted_ask_kinds,
        enrolled_at)
    SELECT %(tenant)s, gen_random_uuid(), 'p' || n || '@c.example', 'p' || n || '@c.example', 'no' || n,
        (array['vp','director','staff'])[1 + n %% 3], (array['it','finance','data'])[1 + n %% 3], a.id,
        CASE WHEN n %% 10 < 8 THEN 'enrolled' ELSE 'candidate' END, 'imported',
        (array['{Ledger,Ledger Pro}','{Flow}','{Ledger Pro,Insights}'])[1 + n %% 3]::text[],
        (array['{Month-end close}','{Planning}'])[1 + n %% 2]::text[], '{en}',
        (array['America/New_York','Europe/Berlin','Asia/Tokyo'])[1 + n %% 3], n %% 11,
        (array['{calls,name}','{name}','{calls}','{calls,events}'])[1 + n %% 4]::text[], '{call,quote,written}',
        now() - interval '1 year'
    FROM (SELECT id, row_number() OVER () AS k FROM accounts WHERE tenant_id = %(tenant)s) a
    JOIN generate_series(1, %(people)s) n ON a.k = 1 + n %% %(accounts)s"""
ASKS = """
    INSERT INTO asks (tenant_id, id, kind, advocate_id, account_id, subject_type, subject_id, minutes, due_on, state,
        sent_at, answered_at, decline_reason, off_platform)
    SELECT %(tenant)s, gen_random_uuid(), (array['call','quote','written'])[1 + n %% 3], p.id, p.account_id,
        'reference_requests', gen_random_uuid(), 20, current_date,
        (array['completed','declined','expired'])[1 + n %% 3], at, at + interval '1 day',
        CASE WHEN n %% 3 = 1 THEN 'too_busy' END, false
    FROM (SELECT id, account_id, row_number() OVER () AS k FROM advocates WHERE tenant_id = %(tenant)s) p
    JOIN generate_series(1, 3) n ON true,
    LATERAL (SELECT now() - make_interval(days => ((p.k * 7 + n * 131) %% 720)::int) AS at) sent"""
EMPTY = {
    "text": "''",
    "ARRAY": "'{}'",
    "jsonb": "'{}'",
    "integer": "1",
    "timestamp with time zone": "now()",
    "boolean": "false",
}
REQUIRED = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
        AND is_generated = 'NEVER' AND table_name IN ('accounts', 'advocates', 'asks')"""


def main(pools: Mapping[str, int] = POOLS) -> None:
    server, settings = _server()
    app = create_app(settings)
    for name, people in pools.items():
        tenant_id = World.build(app, name).tenant_id
        _fill(server, tenant_id, people)
        _report(tenant_id, name, people)


def _report(tenant_id: UUID, name: str, people: int) -> None:
    limit = _median(tenant_id, lambda session: session.execute(text("SELECT count(nps) FROM advocates")))
    for what, act in (
        ("candidates", lambda session: queries.candidates(session, CRITERIA)),
        ("live_count", lambda session: queries.count_matches(session, CRITERIA)),
    ):
        took = _median(tenant_id, act)
        line = {"name": f"matching_{what}_{people}", "value": round(took, 1), "unit": "ms"}
        against = {"ratio": round(took / limit, 1), "against": round(limit, 1)}
        print(json.dumps(line | against), flush=True)  # noqa: T201


def _median(tenant_id: UUID, act: Callable[[Any], object]) -> float:
    times = []
    for _ in range(RUNS):
        with tenant_session(tenant_id, read_only=True) as session:
            session.connection()
            begun = time.perf_counter()
            act(session)
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _server() -> tuple[str, Settings]:
    return bench_server()


def _fill(superuser: str, tenant_id: UUID, people: int) -> None:
    with psycopg.connect(superuser, autocommit=True) as connection:
        for table, column, kind in connection.execute(REQUIRED).fetchall():
            if kind in EMPTY:
                connection.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT {EMPTY[kind]}")
        for sql in (ACCOUNTS, PEOPLE, ASKS):
            connection.execute(sql, {"tenant": tenant_id, "people": people, "accounts": max(people // 5, 1)})
        for _ in range(2):  # the first may come too early to mark pages as seen by all
            connection.execute("VACUUM ANALYZE accounts, advocates, asks, meetings, meeting_answers")


if __name__ == "__main__":
    main()
