"""No address is ever invited more than twice (`MAX_INVITATIONS`): no consent exists yet."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.advocates.actions import MAX_INVITATIONS
from portal.declarations.email_kinds import EmailClass
from portal.errors import Conflict
from portal.outreach.models import Email, EmailState
from tenants.database import tenant_of
from tenants.email_addresses import normalize_email


def check_invitation_limit(session: Session, email: str, occasion: str) -> None:
    """Refuse an invitation too many.

    Two writers at once take turns at the address, so that not both see room for the last.
    """
    norm = normalize_email(email)
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{tenant_of(session)} {norm}", 0)))
    )
    others = select(func.count()).where(
        Email.recipient_norm == norm,
        Email.email_class == EmailClass.INVITATION,
        Email.occasion != occasion,
        or_(Email.state != EmailState.FAILED, Email.outcome_unknown),
    )
    if (session.scalar(others) or 0) >= MAX_INVITATIONS:
        raise Conflict(
            "%(email)s has already been invited twice. We never invite anyone a third time.", email=email
        )
