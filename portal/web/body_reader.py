"""What of a body is taken, by the event loop: as much as its route, its cookie and the host's room allow, and no
slower than its pace. What is refused is refused before a byte is read, where its length is said."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from werkzeug.http import parse_cookie

from portal.web.body_limits import ANONYMOUS_LIMIT, BodyLimit
from portal.web.disk_quota import DiskQuota, QuotaExceeded, QuotaHolder
from portal.web.memory_quota import MemoryQuota
from portal.web.refusal_pages import BodyRefusal
from portal.web.spool import RequestBody, Spool
from portal.web.wsgi_environ import Headers, client_address, first_header

AsgiMessage = MutableMapping[str, Any]
AsgiReceive = Callable[[], Awaitable[AsgiMessage]]


class BodyRefused(Exception):
    def __init__(self, refusal: BodyRefusal, most: str = "") -> None:
        super().__init__(refusal)
        self.refusal, self.allowed = refusal, most


class ClientGone(Exception):
    """The client left before it had sent all of what it announced."""


@dataclass(frozen=True)
class BodyPace:
    """Seconds until a body has to begin; then each stretch of so many seconds has to bring its bytes.

    All of it has to be here after `total` seconds and those its size takes at `total_rate`; a stranger's
    after `anonymous` seconds.
    """

    begin: float = 10
    interval: float = 10
    bytes_a_second: int = 1000
    total: float = 60
    total_rate: int = 50_000  # bytes a second
    anonymous: float = 30

    def deadline(self, size: int, *, stranger: bool) -> float:
        return self.anonymous if stranger else self.total + size / self.total_rate


@dataclass(frozen=True)
class ReadLimit:
    """The most a body may have; `allowed` says it in words, beside `refusal`."""

    size: int
    holder: QuotaHolder
    refusal: BodyRefusal = BodyRefusal.TOO_LARGE
    allowed: str = ""

    def refused(self) -> BodyRefused:
        """Make a new one each time: kept in a name of a frame it would keep itself, and the connection, alive."""
        return BodyRefused(self.refusal, self.allowed)


@dataclass(frozen=True)
class BodyReader:
    """`cap` knows how much a method and a path take, `is_signed` whether a session's cookie is one of ours.
    `proxies`: how many of them in front of us add an address to X-Forwarded-For."""

    limit_for: Callable[[str, str], BodyLimit]
    is_signed: Callable[[str], bool]
    cookie: str
    disk: DiskQuota
    pace: BodyPace = field(default_factory=BodyPace)
    proxies: int = 0
    memory: MemoryQuota = field(default_factory=MemoryQuota)

    async def read_body(self, scope: Any, receive: AsgiReceive) -> Spool:
        """Read all of the body. Raise BodyRefused or ClientGone, and keep nothing."""
        headers: Headers = scope["headers"]
        length = first_header(headers, b"content-length")
        if length in {"", "0"} and not first_header(headers, b"transfer-encoding"):
            return Spool(self.disk)
        limit = self.limit(self.limit_for(scope["method"], scope["path"]), self.holder(scope))
        size = int(length) if length.isdecimal() else 0
        if size > limit.size:
            raise limit.refused()
        seconds = self.pace.deadline(size or limit.size, stranger=limit.holder.is_anonymous)
        with ExitStack() as left:
            body = left.enter_context(closing(RequestBody(self.disk, self.memory, limit.holder)))
            await self._read_in_time(receive, body, limit, seconds)
            left.pop_all()
        return body

    def limit(self, cap: BodyLimit, holder: QuotaHolder) -> ReadLimit:
        if holder.is_anonymous and cap.size > ANONYMOUS_LIMIT and not cap.anonymous:
            return ReadLimit(ANONYMOUS_LIMIT, holder, BodyRefusal.TOO_LARGE_ANONYMOUS)
        return ReadLimit(cap.size, holder, allowed=cap.label)

    def holder(self, scope: Any) -> QuotaHolder:
        cookie = self._cookie(scope["headers"])
        if self.is_signed(cookie):
            return QuotaHolder(cookie, is_anonymous=False)
        return QuotaHolder(client_address(scope, self.proxies), is_anonymous=True)

    def _cookie(self, headers: Headers) -> str:
        found = (value for name, value in headers if name == b"cookie" and self.cookie.encode() in value)
        return parse_cookie(next(found, b"").decode("latin-1")).get(self.cookie, "")

    async def _read_in_time(
        self, receive: AsgiReceive, body: RequestBody, limit: ReadLimit, seconds: float
    ) -> None:
        try:
            async with asyncio.timeout(seconds), asyncio.timeout(self.pace.begin) as patience:
                await self._read(receive, body, limit, patience)
        except TimeoutError:
            raise BodyRefused(BodyRefusal.TOO_SLOW) from None
        except QuotaExceeded:
            raise BodyRefused(BodyRefusal.NO_DISK_SPACE) from None

    async def _read(
        self, receive: AsgiReceive, body: RequestBody, limit: ReadLimit, patience: asyncio.Timeout
    ) -> None:
        """One timer a stretch, not one a byte: two thousand who trickle cost next to nothing."""
        received, expected = 0, 1
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            part = message.get("body", b"")
            if body.size + len(part) > limit.size:
                raise limit.refused()
            body.write(part)
            if not message.get("more_body"):
                return
            received += len(part)
            if received >= expected:
                received, expected = 0, int(self.pace.interval * self.pace.bytes_a_second)
                patience.reschedule(asyncio.get_running_loop().time() + self.pace.interval)
