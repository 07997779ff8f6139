"""What a view may know without being told: its session, its member, its link. Views alone import these."""

from typing import cast

from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from portal.links import VerifiedLink
from tenants.database import tenant as workspace_of
from tenants.models import Membership, Tenant, User

db = cast(Session, LocalProxy(lambda: g.db))
member = cast(Membership, LocalProxy(lambda: g.member))
link = cast(VerifiedLink, LocalProxy(lambda: g.link))
tenant = cast(Tenant, LocalProxy(lambda: g.tenant))


def read_workspace() -> None:
    """For a page that is drawn after all (`public_and_kept`)."""
    if "tenant" not in g:
        g.tenant = workspace_of(g.db)


def user() -> User | None:
    return cast(User | None, g.get("user"))


def is_htmx() -> bool:
    """Tell whether the page wants only the part that changed; a restored history wants the whole."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def source() -> str:
    """Return the asking network address, behind as many proxies as TRUSTED_PROXIES says."""
    return request.remote_addr or ""
