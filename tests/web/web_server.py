"""A running web server of the test's own database, and clients that send as slowly as they like."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from portal.demo.processes import Child, free_port
from portal.settings import Settings
from tests.waiting import PATIENCE, eventually


@dataclass(frozen=True)
class Site:
    port: int
    child: Child
    folder: Path

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[HTTPResponse, str]:
        """One request on a line of its own; underscores of header names are dashes."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, body, named, encode_chunked=hasattr(body, "__next__"))
            answer = line.getresponse()
            return answer, answer.read().decode("utf-8", "replace")
        finally:
            line.close()

    @contextmanager
    def line(self, head: str) -> Iterator[socket.socket]:
        """An open line on which no more than this was said."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall(head.replace("\n", "\r\n").encode())
            yield line


@contextmanager
def serving(
    settings: Settings, folder: Path, *, target: str, workers: int = 1, **more: str
) -> Iterator[Site]:
    """What is buffered lies in `folder`, and the room there is nobody else's."""
    env = {"PATH": os.defpath, "TZ": "UTC", "TMPDIR": str(folder)} | {
        name.upper(): value for name, value in (vars(settings) | more).items() if value
    }
    port = free_port()
    words = ["portal.web.server", "--port", str(port), "--workers", str(workers), "--target", target]
    child = Child("web", [sys.executable, "-m", *words], folder / "web.log", env)
    child.start()
    try:
        eventually(lambda: _answers(f"http://127.0.0.1:{port}/healthz", child), "web server that answers")
        yield Site(port, child, folder)
    finally:
        child.stop(patience=PATIENCE)


def _answers(address: str, child: Child) -> bool:
    try:
        with urlopen(address, timeout=PATIENCE):  # noqa: S310  (our own address)
            return True
    except (URLError, OSError):
        assert child.exit_code is None, child.log_tail(20)
        return False


def heard(line: socket.socket) -> bytes:
    """All until the other side hangs up."""
    said = b""
    while part := line.recv(65536):
        said += part
    return said
