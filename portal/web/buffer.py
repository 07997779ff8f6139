"""Between the server and the pages: it waits for slow senders and slow readers, so that no page thread ever does.

An ASGI application around the WSGI one. The event loop takes a body, the page thread gets all of it at once and gives
back the whole answer, the event loop sends it. What the loop refuses is answered in words and ends the connection.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any
from wsgiref.types import WSGIApplication

from portal.web.body_reader import AsgiMessage, AsgiReceive, BodyReader, BodyRefused, ClientGone
from portal.web.page_thread import BufferedResponse, run_app
from portal.web.refusal_pages import ALLOWED_KEY, REFUSAL_KEY, BodyRefusal
from portal.web.socket_timeouts import close_stalled_connections
from portal.web.wsgi_environ import WsgiEnviron, first_header, wsgi_environ

Send = Callable[[AsgiMessage], Awaitable[None]]
OPEN_GRACE = 30.0  # seconds an answer on disk stays open here; the server has opened it for itself by then
SHORT_WAIT = 0.2  # seconds
PER_RESPONSE_HEADERS = {b"content-length", b"set-cookie", b"vary"}
REFUSED_UNREAD = {BodyRefusal.TOO_LARGE, BodyRefusal.TOO_LARGE_ANONYMOUS, BodyRefusal.NO_DISK_SPACE}


class Buffer:
    def __init__(self, app: WSGIApplication, intake: BodyReader, until_opened: float = OPEN_GRACE) -> None:
        self.app, self.intake, self.until_opened = app, intake, until_opened
        self.refusals: dict[tuple[BodyRefusal, str], BufferedResponse] = {}

    @cached_property
    def page_executor(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, thread_name_prefix="pages", initializer=close_stalled_connections)

    async def __call__(self, scope: Any, receive: AsgiReceive, send: Send) -> None:
        try:
            body = await self.intake.read_body(scope, receive)
        except BodyRefused as refused:
            await self._refuse(scope, receive, send, refused)
        except ClientGone:
            await send(_start_message(400, [(b"connection", b"close")]))
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._forward(scope, body, send)

    async def _forward(self, scope: Any, body: Any, send: Send) -> None:
        try:
            made = await self._render(wsgi_environ(scope, body.rewind(), body.size))
        finally:
            body.close()
        await self._send(made, send)

    async def _render(self, given: WsgiEnviron) -> BufferedResponse:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.page_executor, run_app, self.app, given, self.intake.disk)

    async def _send(self, made: BufferedResponse, send: Send) -> None:
        """An answer on disk is read from there by the server, as the reader takes it: it never fills the memory."""
        if not made.body.is_on_disk:
            await send(_start_message(made.status, made.headers))
            await send({"type": "http.response.body", "body": made.body.read_all()})
            return
        length = (b"content-length", str(made.body.size).encode())
        asyncio.get_running_loop().call_later(self.until_opened, made.body.close)
        made.body.rewind()
        await send(
            _start_message(made.status, [*(each for each in made.headers if each[0] != length[0]), length])
        )
        await send({"type": "http.response.pathsend", "path": made.body.path})

    async def _refuse(self, scope: Any, receive: AsgiReceive, send: Send, refused: BodyRefused) -> None:
        """While it still sends, the page first and then a look at the rest: a line that is cut shows no page.

        Whoever fell silent is told the length, so their page is whole, and never its end, so the server cuts the line.
        """
        looks = refused.refusal in REFUSED_UNREAD and not first_header(scope["headers"], b"expect")
        sends = looks and await _is_sending(receive)
        made = await self._refusal_page(scope, refused)
        length = [] if sends else [(b"content-length", str(made.body.size).encode())]
        await send(_start_message(made.status, [*made.headers, *length, (b"connection", b"close")]))
        await send({"type": "http.response.body", "body": made.body.read_all(), "more_body": True})
        if not sends:
            await asyncio.sleep(SHORT_WAIT)  # what was said goes out first
        elif await _drain(receive, self.intake.pace.begin):
            await send({"type": "http.response.body", "body": b""})  # without it the server cuts the line

    async def _refusal_page(self, scope: Any, refused: BodyRefused) -> BufferedResponse:
        """Made once: it looks at nothing of the request, and who sends us thousands should cost next to nothing."""
        kind = (refused.refusal, refused.allowed)
        if kind not in self.refusals:
            nobody = {**scope, "method": "GET", "raw_path": b"/", "query_string": b"", "headers": []}
            given = wsgi_environ(nobody, io.BytesIO(), 0) | {
                REFUSAL_KEY: refused.refusal,
                ALLOWED_KEY: refused.allowed,
            }
            made = await self._render(given)
            made.headers = [each for each in made.headers if each[0] not in PER_RESPONSE_HEADERS]
            self.refusals[kind] = made
        return self.refusals[kind]


async def _is_sending(receive: AsgiReceive) -> bool:
    """Is something of a body on its way?"""
    try:
        async with asyncio.timeout(SHORT_WAIT):
            return bool((await receive()).get("more_body"))
    except TimeoutError:
        return False


async def _drain(receive: AsgiReceive, seconds: float) -> bool:
    """Nothing of it is kept."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive()).get("more_body"):
                pass
    except TimeoutError:
        return False
    return True


def _start_message(status: int, headers: list[tuple[bytes, bytes]]) -> AsgiMessage:
    return {"type": "http.response.start", "status": status, "headers": headers}
