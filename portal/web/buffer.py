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

from portal.web.environment import Environment, environment, first
from portal.web.intake import Gone, Intake, Message, Receive, Refused
from portal.web.listening import hang_up_on_the_deaf
from portal.web.page_thread import Answer, answer
from portal.web.refusals import KEY, MOST, Refusal

Send = Callable[[Message], Awaitable[None]]
UNTIL_OPENED = 30.0  # seconds an answer on disk stays open here; the server has opened it for itself by then
A_MOMENT = 0.2  # seconds
OF_ONE_ANSWER = {b"content-length", b"set-cookie", b"vary"}
UNREAD = {Refusal.TOO_LARGE, Refusal.TOO_LARGE_FOR_A_STRANGER, Refusal.NO_ROOM}


class Buffer:
    def __init__(self, app: WSGIApplication, intake: Intake, until_opened: float = UNTIL_OPENED) -> None:
        self.app, self.intake, self.until_opened = app, intake, until_opened
        self.refusals: dict[tuple[Refusal, str], Answer] = {}

    @cached_property
    def thread(self) -> ThreadPoolExecutor:
        """Made by the process that serves, not by the one that starts it."""
        return ThreadPoolExecutor(1, thread_name_prefix="pages", initializer=hang_up_on_the_deaf)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        try:
            body = await self.intake.take(scope, receive)
        except Refused as refused:
            await self._refuse(scope, receive, send, refused)
        except Gone:
            await send(_start(400, [(b"connection", b"close")]))
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._pass_on(scope, body, send)

    async def _pass_on(self, scope: Any, body: Any, send: Send) -> None:
        try:
            made = await self._page(environment(scope, body.rewind(), body.size))
        finally:
            body.close()
        await self._send(made, send)

    async def _page(self, given: Environment) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, answer, self.app, given, self.intake.room)

    async def _send(self, made: Answer, send: Send) -> None:
        """An answer on disk is read from there by the server, as the reader takes it: it never fills the memory."""
        if not made.body.is_on_disk:
            await send(_start(made.status, made.headers))
            await send({"type": "http.response.body", "body": made.body.read_all()})
            return
        length = (b"content-length", str(made.body.size).encode())
        asyncio.get_running_loop().call_later(self.until_opened, made.body.close)
        made.body.rewind()
        await send(_start(made.status, [*(each for each in made.headers if each[0] != length[0]), length]))
        await send({"type": "http.response.pathsend", "path": made.body.path})

    async def _refuse(self, scope: Any, receive: Receive, send: Send, refused: Refused) -> None:
        """While it still sends, the page first and then a look at the rest: a line that is cut shows no page.

        Whoever fell silent is told the length, so their page is whole, and never its end, so the server cuts the line.
        """
        looks = refused.refusal in UNREAD and not first(scope["headers"], b"expect")
        sends = looks and await _sends(receive)
        made = await self._words(scope, refused)
        length = [] if sends else [(b"content-length", str(made.body.size).encode())]
        await send(_start(made.status, [*made.headers, *length, (b"connection", b"close")]))
        await send({"type": "http.response.body", "body": made.body.read_all(), "more_body": True})
        if not sends:
            await asyncio.sleep(A_MOMENT)  # what was said goes out first
        elif await _all_passed(receive, self.intake.pace.begin):
            await send({"type": "http.response.body", "body": b""})  # without it the server cuts the line

    async def _words(self, scope: Any, refused: Refused) -> Answer:
        """Made once: it looks at nothing of the request, and who sends us thousands should cost next to nothing."""
        kind = (refused.refusal, refused.most)
        if kind not in self.refusals:
            nobody = {**scope, "method": "GET", "raw_path": b"/", "query_string": b"", "headers": []}
            given = environment(nobody, io.BytesIO(), 0) | {KEY: refused.refusal, MOST: refused.most}
            made = await self._page(given)
            made.headers = [each for each in made.headers if each[0] not in OF_ONE_ANSWER]
            self.refusals[kind] = made
        return self.refusals[kind]


async def _sends(receive: Receive) -> bool:
    """Is something of a body on its way?"""
    try:
        async with asyncio.timeout(A_MOMENT):
            return bool((await receive()).get("more_body"))
    except TimeoutError:
        return False


async def _all_passed(receive: Receive, seconds: float) -> bool:
    """Nothing of it is kept."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive()).get("more_body"):
                pass
    except TimeoutError:
        return False
    return True


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}
