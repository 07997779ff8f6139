"""What providers send us: stored by the provider's own id, answered at once, handled by a job.

Repeats are harmless (the id is unique) and so is disorder (what they change only ever moves on).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from psycopg import Connection
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session
from uuid_utils import uuid7

from portal.gateways.queue import WorkQueue
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import tenant_of, wake_after_commit

# COPY is refused on walled tables, so events go through a temporary one. A few take the short way past it.
CREATE_TEMP_TABLE = "CREATE TEMP TABLE arriving (id uuid, external_id text, payload jsonb) ON COMMIT DROP"
COPY_INTO_TEMP_TABLE = "COPY arriving (id, external_id, payload) FROM STDIN"
COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
SMALL_BATCH = 200
FROM_PARAMETERS = (
    "unnest(%(ids)s::uuid[], %(names)s::text[], %(payloads)s::jsonb[]) AS arriving (id, external_id, payload)"
)
INSERT_NEW = """
    INSERT INTO received_events (tenant_id, id, created_at, source, external_id, payload)
    SELECT %(tenant)s, id, %(now)s, %(source)s, external_id, payload FROM {arriving}
    ORDER BY external_id  -- in one order, so that two deliveries never lock crosswise
    ON CONFLICT DO NOTHING"""


class ReceivedEvent(TenantOwned):
    __tablename__ = "received_events"
    rules = (
        UniqueConstraint("tenant_id", "source", "external_id"),
        Index("ix_received_events_waiting", "tenant_id", "id", postgresql_where="handled_at IS NULL"),
    )
    source: Mapped[str]  # "sendgrid", "stripe"
    external_id: Mapped[str]
    payload: Mapped[dict[str, Any]]
    handled_at: Mapped[datetime | None]


def store_events(session: Session, source: str, events: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Keep (external id, payload) pairs that are new, and wake whoever handles them."""
    kept = dict(events)
    if not kept:
        return
    given = {"tenant": tenant_of(session), "now": utc_now(), "source": source}
    driver = cast(
        Connection, session.connection().connection.driver_connection
    )  # COPY is spoken below SQLAlchemy
    if len(kept) <= SMALL_BATCH:
        driver.execute(INSERT_NEW.format(arriving=FROM_PARAMETERS), given | _as_parameters(kept))
    else:
        _copy_and_insert(driver, kept, given)
    wake_after_commit(session, WorkQueue.MESSAGES)


def _as_parameters(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    ids = [str(uuid7()) for _ in kept]
    return {"ids": ids, "names": list(kept), "payloads": [json.dumps(payload) for payload in kept.values()]}


def _copy_and_insert(
    driver: Connection, kept: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any]
) -> None:
    driver.execute(CREATE_TEMP_TABLE)
    with driver.cursor() as cursor, cursor.copy(COPY_INTO_TEMP_TABLE) as copy:
        copy.write("".join(_copy_line(name, payload) for name, payload in kept.items()))
    driver.execute(INSERT_NEW.format(arriving="arriving"), given)
    driver.execute("DROP TABLE arriving")  # a unit of work may receive twice


def _copy_line(external_id: str, payload: Mapping[str, Any]) -> str:
    return f"{uuid7()}\t{_escape(external_id)}\t{_escape(json.dumps(payload))}\n"


def _escape(value: str) -> str:
    return value.translate(COPY_ESCAPES)
