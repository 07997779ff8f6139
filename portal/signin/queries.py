"""Reading what was asked for at the door."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.signin.sessions import hash_of
from tenants.clock import utc_now
from tenants.models import SignInRequest, Tenant, User

LINK_LIVES = timedelta(minutes=10)
TRIES = 5


def unused() -> tuple[ColumnElement[bool], ...]:
    """A sign-in letter not older than ten minutes that nobody came in with."""
    return (
        SignInRequest.kind == "sign_in",
        SignInRequest.used_at.is_(None),
        SignInRequest.created_at > utc_now() - LINK_LIVES,
    )


def still_open() -> tuple[ColumnElement[bool], ...]:
    """One whose code may still be tried."""
    return (*unused(), SignInRequest.tries < TRIES)


def open_request(session: Session, request_id: UUID) -> SignInRequest | None:
    return session.scalar(select(SignInRequest).where(SignInRequest.id == request_id, *still_open()))


def asked(session: Session, request_id: UUID) -> SignInRequest | None:
    return session.get(SignInRequest, request_id)


def open_of_browser(session: Session, browser: str) -> Sequence[SignInRequest]:
    """What this browser asked for and can still use, the newest first."""
    if not browser:
        return []
    mine = select(SignInRequest).where(SignInRequest.browser_hash == hash_of(browser), *still_open())
    return session.scalars(mine.order_by(SignInRequest.created_at.desc())).all()


def user_by_address(session: Session, email_norm: str) -> User | None:
    return session.scalar(select(User).where(User.email_norm == email_norm))


def workspaces(session: Session, ids: Sequence[UUID]) -> Sequence[Tenant]:
    """In the order of the ids."""
    found = {each.id: each for each in session.scalars(select(Tenant).where(Tenant.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def any_workspace(session: Session) -> UUID | None:
    return session.scalar(select(Tenant.id).order_by(Tenant.id).limit(1))
