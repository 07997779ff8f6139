"""Reading sign-in requests."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.signin.link_validity import CODE_REUSE_PERIOD, MAX_TRIES, is_open
from portal.signin.sessions import hash_of
from tenants.clock import utc_now
from tenants.models import SignInBrowser, SignInRequest, Tenant, User


def belongs_to_open_request() -> ColumnElement[bool]:
    return SignInBrowser.request_id.in_(select(SignInRequest.id).where(*is_open()))


def is_open_in_browser(browser: str) -> tuple[ColumnElement[bool], ...]:
    return SignInBrowser.browser_hash == hash_of(browser), SignInBrowser.tries < MAX_TRIES


def open_request(session: Session, request_id: UUID) -> SignInRequest | None:
    return session.scalar(select(SignInRequest).where(SignInRequest.id == request_id, *is_open()))


def sign_in_request(session: Session, request_id: UUID) -> SignInRequest | None:
    return session.get(SignInRequest, request_id)


def requests(session: Session, ids: Sequence[UUID]) -> Sequence[SignInRequest]:
    return session.scalars(select(SignInRequest).where(SignInRequest.id.in_(ids))).all()


def newest_open(session: Session, email_norm: str, browser: str) -> SignInRequest | None:
    """Return the request to send again: still new, and not guessed at too often in this browser."""
    its = (SignInBrowser.request_id == SignInRequest.id) & (SignInBrowser.browser_hash == hash_of(browser))
    new = (SignInRequest.email_norm == email_norm, SignInRequest.created_at > utc_now() - CODE_REUSE_PERIOD)
    open_requests = select(SignInRequest).outerjoin(SignInBrowser, its).where(*new, *is_open())
    has_tries = func.coalesce(SignInBrowser.tries, 0) < MAX_TRIES
    return session.scalar(open_requests.where(has_tries).order_by(SignInRequest.created_at.desc()).limit(1))


def open_requests_of_browser(session: Session, browser: str) -> Sequence[SignInRequest]:
    if not browser:
        return []
    requests = select(SignInRequest).join(SignInBrowser, SignInBrowser.request_id == SignInRequest.id)
    requests = requests.where(*is_open_in_browser(browser), *is_open())
    return session.scalars(requests.order_by(SignInBrowser.asked_at.desc())).all()


def tries_left(session: Session, browser: str) -> int:
    fewest = select(func.min(SignInBrowser.tries)).where(
        *is_open_in_browser(browser), belongs_to_open_request()
    )
    tries = session.scalar(fewest)
    return 0 if tries is None else MAX_TRIES - tries


def has_asked(session: Session, asked: SignInRequest, browser: str) -> bool:
    return bool(browser) and session.get(SignInBrowser, (asked.id, hash_of(browser))) is not None


def next_url_of(session: Session, asked: SignInRequest, browser: str) -> str:
    own_first = (SignInBrowser.browser_hash == hash_of(browser)).desc()
    places = select(SignInBrowser.next_url).where(SignInBrowser.request_id == asked.id)
    return session.scalar(places.order_by(own_first, SignInBrowser.asked_at.desc()).limit(1)) or ""


def user_by_address(session: Session, email_norm: str) -> User | None:
    return session.scalar(select(User).where(User.email_norm == email_norm))


def workspaces(session: Session, ids: Sequence[UUID]) -> Sequence[Tenant]:
    by_id = {each.id: each for each in session.scalars(select(Tenant).where(Tenant.id.in_(ids)))}
    return [by_id[one] for one in ids if one in by_id]


def any_workspace(session: Session) -> UUID | None:
    return session.scalar(select(Tenant.id).order_by(Tenant.id).limit(1))
