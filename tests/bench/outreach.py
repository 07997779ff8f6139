"""100,000 emails of one text through the real mail worker: `python -m tests.bench.outreach`. JSON lines.

Beside it, in the same run: the limit (the same personalizations, encoded and posted in a bare loop), and one job per
recipient, which is what people usually write. All of them post to the same sink over HTTP.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from html import escape
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psutil import Process
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from jobs import mail
from jobs.worker_context import open_worker_context, worker_context
from portal.app import create_app
from portal.bootstrap import log_problems_only
from portal.demo import embedded
from portal.gateways import email_ids
from portal.gateways.mail import AddressedEmail, Bundle, unsubscribe_headers
from portal.gateways.queue import JobQueue, WorkQueue
from portal.gateways.sendgrid_body import shared_body
from portal.outreach.models import Email
from portal.outreach.templates.rendering import TemplateSet
from portal.settings import Settings
from tenants.database import tenant_session
from tests.bench.mailing import HELD, Mailing
from tests.bench.matching import _server
from tests.chaos.sendgrid_process import SendGrid

Row = tuple[
    str, str, str, str, str, str
]  # address, name, company, id for the provider, preferences, unsubscribe
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
        open_worker_context(settings, JobQueue(settings.redis_url))
        rows, limit = _rows(mailing)
        (worker, _) = left.enter_context(workers(settings, WorkQueue.MAIL))
        few = _after_few(settings, mailing, worker)
        rounds = [_round(settings, mailing, worker, sink, rows, limit) for _ in range(ROUNDS)]
    _report(rounds, few)


@dataclass(frozen=True)
class Limit:
    """The bare loop's own email."""

    forms: Mapping[str, str]
    shared: Mapping[str, Any]


@dataclass(frozen=True)
class Round:
    """Emails a second, one after the other, so that a machine that grows slow slows all of them; memory in MB."""

    limit: float
    alone: float
    rate: float
    most: float


def _round(
    settings: Settings, mailing: Mailing, worker: Process, sink: SendGrid, rows: Sequence[Row], limit: Limit
) -> Round:
    before = _posted(sink, rows, limit)
    alone = _job_per_recipient(settings, mailing)
    rate, most = _through_the_worker(settings, mailing, worker)
    return Round((before + _posted(sink, rows, limit)) / 2, alone, rate, most)


def _report(rounds: Sequence[Round], few: float) -> None:
    rate = statistics.median(one.rate for one in rounds)
    for name, against in (("bare_loop", "limit"), ("job_per_recipient", "alone")):
        ratio = statistics.median(one.rate / getattr(one, against) for one in rounds)
        _say(
            f"outreach_vs_{name}",
            rate,
            "emails/s",
            ratio,
            statistics.median(getattr(one, against) for one in rounds),
        )
    most = max(one.most for one in rounds)
    _say("outreach_rss_growth", most, "MB", most / few, few)


def stack(folder: Path, left: ExitStack) -> tuple[str, Settings, SendGrid]:
    log_problems_only()  # of this process; the workers log what they do
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


def _after_few(settings: Settings, mailing: Mailing, worker: Process) -> float:
    """The worker's memory in MB after 10,000 emails."""
    mailing.forget_emails()
    mailing.queue("few:", FEW)
    _until_done(settings, mailing, worker)
    return _megabytes(worker)


def _through_the_worker(settings: Settings, mailing: Mailing, worker: Process) -> tuple[float, float]:
    """Emails a second, and the most memory in MB."""
    mailing.forget_emails()
    mailing.queue("bench:", MANY)
    took, most = _until_done(settings, mailing, worker)
    _insist(mailing)
    return MANY / took, most


@contextmanager
def workers(settings: Settings, *queues: WorkQueue) -> Iterator[list[Process]]:
    """The programs of production, and the ticker that wakes them."""
    given = {name.upper(): str(value) for name, value in asdict(settings).items() if value}
    env = {"PATH": os.defpath, "TZ": "UTC"} | given
    programs = [
        subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        for words in (*(["jobs.worker", queue.value] for queue in queues), ["jobs.ticker"])
    ]
    try:
        yield [Process(program.pid) for program in programs]
    finally:
        for program in programs:
            program.terminate()
            program.wait(30)


def _until_done(settings: Settings, mailing: Mailing, worker: Process) -> tuple[float, float]:
    """Seconds from the bell until no email is on its way, and the most memory the worker had meanwhile."""
    most, began = 0.0, time.perf_counter()
    JobQueue(settings.redis_url).wake(WorkQueue.MAIL.value)
    with psycopg.connect(mailing.superuser, autocommit=True) as looking:
        while mailing.is_waiting(looking):
            most = max(most, _megabytes(worker))
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError(mailing.states())
            time.sleep(0.1)
    return time.perf_counter() - began, most


def _megabytes(process: Process) -> float:
    return float(process.memory_info().rss / 1e6)


def _insist(mailing: Mailing) -> None:
    """Every rule has held its share, and all others left."""
    states = mailing.states()
    accepted = states[("accepted", "")]
    if accepted != round(MANY * (1 - HELD)) or len(states) < 5:
        raise AssertionError(states)


def _rows(mailing: Mailing) -> tuple[list[Row], Limit]:
    """What the bare loop reads: plain rows in memory, made before any clock runs."""
    mailing.queue("rows:", MANY)
    rows: list[Row] = []
    while (
        batch := mail.claim_batch(mailing.world.tenant_id, WorkQueue.MAIL, worker_context())
    ).claim.checked:
        (bundle,), _ = mail.group_emails(batch)
        emails = {email.id: email for email in batch.claim.emails}
        rows += [_row(batch.templates, emails[one.id], one, bundle) for one in bundle.emails]
    forms = _forms(bundle.emails[0], rows[-len(bundle.emails)])
    if _personalization(forms, rows[-1])["substitutions"] != bundle.emails[-1].substitutions:
        raise AssertionError("the bare loop writes something else")
    return rows, Limit(forms, shared_body(bundle, bundle.template))


def _row(desk: TemplateSet, email: Any, one: AddressedEmail, bundle: Bundle) -> Row:
    known = desk.merge_data(email)
    gw = email_ids.encode(bundle.tenant_id, one.id)
    return (
        one.recipient,
        one.recipient_name,
        email.fields["company"],
        gw,
        known.link("preferences"),
        one.unsubscribe,
    )


def _posted(sink: SendGrid, rows: Sequence[Row], limit: Limit) -> float:
    """The bare loop: emails a second. Dicts from rows in memory, JSON, one connection kept open, 1,000 a call."""
    connection = HTTPConnection(urlsplit(sink.url).netloc)
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    began = time.perf_counter()
    for first in range(0, len(rows), A_CALL):
        people = [_personalization(limit.forms, row) for row in rows[first : first + A_CALL]]
        body = json.dumps({**limit.shared, "personalizations": people}, separators=(",", ":")).encode()
        connection.request("POST", "/v3/mail/send", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.ACCEPTED:
            raise AssertionError(answer.status)
    return len(rows) / (time.perf_counter() - began)


def _forms(one: AddressedEmail, row: Row) -> dict[str, str]:
    """What a loop written for this one email would hold: each blank with places for what differs between readers."""
    _, name, company, _, preferences, unsubscribe = row
    places = {
        "{links}": preferences,
        "{stop}": unsubscribe,
        "{company}": escape(company),
        "{first}": name.split()[0],
    }
    forms = dict(one.substitutions)
    for place, value in places.items():
        forms = {tag: form.replace(value, place) for tag, form in forms.items()}
    return {tag: form.replace(company, "{company_as_is}") for tag, form in forms.items()}


def _personalization(forms: Mapping[str, str], row: Row) -> dict[str, Any]:
    email, name, company, gw, preferences, unsubscribe = row
    given = {"first": escape(name.split()[0]), "company": escape(company), "company_as_is": company}
    given |= {"links": preferences, "stop": unsubscribe}
    return {
        "to": [{"email": email, "name": name}],
        "substitutions": {tag: form.format_map(given) for tag, form in forms.items()},
        "custom_args": {"gw": gw},
        "headers": unsubscribe_headers(unsubscribe),
    }


def _job_per_recipient(settings: Settings, mailing: Mailing) -> float:
    """Emails a second by RQ's SimpleWorker in a process that has the app imported: a job for each email."""
    mailing.forget_emails()
    mailing.queue("alone:", ALONE, queue="alone")  # no worker of the house looks at
    tenant_id, bell = mailing.world.tenant_id, JobQueue(settings.redis_url)
    with tenant_session(tenant_id, read_only=True) as session:
        ids = session.scalars(select(Email.id).where(Email.occasion.startswith("alone:"))).all()
    queue = Queue("one_by_one", connection=bell.redis, serializer=JSONSerializer)
    for email_id in ids:
        queue.enqueue("tests.bench.job_per_recipient.send", str(tenant_id), str(email_id), result_ttl=0)
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
