"""The address of the open page with some arguments changed (filters, sorting, paging), and the one before."""

from urllib.parse import urlencode, urlsplit

from flask import request


def current_url(**changes: object) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    added = [(name, str(value)) for name, value in changes.items() if value is not None]
    arguments = urlencode(kept + added)
    here = request.script_root + request.path
    return f"{here}?{arguments}" if arguments else here


def previous_url() -> str:
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or not before.path.startswith("/") or before.path.startswith("//"):
        return ""
    return f"{before.path}?{before.query}" if before.query else before.path
