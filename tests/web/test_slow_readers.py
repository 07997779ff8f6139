"""Whoever reads slowly holds no page: its answer is made at once and waits for them on its own."""

import asyncio
import socket
import sys
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from portal.web.body_limits import MB, BodyLimit
from portal.web.body_reader import BodyReader
from portal.web.buffer import Buffer
from portal.web.disk_quota import DiskQuota
from portal.web.refusal_pages import REFUSAL_KEY, STATUS_CODES
from portal.web.socket_timeouts import close_stalled_connections
from portal.web.wsgi_environ import wsgi_environ

Said = list[dict[str, Any]]
T = TypeVar("T")


def site(folder: Path, room: int = 4) -> Buffer:
    intake = BodyReader(
        lambda method, path: BodyLimit(MB), lambda value: False, "gw", DiskQuota(room, folder / "room")
    )
    return Buffer(emails, intake, until_opened=0)


def emails(given: dict[str, Any], start: Any) -> Iterable[bytes]:
    """As many megabytes as the address says, piece by piece; or why not."""
    if REFUSAL_KEY in given:
        start(f"{STATUS_CODES[given[REFUSAL_KEY]]} No", [])
        return [b"no room"]
    start("200 OK", [("Content-Type", "text/csv")])
    return (b"x" * MB for _ in range(int(given["PATH_INFO"][1:])))


def asked(path: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    fixed = {"method": "GET", "http_version": "1.1", "scheme": "http", "query_string": b""}
    return fixed | {"path": path, "raw_path": path.encode(), "headers": headers}


async def nothing() -> dict[str, Any]:
    raise AssertionError("a request without a body is not waited for")


async def reader(buffer: Buffer, path: str, may_go_on: asyncio.Event | None = None) -> Said:
    said: Said = []

    async def send(message: Any) -> None:
        if may_go_on:
            await may_go_on.wait()
        said.append(dict(message))

    await buffer(asked(path), nothing, send)
    return said


def in_a_loop(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: a browser of another test may run a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_others_get_their_page_while_one_does_not_read(tmp_path: Path) -> None:
    async def both() -> tuple[Said, Said]:
        buffer, later = site(tmp_path), asyncio.Event()
        slow = asyncio.ensure_future(reader(buffer, "/1", later))
        quick = await reader(buffer, "/1")
        assert not slow.done()
        later.set()
        return await slow, quick

    slow, quick = in_a_loop(both())
    assert slow == quick
    assert quick[1]["body"] == b"x" * MB


def test_a_long_answer_waits_on_disk(tmp_path: Path) -> None:
    async def read() -> tuple[Said, int]:
        said = await reader(site(tmp_path), "/3")
        return said, Path(said[1]["path"]).stat().st_size

    said, size = in_a_loop(read())
    assert said[1]["type"] == "http.response.pathsend"
    assert dict(said[0]["headers"])[b"content-length"] == str(3 * MB).encode()
    assert size == 3 * MB


def test_an_answer_without_room_says_so(tmp_path: Path) -> None:
    said = in_a_loop(reader(site(tmp_path), "/5"))
    assert (said[0]["status"], said[1]["body"]) == (503, b"no room")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows how long nobody took anything")
def test_a_line_that_nobody_reads_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        close_stalled_connections(20)
        with socket.create_connection(door.getsockname()), door.accept()[0] as line:
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000


def test_what_a_request_says_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """A header with an underscore never passes for one that a proxy sets; of two cookies none is lost."""
    with (tmp_path / "body").open("w+b") as body:
        headers = [
            (b"x_forwarded_for", b"10.1.1.1"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"via", b"c"),
        ]
        given = wsgi_environ(asked("/%C3%A4%2F", *headers, (b"via", b"d")), body, 7)
    assert (given["PATH_INFO"].encode("latin-1").decode(), given["CONTENT_LENGTH"]) == ("/ä/", "7")
    assert (given["HTTP_COOKIE"], given["HTTP_VIA"]) == ("a=1; b=2", "c,d")
    assert "HTTP_X_FORWARDED_FOR" not in given
