"""How much a view takes: said beside it, asked by the buffer before a byte of the body is read."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.web.access import Allowed, SignedIn, View, access_of

KB, MB = 1024, 1024 * 1024
ANONYMOUS_LIMIT = (
    64 * KB
)  # a form of a page that anybody may open, and all that is kept of a body without a signed cookie


@dataclass(frozen=True)
class BodyLimit:
    """`size`: bytes of a whole body. `told`: what a person reads about it. `from_anybody`: no cookie is asked for."""

    size: int
    shown_size: int = 0
    anonymous: bool = False

    @property
    def label(self) -> str:
        size = self.shown_size or self.size
        return f"{size // MB} MB" if size >= MB else f"{size // KB} kB"


ANONYMOUS, SIGNED_IN = BodyLimit(ANONYMOUS_LIMIT), BodyLimit(512 * KB)


def accepts_file(size: int) -> Callable[[View], View]:
    """Marks a view whose form carries a file of up to so many bytes; a tenth more is for the form around it."""
    return _mark(BodyLimit(size + size // 10, shown_size=size))


def accepts_anonymous(size: int) -> Callable[[View], View]:
    """Marks a view that programs call with large bodies and no cookie; what they bring proves itself when read."""
    return _mark(BodyLimit(size, anonymous=True))


def _mark(cap: BodyLimit) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.cap = cap  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(app: Flask, endpoint: str) -> BodyLimit:
    """What its view says; else what its door means; for what is no view of ours the least."""
    said: BodyLimit | None = getattr(app.view_functions.get(endpoint), "cap", None)
    usual = SIGNED_IN if isinstance(access_of(app, endpoint), Allowed | SignedIn) else ANONYMOUS
    return said or usual


def limit_lookup(app: Flask) -> Callable[[str, str], BodyLimit]:
    """The cap for a method and a path, from the URL map alone: no page, no database."""
    addresses = app.url_map.bind("")

    def cap(method: str, path: str) -> BodyLimit:
        try:
            endpoint, _ = addresses.match(path, method)
        except HTTPException:
            return ANONYMOUS
        return limit_of(app, endpoint)

    return cap


def check_body_limits(app: Flask) -> None:
    """Refuse to start with a view that takes more than its door lets anybody send, or takes it without a body."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        said: BodyLimit | None = getattr(view, "cap", None)
        if said is None:
            continue
        if not (rule.methods or set()) & {"POST", "PUT", "PATCH"}:
            raise RuntimeError(f"{rule.endpoint} has a cap and takes no body: take @takes off.")
        is_outside = getattr(view, "no_form_secret", False)
        if said.anonymous and not is_outside:
            raise RuntimeError(
                f"{rule.endpoint}: @takes_from_anybody is for programs, so for @no_form_secret."
            )
        if not said.anonymous and not isinstance(access_of(app, rule.endpoint), Allowed | SignedIn):
            raise RuntimeError(
                f"{rule.endpoint}: a file is taken from somebody signed in, never from anybody."
            )
