"""Asking for a letter, and coming in with it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import outbox
from portal.errors import BadLink
from portal.gateways.bell import Worker
from portal.signin import members, queries, sessions
from portal.signin.codes import is_code_of
from portal.signin.models import SignInAsked
from portal.signin.throttle import throttle
from tenants.addresses import normal_email
from tenants.clock import utc_now
from tenants.database import enter
from tenants.models import SignInRequest, Tenant
from tenants.queries import membership_of, tenant_ids_inviting_user, tenant_ids_of_user

NOBODY = UUID(int=0)


def ask(
    session: Session, email: str, *, place: Tenant | None, source: str, browser: str, wanted: str = ""
) -> SignInRequest:
    """Somebody wants a letter. A known and an unknown address cost the same work, so the answer tells nothing.

    The letter belongs to the workspace asked at, if the person is at home there, else to their oldest one. For
    an unknown address the message goes to any workspace; its handler finds nobody and writes no letter.
    """
    asked = throttle(session, normal_email(email), source)
    user = queries.user_by_address(session, asked.email_norm)
    homes = _homes(session, user.id if user else NOBODY)
    anywhere = queries.any_workspace(session)
    asked.browser_hash = sessions.hash_of(browser)
    asked.user_id = user.id if user and homes else None
    asked.wanted = wanted or (f"/{place.slug}/" if place and place.id in homes else "")
    asked.tenant_id = _letter_home(homes, place) or anywhere
    if asked.tenant_id is not None:
        session.flush()
        enter(session, asked.tenant_id)
        outbox.put(session, SignInAsked(asked.id), queue=Worker.SIGN_IN)
    return asked


def try_code(session: Session, asked: Sequence[SignInRequest], code: str) -> SignInRequest | None:
    """The one of these letters whose code this is. Each look costs each of them one of its five tries."""
    ids = [each.id for each in asked]
    guess = update(SignInRequest).where(SignInRequest.id.in_(ids), *queries.still_open())
    counted = session.scalars(guess.values(tries=SignInRequest.tries + 1).returning(SignInRequest)).all()
    return next((each for each in counted if is_code_of(each, code)), None)


def come_in(session: Session, asked: SignInRequest, *, agent: str = "") -> str:
    """Use the letter, once; the token for the browser. A first visit also joins the workspace."""
    use = update(SignInRequest).where(SignInRequest.id == asked.id, *queries.unused())
    user_id = session.scalar(use.values(used_at=utc_now()).returning(SignInRequest.user_id))
    if user_id is None:
        raise BadLink("This link was used already, or its ten minutes are over.")
    membership = membership_of(session, user_id)
    if membership is not None and membership.joined_at is None:
        members.join(session, membership)
    return sessions.begin(session, user_id, agent)


def _homes(session: Session, user_id: UUID) -> list[UUID]:
    return [*tenant_ids_of_user(session, user_id), *tenant_ids_inviting_user(session, user_id)]


def _letter_home(homes: Sequence[UUID], place: Tenant | None) -> UUID | None:
    if place is not None and (place.id in homes or not homes):
        return place.id
    return homes[0] if homes else None
