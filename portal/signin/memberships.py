"""Memberships: a person is invited, joins, gets other roles, leaves. The last admin always stays.

The identity (a user) is locked before its memberships.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, any_, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal import history, outbox
from portal.errors import Conflict, NotFound
from portal.signin.models import MemberJoined, MembershipAction
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tenants.models import MANAGER_ROLES, Membership, Role, User


def get(session: Session, member_id: UUID) -> Membership:
    found = session.scalar(select(Membership).where(Membership.id == member_id))
    if found is None:
        raise NotFound("This colleague doesn’t exist.")
    return found


def by_email(session: Session, email: str) -> Membership | None:
    return session.scalar(select(Membership).where(Membership.email_norm == normalize_email(email)))


def managers_or_admins(session: Session) -> Sequence[Membership]:
    """Return the managers who joined, or the admins while there is no manager."""
    active = select(Membership).where(Membership.joined_at.is_not(None), Membership.ended_at.is_(None))
    works = or_(*(literal(role.value) == any_(Membership.roles) for role in MANAGER_ROLES))
    staff = session.scalars(active.where(works).order_by(Membership.id)).all()
    return [member for member in staff if Role.MANAGER in member.roles] or staff


def names_by_email(session: Session, addresses: Iterable[str]) -> dict[str, str]:
    return dict(session.execute(name_rows(addresses)).all())


def name_rows(addresses: Iterable[str]) -> Select[str, str]:
    return select(Membership.email_norm, Membership.name).where(
        Membership.email_norm.in_({*addresses}), Membership.name != ""
    )


def invite(
    session: Session, email: str, name: str, roles: Collection[Role], *, by: Membership | None = None
) -> Membership:
    """Invite somebody new or returning. Of two who invite the same address at once, one wins."""
    member = _find_or_create(session, email, name)
    if member.roles and member.ended_at is None:
        raise Conflict("%(email)s is already a member of this workspace.", email=member.email)
    member.name = name or member.name
    member.roles = sort_roles(roles)
    member.joined_at = member.ended_at = None
    renew_invitation(session, member, by=by)
    return member


def add_confirmed(session: Session, email: str, name: str, role: Role) -> Membership:
    member = _find_or_create(session, email, name)
    member.roles = sort_roles({*map(Role, member.roles), role} if member.ended_at is None else {role})
    member.ended_at = None
    if member.joined_at is None:
        join(session, member)
    return member


def change_address(session: Session, member: Membership, email: str) -> None:
    """Let this member sign in by a proved address: by the identity behind it, not the one before."""
    session.flush()
    member.user_id = _lock_user(session, email, member.name)
    member.email, member.email_norm = email.strip(), normalize_email(email)


def rename(session: Session, member: Membership, name: str, *, by: Membership) -> None:
    nameless = update(User).where(User.id == member.user_id, User.name == "")
    session.execute(nameless.values(name=name))
    before, member.name = member.name, name
    if before != name:
        history.record(session, member, MembershipAction.RENAMED, by=by, changes={"name": [before, name]})


def renew_invitation(session: Session, member: Membership, *, by: Membership | None) -> None:
    """Count a new invitation, which revokes the links of all before it."""
    member.invited_at = utc_now()
    member.link_version = (member.link_version or 0) + 1
    member.invited_by_id = by.id if by else member.invited_by_id
    history.record(session, member, MembershipAction.INVITED, by=by, roles=member.roles)


def join(session: Session, member: Membership) -> bool:
    session.flush()
    session.execute(select(User.id).where(User.id == member.user_id).with_for_update())
    session.refresh(member, with_for_update=True)
    if member.joined_at is not None:
        return False
    member.joined_at = utc_now()
    history.record(session, member, MembershipAction.JOINED, by=member)
    outbox.publish(session, MemberJoined(member.id))
    return True


def change_roles(
    session: Session, member: Membership, roles: Collection[Role], *, seen: Collection[str], by: Membership
) -> None:
    """Change roles, unless another admin did since the page showed `seen`."""
    admins = _lock_admins(session)
    session.refresh(member, with_for_update=True)
    if set(seen) != set(member.roles) or member.ended_at is not None:
        raise Conflict(
            "Another admin has just changed %(name)s. Your changes weren’t saved.", name=member.name
        )
    if Role.ADMIN not in roles:
        _require_an_admin(admins, member)
    before, member.roles = member.roles, sort_roles(roles)
    history.record(session, member, MembershipAction.ROLES_CHANGED, by=by, before=before, after=member.roles)


def end_membership(session: Session, member: Membership, *, by: Membership) -> None:
    admins = _lock_admins(session)
    session.refresh(member, with_for_update=True)
    if member.ended_at is not None:
        raise Conflict("%(name)s has already been removed.", name=member.name)
    _require_an_admin(admins, member)
    member.ended_at = utc_now()
    member.link_version += 1
    history.record(session, member, MembershipAction.ENDED, by=by)


def sort_roles(roles: Collection[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _lock_admins(session: Session) -> set[UUID]:
    """Admins at work, locked: of two who remove each other at once, the second sees what the first did."""
    working = (Membership.joined_at.is_not(None), Membership.ended_at.is_(None))
    rows = select(Membership).where(any_(Membership.roles) == Role.ADMIN.value, *working)
    locked = session.scalars(
        rows.order_by(Membership.id).with_for_update(), execution_options={"populate_existing": True}
    )
    return {admin.id for admin in locked}


def _require_an_admin(admins: set[UUID], leaving: Membership) -> None:
    if leaving.id in admins and len(admins) == 1:
        raise Conflict(
            "%(name)s is the only admin. Make someone else an admin first. Nothing was changed.",
            name=leaving.name,
        )


def _find_or_create(session: Session, email: str, name: str) -> Membership:
    """The membership of this address, or a new one; whoever asks for the same person meanwhile waits here."""
    user_id = _lock_user(session, email, name)
    known = session.scalar(select(Membership).where(Membership.user_id == user_id))
    if known is not None:
        return known
    norm = normalize_email(email)
    member = Membership(
        user_id=user_id, email=email.strip(), email_norm=norm, name=name, link_version=0, roles=[]
    )
    session.add(member)
    return member


def _lock_user(session: Session, email: str, name: str) -> UUID:
    """Lock the one identity of this address in the whole installation; make it if it is new."""
    norm = normalize_email(email)
    session.execute(
        insert(User).values(email=email.strip(), email_norm=norm, name=name).on_conflict_do_nothing()
    )
    return session.scalars(select(User.id).where(User.email_norm == norm).with_for_update()).one()
