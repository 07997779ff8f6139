"""One request, one unit of work: opened and ended here and nowhere else.

The access rule of the view (`portal/web/access.py`) decides what the session may see before the view runs. GET and HEAD
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
from portal.web import expired_form, refusal_pages, session_cookie
from portal.web.access import Access, Allowed, Public, SignedFor, access_of
from portal.web.body_limits import limit_of
from tenants.database import TransactionLimits, enter_tenant, roll_back, system_session, tenant_session
from tenants.models import Membership, Tenant, User
from tenants.queries import tenant_by_slug

SESSION_COOKIE = session_cookie.NAME
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Authentication(Protocol):
    """Who came, the workspace asked for, and the membership there."""

    @property
    def user(self) -> User: ...
    @property
    def tenant(self) -> Tenant | None: ...
    @property
    def member(self) -> Membership | None: ...


class SessionStore(Protocol):
    """What signing in provides: the module portal.signin.sessions."""

    def authenticate(self, session: Session, token: str, tenant_id: UUID | None) -> Authentication | None: ...
    def record_activity(self, session: Session, token: str) -> None: ...


class SignInRequired(Exception):
    """Nobody is signed in, and this page needs somebody."""


class Portal(Flask):
    sessions: SessionStore
    limits: TransactionLimits | None = None  # of each request's transaction

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.known_slugs: dict[str, UUID] = {}

    def dispatch_request(self) -> ResponseReturnValue:
        """Find out who sent a body before it is looked at; ask for the form's secret after that."""
        if refused := refusal_pages.refusal_page(request.environ):
            return refused
        request.max_content_length = limit_of(self, request.endpoint or "").size
        access = access_of(self, request.endpoint or "")
        if request.routing_exception is not None or access is None:
            return super().dispatch_request()
        try:
            with self.unit_of_work(access) as session:
                current_app.extensions["csrf"].protect(apply_exemptions=True)
                response = self.make_response(super().dispatch_request())
                if not _is_committed(response):
                    roll_back(session)
                return response
        except SignInRequired:
            if request.method not in SAFE_METHODS and expired_form.can_be_resent():
                return expired_form.expired_form_page()
            return redirect(_sign_in_url(), 303)

    @contextmanager
    def unit_of_work(self, access: Access) -> Iterator[Session]:
        read_only = request.method in SAFE_METHODS
        if isinstance(access, SignedFor):
            g.token = str((request.view_args or {}).pop("token"))
            g.link = links.read(g.token, access.purpose)
            with tenant_session(g.link.tenant_id, read_only=read_only, limits=self.limits) as g.db:
                g.tenant = g.db.get(Tenant, g.link.tenant_id)
                yield g.db
        elif (known := self._known_workspace(access)) is not None:
            with tenant_session(known, read_only=read_only, limits=self.limits) as g.db:
                yield g.db
        else:
            with system_session(read_only=read_only, limits=self.limits) as g.db:
                self.authorize(g.db, access)
                yield g.db

    def _known_workspace(self, access: Access) -> UUID | None:
        """Of a page that is kept, where its address was asked for before: what is drawn needs no more of it."""
        if not (isinstance(access, Public) and access.is_kept):
            return None
        return self.known_slugs.get(str((request.view_args or {}).get("slug")))

    def authorize(self, session: Session, access: Access) -> None:
        if isinstance(access, Public):
            slug = (request.view_args or {}).get("slug")
            _enter_public(session, slug)
            if access.is_kept and slug is not None:
                self.known_slugs[slug] = g.tenant.id
            return
        tenant_id = self.enter_workspace(session, g.slug) if isinstance(access, Allowed) else None
        arrived = self._authenticate(session, tenant_id)
        if arrived is None:
            raise SignInRequired
        g.user = arrived.user
        if isinstance(access, Allowed):
            _require_membership(arrived, access)

    def _authenticate(self, session: Session, tenant_id: UUID | None) -> Authentication | None:
        token = request.cookies.get(SESSION_COOKIE, "")
        authenticated = self.sessions.authenticate(session, token, tenant_id) if token else None
        if authenticated is not None and request.method not in SAFE_METHODS:
            self.sessions.record_activity(session, token)
        return authenticated

    def enter_workspace(self, session: Session, slug: str) -> UUID | None:
        """Enter the workspace of an address. A slug keeps its workspace, so it is asked once."""
        if slug not in self.known_slugs:
            workspace = tenant_by_slug(session, slug)
            if workspace is None:
                return None
            self.known_slugs[slug] = workspace.id
        enter_tenant(session, self.known_slugs[slug])
        return self.known_slugs[slug]


def _enter_public(session: Session, slug: str | None) -> None:
    if slug is not None:
        g.tenant = _tenant_by_slug(session, slug)
        enter_tenant(session, g.tenant.id)


def _require_membership(arrived: Authentication, access: Allowed) -> None:
    """No membership is 404, so that a stranger does not learn that the workspace exists; a wrong role is 403."""
    if arrived.tenant is None or arrived.member is None or not arrived.member.is_active:
        raise NotFound("We couldn’t find this page.")
    g.tenant, g.member = arrived.tenant, arrived.member
    if not arrived.member.has_role(*access.roles):
        raise NotAllowed("You don’t have access to this page.")


def _tenant_by_slug(session: Session, slug: str | None) -> Tenant:
    workspace = tenant_by_slug(session, slug or "")
    if workspace is None:
        raise NotFound("We couldn’t find this page.")
    return workspace


def _is_committed(response: Response) -> bool:
    return request.method not in SAFE_METHODS and response.status_code < 400


def _sign_in_url() -> str:
    next_url = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return url_for("signin.start", next_url=next_url)
