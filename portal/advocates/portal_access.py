"""Access of an advocate to their own pages: a membership with the role advocate, made when somebody enrolls."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.signin import memberships
from tenants.clock import utc_now
from tenants.models import Membership, Role


def grant_access(session: Session, advocate: Advocate) -> None:
    """Give the person their own pages; a colleague keeps their other roles. Safe to repeat."""
    member = memberships.add_confirmed(session, advocate.email, advocate.name, Role.ADVOCATE)
    session.flush()
    advocate.membership_id = member.id


def revoke_access(session: Session, advocate: Advocate) -> None:
    member = session.scalar(select(Membership).where(Membership.id == advocate.membership_id))
    if member is None:
        return
    others = [role for role in member.roles if role != Role.ADVOCATE.value]
    if others:
        member.roles = others
    else:
        member.ended_at = utc_now()
        member.link_version += 1
