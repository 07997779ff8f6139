"""100,000 letters of one text through the real mail worker: `python -m tests.bench.outreach`. JSON lines.

Beside it, in the same run: the limit (the same personalizations, encoded and posted in a bare loop), and one job per
recipient, which is what people usually write. All of them post to the same sink over HTTP.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import psutil
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from jobs import mail
from jobs.office import office, open_office
from portal.app import create_app
from portal.demo import embedded
from portal.gateways import letter_ids
from portal.gateways.bell import Bell, Worker
from portal.gateways.mail import Bundle, unsubscribe_headers
from portal.gateways.sendgrid_body import envelope
from portal.outreach.models import Letter
from portal.settings import Settings
from tenants.database import tenant_session
from tests.bench.mailing import HELD, Mailing
from tests.bench.matching import _server
from tests.chaos.provider import SendGrid

Row = tuple[str, str, str, str, tuple[str, ...]]  # address, name, id for the provider, unsubscribe, blanks
ROOT = Path(__file__).resolve().parents[2]
MANY, FEW, ALONE = 100_000, 10_000, 2_000
A_CALL = 1000
ROUNDS = 3
KEY = "SG.bench.key"
PATIENCE = 600.0


def main() -> None:
    with ExitStack() as left, TemporaryDirectory() as folder:
        superuser, settings, sink = stack(Path(folder), left)
        mailing = Mailing.build(create_app(settings), superuser, MANY)
        open_office(settings, Bell(settings.redis_url))
        rate, growth = _through_the_worker(settings, mailing)
        limit = _bare_loop(sink, mailing)
        alone = _job_per_recipient(settings, mailing)
    _say("outreach_vs_bare_loop", rate, "letters/s", rate / limit, limit)
    _say("outreach_vs_job_per_recipient", rate, "letters/s", rate / alone, alone)
    _say("outreach_rss_growth", growth[1], "MB", growth[1] / growth[0], growth[0])


def stack(folder: Path, left: ExitStack) -> tuple[str, Settings, SendGrid]:
    superuser, settings = _server()
    sink = SendGrid.start(folder, {"key": KEY, "sink": True})
    left.callback(sink.child.stop)
    own = replace(
        settings,
        redis_url=embedded.throwaway_valkey(folder),
        mail_url="sendgrid:",
        sendgrid_api_key=KEY,
        sendgrid_url=sink.url,
    )
    return superuser, own, sink


def _through_the_worker(settings: Settings, mailing: Mailing) -> tuple[float, tuple[float, float]]:
    """Letters a second, and the worker's memory in MB after 10,000 and at its most until 100,000."""
    with workers(settings, Worker.MAIL) as (worker, _):
        mailing.queue("bench:", FEW)
        _until_done(settings, mailing, worker)
        after_few = _megabytes(worker)
        mailing.forget_letters()
        mailing.queue("bench:", MANY)
        took, most = _until_done(settings, mailing, worker)
    _insist(mailing)
    return MANY / took, (after_few, most)


@contextmanager
def workers(settings: Settings, *queues: Worker) -> Iterator[list[psutil.Process]]:
    """The programs of production, and the ticker that wakes them."""
    given = {name.upper(): str(value) for name, value in asdict(settings).items() if value}
    env = {"PATH": os.defpath, "TZ": "UTC"} | given
    programs = [
        subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        for words in (*(["jobs.worker", queue.value] for queue in queues), ["jobs.ticker"])
    ]
    try:
        yield [psutil.Process(program.pid) for program in programs]
    finally:
        for program in programs:
            program.terminate()
            program.wait(30)


def _until_done(settings: Settings, mailing: Mailing, worker: psutil.Process) -> tuple[float, float]:
    """Seconds from the bell until no letter is on its way, and the most memory the worker had meanwhile."""
    most, began = 0.0, time.perf_counter()
    Bell(settings.redis_url).ring(Worker.MAIL.value)
    while mailing.waiting():
        most = max(most, _megabytes(worker))
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(mailing.states())
        time.sleep(0.05)
    return time.perf_counter() - began, most


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 1e6)


def _insist(mailing: Mailing) -> None:
    """Every rule has held its share, and all others left."""
    states = mailing.states()
    accepted = states[("accepted", "")]
    if accepted != round(MANY * (1 - HELD)) or len(states) < 5:
        raise AssertionError(states)


def _bare_loop(sink: SendGrid, mailing: Mailing) -> float:
    """Letters a second: dicts from rows in memory, JSON, one connection kept open, 1,000 a call."""
    mailing.forget_letters()
    mailing.queue("limit:", MANY)
    rows, bundle = _rows(mailing)
    return statistics.median(_posted(sink, rows, bundle) for _ in range(ROUNDS))


def _rows(mailing: Mailing) -> tuple[list[Row], Bundle]:
    """What the worker would send, as plain rows: made before the clock runs."""
    rows: list[Row] = []
    while (batch := mail.claim(mailing.world.tenant_id, Worker.MAIL, office())).claim.looked_at:
        (bundle,), _ = mail.bundled(batch)
        for one in bundle.letters:
            gw = letter_ids.encode(bundle.tenant_id, one.id)
            rows.append((one.recipient, one.recipient_name, gw, one.unsubscribe, tuple(one.blanks.values())))
    return rows, bundle


def _posted(sink: SendGrid, rows: Sequence[Row], bundle: Bundle) -> float:
    """Letters a second."""
    tags, shared = list(bundle.letters[0].blanks), envelope(bundle, bundle.paper)
    connection = HTTPConnection(urlsplit(sink.url).netloc)
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    began = time.perf_counter()
    for first in range(0, len(rows), A_CALL):
        people = [_personalization(tags, *row) for row in rows[first : first + A_CALL]]
        body = json.dumps(shared | {"personalizations": people}, separators=(",", ":")).encode()
        connection.request("POST", "/v3/mail/send", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.ACCEPTED:
            raise AssertionError(answer.status)
    return len(rows) / (time.perf_counter() - began)


def _personalization(
    tags: Sequence[str], email: str, name: str, gw: str, unsubscribe: str, values: Sequence[str]
) -> dict[str, Any]:
    return {
        "to": [{"email": email, "name": name}],
        "substitutions": dict(zip(tags, values, strict=True)),
        "custom_args": {"gw": gw},
        "headers": unsubscribe_headers(unsubscribe),
    }


def _job_per_recipient(settings: Settings, mailing: Mailing) -> float:
    """Letters a second by RQ's SimpleWorker in a process that has the app imported: a job for each letter."""
    mailing.forget_letters()
    mailing.queue("alone:", ALONE)
    tenant_id, bell = mailing.world.tenant_id, Bell(settings.redis_url)
    with tenant_session(tenant_id, read_only=True) as session:
        ids = session.scalars(select(Letter.id).where(Letter.occasion.startswith("alone:"))).all()
    queue = Queue("one_by_one", connection=bell.redis, serializer=JSONSerializer)
    for letter_id in ids:
        queue.enqueue("tests.bench.one_by_one.send", str(tenant_id), str(letter_id), result_ttl=0)
    worker = SimpleWorker(
        [queue], connection=bell.redis, serializer=JSONSerializer, log_job_description=False
    )
    began = time.perf_counter()
    worker.work(burst=True, logging_level="ERROR")
    return len(ids) / (time.perf_counter() - began)


def _say(name: str, value: float, unit: str, ratio: float, against: float) -> None:
    said = {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "ratio": round(ratio, 3),
        "against": round(against, 1),
    }
    print(json.dumps(said), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
