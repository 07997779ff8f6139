"""The one thread of a process that makes pages. It waits for no client: what it reads is all here, what it writes is
gathered, and the event loop sends it at whatever pace the reader has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from portal.web.disk_quota import DiskQuota, QuotaExceeded
from portal.web.refusal_pages import REFUSAL_KEY, BodyRefusal
from portal.web.spool import IN_MEMORY, Spool
from portal.web.wsgi_environ import WsgiEnviron

Headers = list[tuple[bytes, bytes]]


@dataclass
class BufferedResponse:
    body: Spool
    status: int = 500
    headers: Headers = field(default_factory=list)

    def start(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self.body.write


def run_app(app: WSGIApplication, given: WsgiEnviron, room: DiskQuota) -> BufferedResponse:
    try:
        return _collect(app, given, room)
    except QuotaExceeded:
        return _collect(app, given | {REFUSAL_KEY: BodyRefusal.NO_DISK_SPACE}, room)


def _collect(app: WSGIApplication, given: WsgiEnviron, room: DiskQuota) -> BufferedResponse:
    gathered = BufferedResponse(Spool(room, free=IN_MEMORY))
    start: StartResponse = gathered.start
    parts: Iterable[bytes] = app(given, start)
    try:
        for part in parts:
            gathered.body.write(part)
    except BaseException:
        gathered.body.close()
        raise
    finally:
        getattr(parts, "close", lambda: None)()
    return gathered
