"""Slow and silent connections, until SIGTERM: `python -m tests.bench.slow_connections PORT NUMBER`.

Ends with a JSON line: how many connections it held on average, and how many it opened in all.
"""

import asyncio
import json
import signal
import sys
from contextlib import suppress

from portal.web.server import raise_file_limit

POST = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HEAD = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 100
KINDS = (  # what is said at once, and what follows byte by byte
    (b"", b""),
    (b"", HEAD),
    (f"{POST}Content-Length: 1000\r\n\r\n".encode(), b"e" * 1000),
    (f"{POST}Content-Length: 1000000\r\n\r\n".encode(), b"e" * 1000),
)


class Crowd:
    def __init__(self, port: int) -> None:
        self.port, self.opened, self.held, self.looks = port, 0, 0, 0
        self.here: set[int] = set()

    async def one(self, number: int) -> None:
        """Comes back for ever."""
        await asyncio.sleep(number / 1000)
        while True:
            with suppress(OSError):
                await self._visit(number)
            self.here.discard(number)
            await asyncio.sleep(1)

    async def _visit(self, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.opened += 1
        self.here.add(number)
        first, rest = KINDS[number % len(KINDS)]
        writing = asyncio.ensure_future(_trickle(writer, first, rest))
        try:
            while await reader.read(65536):
                pass
        finally:
            writing.cancel()
            writer.close()

    async def count(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.held, self.looks = self.held + len(self.here), self.looks + 1


async def _trickle(writer: asyncio.StreamWriter, first: bytes, rest: bytes) -> None:
    writer.write(first)
    for byte in rest:
        await asyncio.sleep(1)
        writer.write(bytes([byte]))


async def main(port: int, number: int) -> None:
    raise_file_limit()
    crowd, stop = Crowd(port), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    them = [asyncio.ensure_future(crowd.one(each)) for each in range(number)]
    them.append(asyncio.ensure_future(crowd.count()))
    await stop.wait()
    for each in them:
        each.cancel()
    told = {"value": round(crowd.held / max(1, crowd.looks)), "unit": "connections", "opened": crowd.opened}
    print(json.dumps(told), flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
