"""What of a body is taken, by the event loop: as much as its route, its cookie and the host's room allow, and no
slower than its pace. What is refused is refused before a byte is read, where its length is said."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from werkzeug.http import parse_cookie

from portal.web.caps import STRANGERS, Cap
from portal.web.environment import Headers, address, first
from portal.web.memory import Memory
from portal.web.refusals import Refusal
from portal.web.room import Holder, NoRoom, Room
from portal.web.spool import Body, Spool

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Refused(Exception):
    def __init__(self, refusal: Refusal, most: str = "") -> None:
        super().__init__(refusal)
        self.refusal, self.most = refusal, most


class Gone(Exception):
    """The client left before it had sent all of what it announced."""


@dataclass(frozen=True)
class Pace:
    """Seconds until a body has to begin; then each stretch of so many seconds has to bring its bytes. All of it has
    to be here after `whole` seconds and those its size takes at `whole_rate`; a stranger's after `stranger` seconds."""

    begin: float = 10
    stretch: float = 10
    bytes_a_second: int = 1000
    whole: float = 60
    whole_rate: int = 50_000  # bytes a second
    stranger: float = 30

    def deadline(self, size: int, *, stranger: bool) -> float:
        return self.stranger if stranger else self.whole + size / self.whole_rate


@dataclass(frozen=True)
class Limit:
    """`refusal` is for what is more than `size`, `most` says in it how much is taken."""

    size: int
    holder: Holder
    refusal: Refusal = Refusal.TOO_LARGE
    most: str = ""

    def refused(self) -> Refused:
        """A new one each time: kept in a name of a frame it would keep itself, and the connection, alive."""
        return Refused(self.refusal, self.most)


@dataclass(frozen=True)
class Intake:
    """`cap` knows how much a method and a path take, `is_signed` whether a session's cookie is one of ours.
    `proxies`: how many of them in front of us add an address to X-Forwarded-For."""

    cap: Callable[[str, str], Cap]
    is_signed: Callable[[str], bool]
    cookie: str
    room: Room
    pace: Pace = field(default_factory=Pace)
    proxies: int = 0
    memory: Memory = field(default_factory=Memory)

    async def take(self, scope: Any, receive: Receive) -> Spool:
        """All of the body. Raises Refused or Gone, and then nothing of it is kept."""
        headers: Headers = scope["headers"]
        length = first(headers, b"content-length")
        if length in {"", "0"} and not first(headers, b"transfer-encoding"):
            return Spool(self.room)
        limit = self.limit(self.cap(scope["method"], scope["path"]), self.holder(scope))
        size = int(length) if length.isdecimal() else 0
        if size > limit.size:
            raise limit.refused()
        seconds = self.pace.deadline(size or limit.size, stranger=limit.holder.is_stranger)
        with ExitStack() as left:
            body = left.enter_context(closing(Body(self.room, self.memory, limit.holder)))
            await self._in_time(receive, body, limit, seconds)
            left.pop_all()
        return body

    def limit(self, cap: Cap, holder: Holder) -> Limit:
        if holder.is_stranger and cap.size > STRANGERS and not cap.from_anybody:
            return Limit(STRANGERS, holder, Refusal.TOO_LARGE_FOR_A_STRANGER)
        return Limit(cap.size, holder, most=cap.words)

    def holder(self, scope: Any) -> Holder:
        cookie = self._cookie(scope["headers"])
        if self.is_signed(cookie):
            return Holder(cookie, is_stranger=False)
        return Holder(address(scope, self.proxies), is_stranger=True)

    def _cookie(self, headers: Headers) -> str:
        found = (value for name, value in headers if name == b"cookie" and self.cookie.encode() in value)
        return parse_cookie(next(found, b"").decode("latin-1")).get(self.cookie, "")

    async def _in_time(self, receive: Receive, body: Body, limit: Limit, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), asyncio.timeout(self.pace.begin) as patience:
                await self._read(receive, body, limit, patience)
        except TimeoutError:
            raise Refused(Refusal.TOO_SLOW) from None
        except NoRoom:
            raise Refused(Refusal.NO_ROOM) from None

    async def _read(self, receive: Receive, body: Body, limit: Limit, patience: asyncio.Timeout) -> None:
        """One timer a stretch, not one a byte: two thousand who trickle cost next to nothing."""
        here, wanted = 0, 1
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part = message.get("body", b"")
            if body.size + len(part) > limit.size:
                raise limit.refused()
            body.write(part)
            if not message.get("more_body"):
                return
            here += len(part)
            if here >= wanted:
                here, wanted = 0, int(self.pace.stretch * self.pace.bytes_a_second)
                patience.reschedule(asyncio.get_running_loop().time() + self.pace.stretch)
