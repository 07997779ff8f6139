"""Making a workspace. Safe to repeat: what is there stays as it is."""

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.advocates.words import default_words
from portal.errors import DomainError
from portal.outreach.sequences import standards
from portal.signin import members
from portal.workspace import actions
from tenants.models import Membership, Role, Tenant

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHORTEST, LONGEST = 2, 40


def insist_on_slug(slug: str, reserved: Collection[str]) -> None:
    """It stands first in every address, so it may not be one of our own words."""
    if not (SHORTEST <= len(slug) <= LONGEST and SLUG.fullmatch(slug)):
        raise DomainError(
            "“%(slug)s” cannot stand in an address. Use %(low)s to %(high)s small letters, digits and single dashes.",
            slug=slug,
            low=SHORTEST,
            high=LONGEST,
        )
    if slug in reserved:
        raise DomainError("“%(slug)s” is an address of Goodword itself. Please choose another.", slug=slug)


def make(session: Session, slug: str, name: str) -> tuple[Tenant, bool]:
    """The workspace with this address, and whether it is new."""
    new = insert(Tenant).values(slug=slug, name=name).on_conflict_do_nothing().returning(Tenant.id)
    is_new = session.scalar(new) is not None
    return session.scalars(select(Tenant).where(Tenant.slug == slug)).one(), is_new


def furnish(session: Session) -> None:
    """What a new workspace needs inside its walls: the words people agree to, the reminders. Safe to repeat."""
    default_words(session)
    standards.furnish(session)


def invite_admin(session: Session, email: str, name: str) -> tuple[Membership, bool]:
    """The first admin, and whether a letter goes out now. Somebody known here is left as they are."""
    known = members.by_address(session, email)
    if known is not None and known.ended_at is None:
        return known, False
    return actions.invite(session, email, name, [Role.ADMIN]), True
