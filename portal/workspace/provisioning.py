"""Making a workspace. Safe to repeat: what is there stays as it is."""

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.advocates.consent_texts import add_default_texts
from portal.errors import DomainError
from portal.outreach.sequences import default_sequences
from portal.signin import memberships
from portal.workspace import actions
from tenants.models import Membership, Role, Tenant

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MIN_LENGTH, MAX_LENGTH = 2, 40


def require_valid_slug(slug: str, reserved: Collection[str]) -> None:
    if not (MIN_LENGTH <= len(slug) <= MAX_LENGTH and SLUG.fullmatch(slug)):
        raise DomainError(
            "“%(slug)s” can’t be used in an address. Use %(low)s to %(high)s lowercase letters, digits and "
            "single dashes.",
            slug=slug,
            low=MIN_LENGTH,
            high=MAX_LENGTH,
        )
    if slug in reserved:
        raise DomainError("“%(slug)s” is reserved for Goodword itself. Please choose another.", slug=slug)


def create_workspace(session: Session, slug: str, name: str) -> tuple[Tenant, bool]:
    new = insert(Tenant).values(slug=slug, name=name).on_conflict_do_nothing().returning(Tenant.id)
    is_new = session.scalar(new) is not None
    return session.scalars(select(Tenant).where(Tenant.slug == slug)).one(), is_new


def add_defaults(session: Session) -> None:
    add_default_texts(session)
    default_sequences.create_default_sequences(session)


def invite_admin(session: Session, email: str, name: str) -> tuple[Membership, bool]:
    known = memberships.by_email(session, email)
    if known is not None and known.ended_at is None:
        return known, False
    return actions.invite(session, email, name, [Role.ADMIN]), True
