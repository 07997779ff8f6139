"""A request of an ASGI server, as a WSGI application reads it."""

import sys
from collections.abc import Iterable
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

Headers = Iterable[tuple[bytes, bytes]]
WsgiEnviron = dict[str, Any]
DEFAULTS: WsgiEnviron = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": False,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
DROPPED_HEADERS = {"CONTENT_LENGTH", "TRANSFER_ENCODING", "EXPECT"}  # said about the way here, which is over
WITHOUT_HTTP_PREFIX = {"CONTENT_TYPE"}


def wsgi_environ(scope: Any, body: BinaryIO, size: int) -> WsgiEnviron:
    client, server = scope.get("client") or ("", ""), scope.get("server") or ("", "")
    return DEFAULTS | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "CONTENT_LENGTH": str(size),
        **_headers(scope["headers"]),
    }


def _headers(received: Headers) -> WsgiEnviron:
    """One with an underscore is left out: it would pass for the one with a dash that only a proxy may set."""
    headers: WsgiEnviron = {}
    for raw, value in received:
        name = raw.decode("latin-1").upper()
        key = name.replace("-", "_")
        if "_" in name or key in DROPPED_HEADERS:
            continue
        key = key if key in WITHOUT_HTTP_PREFIX else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        text = value.decode("latin-1")
        headers[key] = f"{headers[key]}{between}{text}" if key in headers else text
    return headers


def first_header(headers: Headers, header: bytes) -> str:
    return next((value.decode("latin-1") for name, value in headers if name == header), "")


def client_address(scope: Any, proxies: int) -> str:
    forwarded = ",".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"
    )
    addresses = [each.strip() for each in forwarded.split(",") if each.strip()]
    return addresses[-proxies] if 0 < proxies <= len(addresses) else str((scope.get("client") or ("",))[0])
