"""What a view may know without being told: its session, its member, its link. Views alone import these."""

from typing import cast

from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from portal.links import VerifiedLink
from tenants.models import Membership, Tenant, User

db = cast(Session, LocalProxy(lambda: g.db))
member = cast(Membership, LocalProxy(lambda: g.member))
link = cast(VerifiedLink, LocalProxy(lambda: g.link))
tenant = cast(Tenant, LocalProxy(lambda: g.tenant))


def user() -> User | None:
    """Who is signed in, wherever they are."""
    return cast(User | None, g.get("user"))


def is_htmx() -> bool:
    """Does the page want only the part that changed? (A restored history wants the whole.)"""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def source() -> str:
    """The asking network address, behind as many proxies as TRUSTED_PROXIES says."""
    return request.remote_addr or ""
