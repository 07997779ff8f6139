"""One HTTP connection that is kept open, and the difference between "not delivered" and "nobody knows".

The request counts as delivered from the first byte of its body on: before that nothing can have come of it. Redirects
are never followed.
"""

import select
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 15.0  # seconds
MAX_IDLE = 30.0  # seconds; an older connection may have been dropped on the way without a word
MAX_BODY = 1024 * 1024  # bytes of an answer that are read


class RequestNotSent(Exception):
    """Nobody was there, or nobody listened: certainly nothing came of the request."""


class ResponseUnknown(Exception):
    """The line broke or fell silent after the request: nobody knows what came of it."""


@dataclass(frozen=True)
class HttpAnswer:
    """`headers` by their names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class HttpConnection:
    """To one server. Not for several threads at once."""

    def __init__(
        self,
        url: str,
        *,
        connect: float = CONNECT_TIMEOUT,
        read: float = READ_TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        self.host, self.port, self.path = parts.hostname or "", parts.port, parts.path.rstrip("/")
        self.tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self.connect_timeout, self.read_timeout = connect, read
        self.connection: HTTPConnection | None = None
        self.used_at = 0.0

    def __repr__(self) -> str:
        return f"<Line to {self.host}>"

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Post and return the answer. Raise RequestNotSent or ResponseUnknown."""
        connection = self._open_connection()
        self._send_headers(connection, path, body, headers)
        try:
            return self._read(*self._send_body(connection, body))
        except (OSError, HTTPException) as broken:
            self.close()
            raise ResponseUnknown(error_text(broken)) from broken

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def _open_connection(self) -> HTTPConnection:
        """The open connection while it certainly is one, else a new one."""
        if self.connection is not None and self._is_stale(self.connection.sock):
            self.close()
        if self.connection is None:
            self.connection = self._connect()
        return self.connection

    def _is_stale(self, sock: socket.socket | None) -> bool:
        """A server that closed while nobody spoke is found out before anything is entrusted to it."""
        if sock is None or time.monotonic() - self.used_at > MAX_IDLE:
            return True
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))

    def _connect(self) -> HTTPConnection:
        if self.tls is not None:
            made: HTTPConnection = HTTPSConnection(
                self.host, self.port, timeout=self.connect_timeout, context=self.tls
            )
        else:
            made = HTTPConnection(self.host, self.port, timeout=self.connect_timeout)
        try:
            made.connect()
            made.sock.settimeout(self.read_timeout)
        except (OSError, UnicodeError) as away:
            made.close()
            raise RequestNotSent(error_text(away)) from away
        return made

    def _send_headers(
        self, connection: HTTPConnection, path: str, body: bytes, headers: Mapping[str, str]
    ) -> None:
        try:
            connection.putrequest("POST", self.path + path, skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders()
        except (OSError, HTTPException) as broken:
            self.close()
            raise RequestNotSent(error_text(broken)) from broken

    def _send_body(self, connection: HTTPConnection, body: bytes) -> tuple[HTTPResponse, bool]:
        """Some servers refuse before they have read it all, and hang up: what they said still counts."""
        try:
            connection.send(body)
        except TimeoutError:
            raise
        except OSError:
            return connection.getresponse(), False
        return connection.getresponse(), True

    def _read(self, response: HTTPResponse, is_whole: bool) -> HttpAnswer:
        """The status alone decides, so a body that breaks off is no loss."""
        body = b""
        with suppress(OSError, HTTPException):
            body = response.read(MAX_BODY)
        if not (is_whole and response.isclosed()):
            self.close()
        self.used_at = time.monotonic()
        return HttpAnswer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, body
        )


def error_text(problem: BaseException) -> str:
    return str(problem) or type(problem).__name__
