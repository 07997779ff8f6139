"""Inviting colleagues, and giving them what was kept under their address."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Deal
from portal.errors import Conflict
from portal.links import Purpose
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, Recipient
from portal.signin import members, stranger_emails
from tenants.models import Membership, Role

HOST = "Goodword"  # who invites the first admin
ROLE_NAMES = {
    Role.ADVOCATE: "Advocate",
    Role.REP: "Sales rep",
    Role.MANAGER: "Programme manager",
    Role.ADMIN: "Admin",
    Role.OWNER: "Account owner",
}


def invite(
    session: Session, email: str, name: str, roles: Collection[Role], *, by: Membership | None = None
) -> Membership:
    """A colleague gets a letter; membership begins when its link is used."""
    member = members.add(session, email, name, roles, by=by)
    _write_invitation(session, member)
    return member


def invite_again(session: Session, member: Membership, *, by: Membership | None = None) -> None:
    """A new letter. The links of earlier ones no longer work."""
    if member.joined_at is not None or member.ended_at is not None:
        raise Conflict("%(name)s needs no invitation any more. Nothing was sent.", name=member.name)
    members.invited(session, member, by=by)
    _write_invitation(session, member)


def ask_for_another(session: Session, member: Membership, *, source: str) -> None:
    """Somebody holds an old invitation; a new one goes to the invited address, whoever asks."""
    if stranger_emails.may_send(session, member.email, source):
        invite_again(session, member)


def hand_over(session: Session, member: Membership) -> None:
    """Imported accounts and deals that name this person's address are theirs from now on."""
    for model, email, owner in (
        (Account, Account.owner_email_norm, Account.owner_id),
        (Deal, Deal.rep_email_norm, Deal.rep_id),
    ):
        theirs = update(model).where(email == member.email_norm, owner.is_(None))
        session.execute(theirs.values({owner: member.id}))


def inviter_of(session: Session, member: Membership) -> str:
    named = select(Membership.name).where(Membership.id == member.invited_by_id)
    return session.scalar(named) or HOST


def _write_invitation(session: Session, member: Membership) -> None:
    session.flush()
    write(
        session,
        LetterKind.MEMBER_INVITATION,
        Recipient(member.email, member.name, user_id=member.user_id),
        occasion=f"member:{member.id}:{member.link_version}",
        about=(Membership.__tablename__, member.id),
        fields={
            "invited_by": inviter_of(session, member),
            "roles": [ROLE_NAMES[Role(role)] for role in member.roles],
        },
        links={"member": Link(Purpose.MEMBER, member.id, member.link_version)},
    )
