"""The web processes: Granian takes the connections, `wsgi:site` the requests. `python -m portal.web.server --help`."""

import argparse
import resource

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

CONNECTIONS = 16_384  # that one process holds, idle and slow ones too; more wait in the system's backlog
BACKLOG = 4096
HEADER_TIMEOUT_MS = (
    10_000  # milliseconds for a head to arrive, and for the next one on a line that is kept open
)
MAX_FILES = 65_536
SHUTDOWN_SECONDS = 30  # seconds requests may still take at shutdown


def serve(target: str, host: str, port: int, workers: int, connections: int = CONNECTIONS) -> None:
    Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        websockets=False,
        backlog=BACKLOG,
        backpressure=connections,
        respawn_failed_workers=True,
        workers_kill_timeout=SHUTDOWN_SECONDS,
    ).serve()


def raise_file_limit() -> int:
    """Raise the limit as far as we may: a connection is an open file, and most systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m portal.web.server")
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=8000)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--target", default="wsgi:site", help="module:name of the ASGI application")
    given = asked.parse_args()
    files = raise_file_limit()
    serve(given.target, given.host, given.port, given.workers, min(CONNECTIONS, files * 3 // 4))


if __name__ == "__main__":
    main()
