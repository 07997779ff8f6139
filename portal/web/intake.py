"""What of a body is taken, by the event loop: as much as its route, its cookie and the host's room allow, and no
slower than PACE. What is refused is refused before a byte is read, where its length is said."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from werkzeug.http import parse_cookie

from portal.web.caps import STRANGERS, Cap
from portal.web.environment import Headers, first
from portal.web.refusals import Refusal
from portal.web.room import NoRoom, Room
from portal.web.spool import Spool

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
    """Seconds until a body has to begin; then each stretch of so many seconds has to bring its bytes."""

    begin: float = 10
    stretch: float = 10
    bytes_a_second: int = 1000


@dataclass(frozen=True)
class Limit:
    size: int
    refused: Refused
    stranger: bool


@dataclass(frozen=True)
class Intake:
    """`cap` knows how much a method and a path take, `is_signed` whether a session's cookie is one of ours."""

    cap: Callable[[str, str], Cap]
    is_signed: Callable[[str], bool]
    cookie: str
    room: Room
    pace: Pace = field(default_factory=Pace)

    async def take(self, scope: Any, receive: Receive) -> Spool:
        """All of the body. Raises Refused or Gone, and then nothing of it is kept."""
        headers: Headers = scope["headers"]
        length = first(headers, b"content-length")
        if length in {"", "0"} and not first(headers, b"transfer-encoding"):
            return Spool(self.room)
        limit = self.limit(self.cap(scope["method"], scope["path"]), headers)
        if length.isdecimal() and int(length) > limit.size:
            raise limit.refused
        with ExitStack() as left:
            body = left.enter_context(closing(Spool(self.room, stranger=limit.stranger)))
            await self._in_time(receive, body, limit)
            left.pop_all()
        return body

    def limit(self, cap: Cap, headers: Headers) -> Limit:
        stranger = not self.is_signed(self._cookie(headers))
        if stranger and cap.size > STRANGERS and not cap.from_anybody:
            return Limit(STRANGERS, Refused(Refusal.TOO_LARGE_FOR_A_STRANGER), stranger)
        return Limit(cap.size, Refused(Refusal.TOO_LARGE, cap.words), stranger)

    def _cookie(self, headers: Headers) -> str:
        found = (value for name, value in headers if name == b"cookie" and self.cookie.encode() in value)
        return parse_cookie(next(found, b"").decode("latin-1")).get(self.cookie, "")

    async def _in_time(self, receive: Receive, body: Spool, limit: Limit) -> None:
        try:
            async with asyncio.timeout(self.pace.begin) as patience:
                await self._read(receive, body, limit, patience)
        except TimeoutError:
            raise Refused(Refusal.TOO_SLOW) from None
        except NoRoom:
            raise Refused(Refusal.NO_ROOM) from None

    async def _read(self, receive: Receive, body: Spool, limit: Limit, patience: asyncio.Timeout) -> None:
        """One timer a stretch, not one a byte: two thousand who trickle cost next to nothing."""
        here, wanted = 0, 1
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part = message.get("body", b"")
            if body.size + len(part) > limit.size:
                raise limit.refused
            body.write(part)
            if not message.get("more_body"):
                return
            here += len(part)
            if here >= wanted:
                here, wanted = 0, int(self.pace.stretch * self.pace.bytes_a_second)
                patience.reschedule(asyncio.get_running_loop().time() + self.pace.stretch)
