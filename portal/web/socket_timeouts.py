"""Lines on which nobody takes what we say. The server knows no limit for them, the system does (Linux)."""

import socket
from collections.abc import Iterator
from pathlib import Path

STALL_SECONDS = 30  # seconds


def close_stalled_connections(seconds: int = STALL_SECONDS) -> None:
    """End connections whose other side takes nothing for so long, of all that are accepted from now on."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        for listener in _listening_sockets():
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)


def _listening_sockets() -> Iterator[socket.socket]:
    """The sockets this process listens on. They are the server's: each is let go of, never closed."""
    for name in [each.name for each in Path("/dev/fd").iterdir()]:
        try:
            found = socket.socket(fileno=int(name))
        except OSError:
            continue
        try:
            if _is_listening(found):
                yield found
        finally:
            found.detach()


def _is_listening(found: socket.socket) -> bool:
    is_tcp = found.family in {socket.AF_INET, socket.AF_INET6} and found.type == socket.SOCK_STREAM
    return is_tcp and bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
