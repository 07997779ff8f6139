"""Who may go where: the only questions asked across workspaces. The answers are ids."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from tenants.models import Membership, Tenant


def tenant_by_slug(session: Session, slug: str) -> Tenant | None:
    return session.scalar(select(Tenant).where(Tenant.slug == slug))


def tenant_ids_of_user(session: Session, user_id: UUID) -> Sequence[UUID]:
    return session.scalars(text("SELECT wall.tenants_of_user(:user)"), {"user": user_id}).all()


def tenant_ids_inviting_user(session: Session, user_id: UUID) -> Sequence[UUID]:
    return session.scalars(text("SELECT wall.tenants_inviting_user(:user)"), {"user": user_id}).all()


def is_staff_somewhere(session: Session, user_id: UUID) -> bool:
    return (
        session.scalar(text("SELECT wall.staff_tenants_of_user(:user) LIMIT 1"), {"user": user_id})
        is not None
    )


def membership_of(session: Session, user_id: UUID) -> Membership | None:
    mine = select(Membership).where(Membership.user_id == user_id, Membership.ended_at.is_(None))
    return session.scalar(mine)


def tenants_with_due(session: Session, work: str, **given: object) -> Sequence[UUID]:
    """List workspaces where work is waiting; `work` names a `wall.tenants_with_due_…`, e.g. `emails`."""
    return session.scalars(_due(work, *given), given).all()


@cache
def _due(work: str, *names: str) -> TextClause:
    """Workers ask every few seconds; reading the text takes longer than asking."""
    return text(f"SELECT wall.tenants_with_due_{work}({', '.join(f':{name}' for name in names)})")
