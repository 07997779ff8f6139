"""Asking for an email, and coming in with it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal import outbox
from portal.errors import BadLink
from portal.gateways.queue import WorkQueue
from portal.signin import link_validity, memberships, queries, sessions
from portal.signin.codes import is_code_of
from portal.signin.models import SignInRequested
from portal.signin.sign_in_limits import count_sign_in_email
from tenants.clock import utc_now
from tenants.database import enter_tenant
from tenants.email_addresses import normalize_email
from tenants.models import SignInBrowser, SignInRequest, Tenant
from tenants.queries import membership_of, tenant_ids_inviting_user, tenant_ids_of_user

NO_USER = UUID(int=0)


def request_sign_in(
    session: Session,
    email: str,
    *,
    workspace: Tenant | None,
    source: str,
    browser: str,
    known_browser: str = "",
    next_url: str = "",
) -> SignInRequest:
    """Ask for an email.

    A known, an unknown and a limited address cost the same work and get the same answer, which tells nothing.
    The email belongs to the workspace asked at, if the person is at home there, else to their oldest one.
    """
    email_norm = normalize_email(email)
    is_sent = count_sign_in_email(session, email_norm, source, known_browser)
    user = queries.user_by_address(session, email_norm)
    homes = _workspaces_of(session, user.id if user else NO_USER)
    anywhere = queries.any_workspace(session)  # asked for whoever it is: the work must not tell
    asked = SignInRequest(email_norm=email_norm, email_count=int(is_sent))
    asked.user_id = user.id if user and homes else None
    asked.tenant_id = _sending_workspace(homes, workspace) or anywhere
    asked, is_new = _find_or_add_request(session, asked, homes, browser)
    home = f"/{workspace.slug}/" if workspace and workspace.id in homes else ""
    _bind_browser(session, asked, browser, next_url or home)  # before its request, as whoever types the code
    if not is_new:
        _count_again(session, asked, is_sent=is_sent)
    _request_email(session, asked)
    return asked


def _request_email(session: Session, asked: SignInRequest) -> None:
    if asked.tenant_id is not None:
        enter_tenant(session, asked.tenant_id)
        outbox.publish(session, SignInRequested(asked.id), queue=WorkQueue.SIGN_IN)


def _find_or_add_request(
    session: Session, new: SignInRequest, homes: Sequence[UUID], browser: str
) -> tuple[SignInRequest, bool]:
    """The code of some minutes ago, so that no email of these minutes is a dead one; else the new request.

    What was asked while the person was unknown, or in a workspace they have left, is not taken up again.
    """
    earlier = queries.newest_open(session, new.email_norm, browser)
    if earlier is None or earlier.user_id != new.user_id or (homes and earlier.tenant_id not in homes):
        session.add(new)
        session.flush()
        return new, True
    return earlier, False


def _count_again(session: Session, asked: SignInRequest, *, is_sent: bool) -> None:
    sent_at = utc_now() if is_sent else SignInRequest.sent_at
    again = update(SignInRequest).where(SignInRequest.id == asked.id)
    session.execute(again.values(email_count=SignInRequest.email_count + int(is_sent), sent_at=sent_at))


def _bind_browser(session: Session, asked: SignInRequest, browser: str, next_url: str) -> None:
    """This browser needs no code. What another one wanted to see, or guessed wrong, is not its business."""
    row = {"request_id": asked.id, "browser_hash": sessions.hash_of(browser)}
    new = insert(SignInBrowser).values(**row, next_url=next_url, tries=0, asked_at=utc_now())
    again = {"next_url": next_url, "asked_at": utc_now()}
    session.execute(new.on_conflict_do_update(index_elements=[*row], set_=again))


def try_code(session: Session, browser: str, code: str) -> SignInRequest | None:
    """Find the one of this browser's requests with this code; each look costs one of its five tries."""
    guess = update(SignInBrowser).where(
        *queries.is_open_in_browser(browser), queries.belongs_to_open_request()
    )
    counted = guess.values(tries=SignInBrowser.tries + 1).returning(SignInBrowser.request_id)
    ids = session.scalars(counted).all()
    return next((each for each in queries.requests(session, ids) if is_code_of(each, code)), None)


def try_code_with_link(session: Session, asked: SignInRequest, code: str) -> bool:
    """Try a code in a browser that has only the link; all such browsers share five tries."""
    guess = update(SignInRequest).where(SignInRequest.id == asked.id, *link_validity.is_open())
    counted = session.scalar(guess.values(tries=SignInRequest.tries + 1).returning(SignInRequest.id))
    return counted is not None and is_code_of(asked, code)


def sign_in(session: Session, asked: SignInRequest, *, agent: str = "") -> str:
    """Use the email, once, and return the token for the browser. A first visit also joins the workspace."""
    use = update(SignInRequest).where(SignInRequest.id == asked.id, *link_validity.is_unused())
    user_id = session.scalar(use.values(used_at=utc_now()).returning(SignInRequest.user_id))
    if user_id is None:
        raise BadLink("This link was already used, or its ten minutes are up.")
    membership = membership_of(session, user_id)
    if membership is not None and membership.joined_at is None:
        memberships.join(session, membership)
    return sessions.begin(session, user_id, agent)


def _workspaces_of(session: Session, user_id: UUID) -> list[UUID]:
    return [*tenant_ids_of_user(session, user_id), *tenant_ids_inviting_user(session, user_id)]


def _sending_workspace(homes: Sequence[UUID], place: Tenant | None) -> UUID | None:
    if place is not None and (place.id in homes or not homes):
        return place.id
    return homes[0] if homes else None
