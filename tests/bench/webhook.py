"""10,000 signed events of a mail provider: `python -m tests.bench.webhook`. JSON lines, medians.

The storing step as the app's role, beside a bare COPY of the same columns into the same table by the superuser; and
the whole of one post over a real loopback server, from its first byte to the answer.
"""

import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
from uuid_utils import uuid7

from portal import inbox
from portal.app import create_app
from portal.cli import upgrade_database
from portal.demo import embedded
from portal.demo.processes import free_port
from portal.demo.stack import Stack, programs
from portal.gateways import email_ids
from portal.settings import Settings
from portal.webhooks.sendgrid_events import SOURCE, StoredEvent, events_by_workspace
from tests.fakes.sendgrid_events import Signer, event
from tests.world import World

EVENTS, RUNS = 10_000, 5
LEAST, MOST_SECONDS = 0.25, 1.0
KINDS = ("processed", "delivered", "open", "click")
URL = "https://goodword.example/a/" + "q" * 67
COPY = "COPY received_events (tenant_id, id, created_at, source, external_id, payload) FROM STDIN"


def told(world: World) -> bytes:
    """Events as SendGrid words them, each with an id that was never told before."""
    return json.dumps([_event(world, n) for n in range(EVENTS)]).encode()


def _event(world: World, number: int) -> dict[str, Any]:
    kind = KINDS[number % len(KINDS)]
    more: dict[str, Any] = {"response": "250 2.0.0 OK: queued as 4XyZ"} if kind == "delivered" else {}
    if kind in {"open", "click"}:
        more = {"useragent": "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)", "ip": "203.0.113.7"}
    if kind == "click":
        more["url"] = URL
    email = email_ids.encode(world.tenant_id, world.tenant_id)
    return event(kind, email, f"p{number}@customer.example", **more)


def kept_of(world: World, body: bytes) -> list[StoredEvent]:
    return list(events_by_workspace(body)[world.tenant_id])


def store(world: World, events: list[StoredEvent]) -> float:
    return timed(lambda: _store(world, events))


def _store(world: World, events: list[StoredEvent]) -> None:
    with world.session() as session:
        inbox.store_events(session, SOURCE, events)


def copy(superuser: str, world: World, events: list[StoredEvent]) -> float:
    """Written out before the clock runs: nothing but COPY is measured."""
    now = "2026-11-30 09:00+00"
    lines = "".join(
        f"{world.tenant_id}\t{uuid7()}\t{now}\t{SOURCE}\t{name}\t{json.dumps(payload)}\n"
        for name, payload in events
    )
    with psycopg.connect(superuser) as connection:
        return timed(lambda: _copy(connection, lines))


def _copy(connection: psycopg.Connection, lines: str) -> None:
    with connection.cursor().copy(COPY) as copying:
        copying.write(lines)
    connection.commit()


def post(port: int, signer: Signer, body: bytes) -> float:
    headers = signer.headers(body)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.connect()
    seconds = timed(lambda: _post(line, body, headers))
    line.close()
    return seconds


def _post(line: http.client.HTTPConnection, body: bytes, headers: dict[str, str]) -> None:
    line.request("POST", "/hooks/sendgrid", body, headers)
    assert line.getresponse().status == 204


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def settings_of(superuser: str, port: int, signer: Signer) -> Settings:
    passwords = {embedded.OWNER: "o" * 32, embedded.APP: "a" * 32}
    embedded.make_roles(superuser, passwords)
    embedded.make_database(superuser)
    urls = [
        embedded.url_for_role(superuser, role, passwords[role]) for role in (embedded.APP, embedded.OWNER)
    ]
    return Settings(
        database_url=urls[0],
        database_owner_url=urls[1],
        wall_key="k" * 40,
        secret_key="s" * 40,
        data_key="d" * 40,
        redis_url="redis://127.0.0.1:9/0",
        public_url=f"http://127.0.0.1:{port}",
        goodword_env="development",
        sendgrid_webhook_key=signer.public_key,
    )


@contextmanager
def serving(settings: Settings, port: int, folder: Path) -> Iterator[None]:
    """The web processes as they are started everywhere else."""
    given = {name.upper(): value for name, value in asdict(settings).items() if isinstance(value, str)}
    stack = Stack()
    try:
        stack.start({"web": programs(port)["web"]}, {**os.environ, **given}, folder)
        stack.wait_for(f"http://127.0.0.1:{port}/healthz")
        yield
    finally:
        stack.stop()


def measured(folder: Path) -> Iterator[dict[str, object]]:
    superuser, port, signer = embedded.throwaway_postgres(folder), free_port(), Signer()
    settings = settings_of(superuser, port, signer)
    upgrade_database(settings)
    world = World.build(create_app(settings), "Acme")
    database = superuser.rsplit("/", 1)[0] + f"/{embedded.DATABASE}"
    store(world, kept_of(world, told(world)))  # the first of all is slower for everybody
    yield compared(*(EVENTS / seconds for seconds in storing(world, database)))
    with serving(settings, port, folder):
        post(port, signer, b"[]")
        seconds = statistics.median(post(port, signer, told(world)) for _ in range(RUNS))
    yield {"name": "webhook_answer_seconds", "value": round(seconds, 3), "unit": "s", "against": MOST_SECONDS}


def storing(world: World, database: str) -> tuple[float, float]:
    """Interleaved, so that a busy machine is busy for both."""
    rounds = [
        (store(world, kept_of(world, told(world))), copy(database, world, kept_of(world, told(world))))
        for _ in range(RUNS)
    ]
    ours, bare = zip(*rounds, strict=True)
    return statistics.median(ours), statistics.median(bare)


def compared(value: float, against: float) -> dict[str, object]:
    ratio = round(value / against, 3)
    return {
        "name": "webhook_store_vs_copy",
        "value": round(value),
        "unit": "events/s",
        "ratio": ratio,
        "against": round(against),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        stored, answered = measured(Path(folder))
    for line in (stored, answered):
        sys.stdout.write(json.dumps(line) + "\n")
    slow = [stored] if float(str(stored["ratio"])) < LEAST else []
    slow += [answered] if float(str(answered["value"])) > MOST_SECONDS else []
    sys.exit(f"Slower than promised: {slow}" if slow else 0)


if __name__ == "__main__":
    main()
