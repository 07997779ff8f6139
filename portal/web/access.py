"""Who may come in. Every view says so; one that does not stops the start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from tenants.models import Membership, Role

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Allowed:
    """Members of the workspace with one of these roles."""

    roles: frozenset[Role]


@dataclass(frozen=True)
class Public:
    """Anybody. With `<slug>` in the address the view works in that workspace, else on the global tables.

    `is_kept`: most of its pages are drawn already, so a view that draws one reads the workspace itself.
    """

    is_kept: bool = False


@dataclass(frozen=True)
class SignedFor:
    """Whoever holds a link made for this purpose."""

    purpose: str


@dataclass(frozen=True)
class SignedIn:
    """Any user, in no workspace."""


Access = Allowed | Public | SignedFor | SignedIn


def allow(*roles: Role) -> Callable[[View], View]:
    return _mark(Allowed(frozenset(roles)))


def public(view: View) -> View:
    return _mark(Public())(view)


def public_and_kept(view: View) -> View:
    return _mark(Public(is_kept=True))(view)


def signed_in(view: View) -> View:
    return _mark(SignedIn())(view)


def signed(purpose: str) -> Callable[[View], View]:
    return _mark(SignedFor(purpose))


def _mark(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> Access | None:
    return getattr(app.view_functions.get(endpoint), "access", None)


def can_open(endpoint: str) -> bool:
    name = f"{request.blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
    access = access_of(current_app, name)
    member: Membership | None = g.get("member")
    if not isinstance(access, Allowed):
        return access is not None
    return member is not None and member.has_role(*access.roles)


def check_access_rules(app: Flask) -> None:
    """Refuse to start with a view that does not say who may call it, or says it against its address."""
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        if access is None and rule.endpoint != "static":
            raise RuntimeError(
                f"{rule.endpoint} does not say who may call it: add @allow, @public or @signed."
            )
        if isinstance(access, Allowed) != ("workspace" in rule.arguments):
            raise RuntimeError(f"{rule.endpoint}: @allow and /<workspace>/ go together.")
        if isinstance(access, SignedFor) != ("token" in rule.arguments):
            raise RuntimeError(f"{rule.endpoint}: @signed and <token> go together.")
