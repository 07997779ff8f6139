"""Rechecks emails that a suppression or a missing consent held, once it no longer holds."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.declarations.email_kinds import EMAIL_KINDS, EmailClass
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.recheck import recheck_held
from portal.outreach.sequence_tables import STOPPED, runs, sequences
from portal.outreach.suppressions.blocking import blocking_reason
from portal.outreach.suppressions.queries import suppressions_of
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email

RECENT = timedelta(days=14)


def recheck_after_lift(session: Session, address: str) -> int:
    return _recheck_recent(session, normalize_email(address), HoldReason.SUPPRESSED)


def recheck_after_consent(session: Session, advocate: Advocate) -> int:
    return _recheck_recent(session, advocate.email_norm, HoldReason.SUPPRESSED, HoldReason.CONSENT)


def _recheck_recent(session: Session, address: str, *holds: HoldReason) -> int:
    """Recheck recent emails; older ones have been overtaken and wait for a person, as do invitations."""
    still = suppressions_of(session, address)
    mine = (
        Email.recipient_norm == address,
        Email.created_at > utc_now() - RECENT,
        Email.state == EmailState.HELD,
        Email.hold_reason.in_(holds),
        Email.email_class != EmailClass.INVITATION,
        Email.kind.not_in(EMAIL_KINDS.time_sensitive),
        ~_is_run_stopped(),
    )
    found = session.execute(select(Email.id, Email.email_class, Email.purpose).where(*mine))
    free = [email_id for email_id, kind, purpose in found if blocking_reason(still, kind, purpose) is None]
    return recheck_held(session, Email.id.in_(free)) if free else 0


def _is_run_stopped() -> ColumnElement[bool]:
    """Match emails whose sequence ended for this recipient or for everybody; they keep their reason."""
    end = select(sequences.c.ended_at).where(sequences.c.id == Email.sequence_id).scalar_subquery()
    own = and_(runs.c.subject_id == Email.subject_id, runs.c.recipient_norm == Email.recipient_norm)
    stopped = (runs.c.sequence_id == Email.sequence_id, runs.c.state == STOPPED)
    return select(runs.c.id).where(*stopped, or_(own, runs.c.ended_at >= end)).correlate(Email).exists()
