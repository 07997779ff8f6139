"""What a worker process holds: its settings and the door letters leave by. Opened once at the start."""

from dataclasses import dataclass
from datetime import timedelta

from portal.doors import open_doors
from portal.gateways.bell import Bell
from portal.gateways.mail import MailGateway
from portal.gateways.post import gateway
from portal.outreach import sender
from portal.settings import Settings


@dataclass
class Office:
    bell: Bell
    mail: MailGateway
    redis_url: str
    public_url: str
    lease: timedelta
    doubt: timedelta  # how long news of a letter may take
    silence: timedelta  # how long to wait for news of any letter
    sendgrid_url: str
    dns_server: str


class NotOpen(RuntimeError):
    """A job ran in a process that did not call `open_office`."""


_open: list[Office] = []


def open_office(settings: Settings, bell: Bell | None = None) -> Office:
    """Database, bell, link key and mail gateway of this process."""
    sender.configure(settings.mail_from)
    made = Office(
        bell=bell or open_doors(settings),
        mail=gateway(settings),
        redis_url=settings.redis_url,
        public_url=settings.public_url.rstrip("/"),
        lease=timedelta(seconds=int(settings.lease_seconds)),
        doubt=timedelta(seconds=int(settings.doubt_seconds)),
        silence=timedelta(seconds=int(settings.silence_seconds)),
        sendgrid_url=settings.sendgrid_url,
        dns_server=settings.dns_server,
    )
    _open[:] = [made]
    return made


def office() -> Office:
    if not _open:
        raise NotOpen("Start workers with `python -m jobs.worker <queue>`.")
    return _open[0]
