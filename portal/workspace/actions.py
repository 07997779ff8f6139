"""Inviting colleagues, and giving them what was kept under their address."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Deal
from portal.errors import Conflict
from portal.signin import memberships, stranger_email_limits
from portal.workspace import emails
from tenants.models import Membership, Role

DEFAULT_INVITER = "Goodword"  # who invites the first admin


def invite(
    session: Session, email: str, name: str, roles: Collection[Role], *, by: Membership | None = None
) -> Membership:
    member = memberships.invite(session, email, name, roles, by=by)
    _write_invitation(session, member)
    return member


def invite_again(session: Session, member: Membership, *, by: Membership | None = None) -> None:
    if member.joined_at is not None or member.ended_at is not None:
        raise Conflict("%(name)s no longer needs an invitation. Nothing was sent.", name=member.name)
    memberships.renew_invitation(session, member, by=by)
    _write_invitation(session, member)


def request_new_invitation(session: Session, member: Membership, *, source: str) -> None:
    """Send a new invitation to the invited address, whoever asks."""
    if stranger_email_limits.count_email(session, member.email, source):
        invite_again(session, member)


def assign_owned_records(session: Session, member: Membership) -> None:
    for model, email, owner in (
        (Account, Account.owner_email_norm, Account.owner_id),
        (Deal, Deal.rep_email_norm, Deal.rep_id),
    ):
        theirs = update(model).where(email == member.email_norm, owner.is_(None))
        session.execute(theirs.values({owner: member.id}))


def inviter_of(session: Session, member: Membership) -> str:
    named = select(Membership.name).where(Membership.id == member.invited_by_id)
    return session.scalar(named) or DEFAULT_INVITER


def _write_invitation(session: Session, member: Membership) -> None:
    session.flush()
    emails.send_member_invitation(session, member, inviter_of(session, member))
