"""What a worker process holds: its settings and the gateway emails leave by. Opened once at the start."""

from dataclasses import dataclass
from datetime import timedelta

from portal.bootstrap import connect_services
from portal.gateways.factory import installation_gateway
from portal.gateways.mail import MailGateway
from portal.gateways.queue import JobQueue
from portal.outreach.senders import default_sender
from portal.settings import Settings


@dataclass
class WorkerContext:
    queues: JobQueue
    mail: MailGateway
    redis_url: str
    public_url: str
    lease: timedelta
    event_wait: timedelta  # how long news of an email may take
    max_event_wait: timedelta  # how long to wait for news of any email
    sendgrid_url: str
    dns_server: str


class ContextNotOpen(RuntimeError):
    """A job ran in a process that did not call `open_worker_context`."""


_open: list[WorkerContext] = []


def open_worker_context(settings: Settings, queues: JobQueue | None = None) -> WorkerContext:
    default_sender.configure(settings.mail_from)
    made = WorkerContext(
        queues=queues or connect_services(settings),
        mail=installation_gateway(settings),
        redis_url=settings.redis_url,
        public_url=settings.public_url.rstrip("/"),
        lease=timedelta(seconds=int(settings.lease_seconds)),
        event_wait=timedelta(seconds=int(settings.unknown_seconds)),
        max_event_wait=timedelta(seconds=int(settings.event_silence_seconds)),
        sendgrid_url=settings.sendgrid_url,
        dns_server=settings.dns_server,
    )
    _open[:] = [made]
    return made


def worker_context() -> WorkerContext:
    if not _open:
        raise ContextNotOpen("Start workers with `python -m jobs.worker <queue>`.")
    return _open[0]
