"""How much a view takes: said beside it, asked by the buffer before a byte of the body is read."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.web.access import Allowed, SignedIn, View, access_of

KB, MB = 1024, 1024 * 1024
# A form of a page that anybody may open, and all that is kept of a body without a signed cookie
ANONYMOUS_LIMIT = 64 * KB


@dataclass(frozen=True)
class BodyLimit:
    """`size`: bytes of a whole body. `shown_size`: what a person reads about it. `anonymous`: needs no cookie."""

    size: int
    shown_size: int = 0
    anonymous: bool = False

    @property
    def label(self) -> str:
        size = self.shown_size or self.size
        return f"{size // MB} MB" if size >= MB else f"{size // KB} kB"


ANONYMOUS, SIGNED_IN = BodyLimit(ANONYMOUS_LIMIT), BodyLimit(512 * KB)


def accepts_file(size: int) -> Callable[[View], View]:
    """Mark a view whose form carries a file of up to `size` bytes; a tenth more is for the form around it."""
    return _mark(BodyLimit(size + size // 10, shown_size=size))


def accepts_anonymous(size: int) -> Callable[[View], View]:
    """Mark a view that programs call with large bodies and no cookie; the body proves itself when read."""
    return _mark(BodyLimit(size, anonymous=True))


def _mark(limit: BodyLimit) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(app: Flask, endpoint: str) -> BodyLimit:
    """Return the limit its view declares, else that of whoever may open it; the least for no view of ours."""
    limit: BodyLimit | None = getattr(app.view_functions.get(endpoint), "body_limit", None)
    usual = SIGNED_IN if isinstance(access_of(app, endpoint), Allowed | SignedIn) else ANONYMOUS
    return limit or usual


def limit_lookup(app: Flask) -> Callable[[str, str], BodyLimit]:
    """Look limits up from the URL map alone: no page, no database."""
    addresses = app.url_map.bind("")

    def limit_for(method: str, path: str) -> BodyLimit:
        try:
            endpoint, _ = addresses.match(path, method)
        except HTTPException:
            return ANONYMOUS
        return limit_of(app, endpoint)

    return limit_for


def check_body_limits(app: Flask) -> None:
    """Refuse to start with a view that takes more than its access rule allows, or takes it without a body."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        limit: BodyLimit | None = getattr(view, "body_limit", None)
        if limit is None:
            continue
        if not (rule.methods or set()) & {"POST", "PUT", "PATCH"}:
            raise RuntimeError(f"{rule.endpoint} has a body limit and takes no body: drop @accepts_file.")
        is_outside = getattr(view, "csrf_exempt", False)
        if limit.anonymous and not is_outside:
            raise RuntimeError(f"{rule.endpoint}: @accepts_anonymous is for programs, so for @csrf_exempt.")
        if not limit.anonymous and not isinstance(access_of(app, rule.endpoint), Allowed | SignedIn):
            raise RuntimeError(
                f"{rule.endpoint}: a file is taken from somebody signed in, never from anybody."
            )
