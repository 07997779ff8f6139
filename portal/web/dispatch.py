"""One request, one unit of work: opened and ended here and nowhere else.

The door of the view (`portal/web/access.py`) decides what the session may see before the view runs. GET and HEAD
work in a READ ONLY transaction; a refused POST is rolled back; a good one is committed when the view has answered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import links
from portal.errors import NotAllowed, NotFound
from portal.web import kept, refusals, session_cookie
from portal.web.access import Access, Allowed, Public, SignedFor, access_of
from portal.web.caps import cap_of
from tenants.database import Limits, enter, system_session, tenant_session, undo
from tenants.models import Membership, Tenant, User
from tenants.queries import tenant_by_slug

SESSION_COOKIE = session_cookie.NAME
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


class Arrival(Protocol):
    """Who came, the workspace asked for, and the membership there."""

    @property
    def user(self) -> User: ...
    @property
    def tenant(self) -> Tenant | None: ...
    @property
    def member(self) -> Membership | None: ...


class Sessions(Protocol):
    """What signing in provides: the module portal.signin.sessions."""

    def arrival(self, session: Session, token: str, tenant_id: UUID | None) -> Arrival | None: ...
    def posted(self, session: Session, token: str) -> None: ...


class SignInFirst(Exception):
    """Nobody is signed in, and this page needs somebody."""


class Portal(Flask):
    sessions: Sessions
    limits: Limits | None = None  # of each request's transaction

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.known_slugs: dict[str, UUID] = {}

    def dispatch_request(self) -> ResponseReturnValue:
        """A body is not looked at before it is clear who sent it; the form's secret is asked for after that."""
        if refused := refusals.page(request.environ):
            return refused
        request.max_content_length = cap_of(self, request.endpoint or "").size
        access = access_of(self, request.endpoint or "")
        if request.routing_exception is not None or access is None:
            return super().dispatch_request()
        try:
            with self.unit_of_work(access) as session:
                current_app.extensions["csrf"].protect(apply_exemptions=True)
                response = self.make_response(super().dispatch_request())
                if not _is_kept(response):
                    undo(session)
                return response
        except SignInFirst:
            if request.method not in HARMLESS and kept.is_worth_keeping():
                return kept.page()
            return redirect(_sign_in_address(), 303)

    @contextmanager
    def unit_of_work(self, access: Access) -> Iterator[Session]:
        read_only = request.method in HARMLESS
        if isinstance(access, SignedFor):
            g.token = str((request.view_args or {}).pop("token"))
            g.link = links.read(g.token, access.purpose)
            with tenant_session(g.link.tenant_id, read_only=read_only, limits=self.limits) as g.db:
                g.tenant = g.db.get(Tenant, g.link.tenant_id)
                yield g.db
        else:
            with system_session(read_only=read_only, limits=self.limits) as g.db:
                self.admit(g.db, access)
                yield g.db

    def admit(self, session: Session, access: Access) -> None:
        if isinstance(access, Public):
            _visit(session, (request.view_args or {}).get("slug"))
            return
        tenant_id = self.entered(session, g.slug) if isinstance(access, Allowed) else None
        arrived = self._arrival(session, tenant_id)
        if arrived is None:
            raise SignInFirst
        g.user = arrived.user
        if isinstance(access, Allowed):
            _go_in(arrived, access)

    def _arrival(self, session: Session, tenant_id: UUID | None) -> Arrival | None:
        token = request.cookies.get(SESSION_COOKIE, "")
        found = self.sessions.arrival(session, token, tenant_id) if token else None
        if found is not None and request.method not in HARMLESS:
            self.sessions.posted(session, token)
        return found

    def entered(self, session: Session, slug: str) -> UUID | None:
        """The workspace of an address, which the session enters. A slug keeps its workspace, so it is asked once."""
        if slug not in self.known_slugs:
            found = tenant_by_slug(session, slug)
            if found is None:
                return None
            self.known_slugs[slug] = found.id
        enter(session, self.known_slugs[slug])
        return self.known_slugs[slug]


def _visit(session: Session, slug: str | None) -> None:
    if slug is not None:
        g.tenant = _tenant(session, slug)
        enter(session, g.tenant.id)


def _go_in(arrived: Arrival, access: Allowed) -> None:
    """No membership is 404, so that a stranger does not learn that the workspace exists; a wrong role is 403."""
    if arrived.tenant is None or arrived.member is None or not arrived.member.is_active:
        raise NotFound("There is no such page.")
    g.tenant, g.member = arrived.tenant, arrived.member
    if not arrived.member.may(*access.roles):
        raise NotAllowed("This page is not part of your role.")


def _tenant(session: Session, slug: str | None) -> Tenant:
    found = tenant_by_slug(session, slug or "")
    if found is None:
        raise NotFound("There is no such page.")
    return found


def _is_kept(response: Response) -> bool:
    return request.method not in HARMLESS and response.status_code < 400


def _sign_in_address() -> str:
    wanted = request.full_path.rstrip("?") if request.method in HARMLESS else None
    return url_for("signin.ask", wanted=wanted)
