"""How much a view takes: said beside it, asked by the buffer before a byte of the body is read."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.web.access import Allowed, SignedIn, View, access_of

KB, MB = 1024, 1024 * 1024
STRANGERS = (
    64 * KB
)  # a form of a page that anybody may open, and all that is kept of a body without a signed cookie


@dataclass(frozen=True)
class Cap:
    """`size`: bytes of a whole body. `told`: what a person reads about it. `from_anybody`: no cookie is asked for."""

    size: int
    told: int = 0
    from_anybody: bool = False

    @property
    def words(self) -> str:
        size = self.told or self.size
        return f"{size // MB} MB" if size >= MB else f"{size // KB} kB"


PUBLIC, MEMBERS = Cap(STRANGERS), Cap(512 * KB)


def takes(file: int) -> Callable[[View], View]:
    """Marks a view whose form carries a file of up to so many bytes; a tenth more is for the form around it."""
    return _mark(Cap(file + file // 10, told=file))


def takes_from_anybody(size: int) -> Callable[[View], View]:
    """Marks a view that programs call with large bodies and no cookie; what they bring proves itself when read."""
    return _mark(Cap(size, from_anybody=True))


def _mark(cap: Cap) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.cap = cap  # type: ignore[attr-defined]
        return view

    return mark


def cap_of(app: Flask, endpoint: str) -> Cap:
    """What its view says; else what its door means; for what is no view of ours the least."""
    said: Cap | None = getattr(app.view_functions.get(endpoint), "cap", None)
    usual = MEMBERS if isinstance(access_of(app, endpoint), Allowed | SignedIn) else PUBLIC
    return said or usual


def caps(app: Flask) -> Callable[[str, str], Cap]:
    """The cap for a method and a path, from the URL map alone: no page, no database."""
    addresses = app.url_map.bind("")

    def cap(method: str, path: str) -> Cap:
        try:
            endpoint, _ = addresses.match(path, method)
        except HTTPException:
            return PUBLIC
        return cap_of(app, endpoint)

    return cap


def insist_on_caps(app: Flask) -> None:
    """Refuse to start with a view that takes more than its door lets anybody send, or takes it without a body."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        said: Cap | None = getattr(view, "cap", None)
        if said is None:
            continue
        if not (rule.methods or set()) & {"POST", "PUT", "PATCH"}:
            raise RuntimeError(f"{rule.endpoint} has a cap and takes no body: take @takes off.")
        is_outside = getattr(view, "no_form_secret", False)
        if said.from_anybody and not is_outside:
            raise RuntimeError(
                f"{rule.endpoint}: @takes_from_anybody is for programs, so for @no_form_secret."
            )
        if not said.from_anybody and not isinstance(access_of(app, rule.endpoint), Allowed | SignedIn):
            raise RuntimeError(
                f"{rule.endpoint}: a file is taken from somebody signed in, never from anybody."
            )
