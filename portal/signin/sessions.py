"""Signed-in browsers: a random signed token in their cookie, its hash in a row that signing out deletes."""

from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from portal.web import session_cookie
from tenants.clock import utc_now
from tenants.models import Membership, SignInSession, Tenant, User
from tenants.queries import is_staff_somewhere

SESSION_LIFETIME = session_cookie.LIFETIME
STAFF_IDLE_LIMIT = timedelta(hours=12)  # after their last POST; a GET writes nothing
ACTIVITY_INTERVAL = timedelta(minutes=1)  # a row is not rewritten for every click
MAX_AGENT = 200  # characters


class SignedInUser(NamedTuple):
    user: User
    tenant: Tenant | None
    member: Membership | None


# Built once: every request of whoever is signed in asks this, and building it took longer than asking.
_SIGNED_IN = (
    select(User, Tenant, Membership, SignInSession.last_post_at)
    .join(SignInSession, SignInSession.user_id == User.id)
    .outerjoin(Tenant, Tenant.id == bindparam("tenant_id"))
    .outerjoin(Membership, (Membership.user_id == User.id) & Membership.ended_at.is_(None))
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.created_at > bindparam("created_after"),
    )
)


def user_of(session: Session, token: str) -> User | None:
    signed_in = authenticate(session, token, None)
    return signed_in.user if signed_in else None


def authenticate(session: Session, token: str, tenant_id: UUID | None) -> SignedInUser | None:
    created_after = utc_now() - SESSION_LIFETIME
    given = {"token_hash": hash_of(token), "created_after": created_after, "tenant_id": tenant_id}
    row = session.execute(_SIGNED_IN, given).one_or_none()
    if row is None:
        return None
    user, workspace, member, last_post_at = row
    rested = last_post_at <= utc_now() - STAFF_IDLE_LIMIT
    return None if rested and is_staff_somewhere(session, user.id) else SignedInUser(user, workspace, member)


def record_activity(session: Session, token: str) -> None:
    earlier = SignInSession.last_post_at < utc_now() - ACTIVITY_INTERVAL
    this_session = SignInSession.token_hash == hash_of(token)
    session.execute(update(SignInSession).where(this_session, earlier).values(last_post_at=utc_now()))


def begin(session: Session, user_id: UUID, agent: str = "") -> str:
    """Begin a session; its token, for the browser's cookie, is kept nowhere else."""
    token = session_cookie.new_token()
    session.add(SignInSession(token_hash=hash_of(token), user_id=user_id, agent=agent[:MAX_AGENT]))
    return token


def end(session: Session, token: str) -> None:
    session.execute(delete(SignInSession).where(SignInSession.token_hash == hash_of(token)))


def end_all(session: Session, user_id: UUID) -> None:
    session.execute(delete(SignInSession).where(SignInSession.user_id == user_id))


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
