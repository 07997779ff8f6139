"""What is done about emails that have not left: tried again, given up, superseded."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import cast, update
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import Session

from portal.declarations.email_content import About, FieldValues
from portal.declarations.email_kinds import EmailClass, EmailKind
from portal.errors import Conflict
from portal.id_arrays import is_one_of
from portal.lifecycle import move
from portal.outreach.email_content import dump_fields
from portal.outreach.messages.invitation_limit import check_invitation_limit
from portal.outreach.models import WAITING_STATES, Email, EmailMove, EmailState
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, wake_after_commit
from tenants.models import Membership

NOT_SENT_STATES = (EmailState.QUEUED, EmailState.SENDING, EmailState.HELD, EmailState.UNKNOWN)


def try_again(session: Session, email: Email, *, by: Membership) -> None:
    """Queue the email again; raise Conflict where it must not leave any more."""
    if email.obsolete_at is not None or (email.valid_until and email.valid_until <= utc_now()):
        raise Conflict("What this email was about has ended, so it can’t be sent. Nothing was changed.")
    if email.email_class is EmailClass.INVITATION:
        check_invitation_limit(session, email.recipient, email.occasion)
    move(session, email, EmailMove.TRY_AGAIN, by=by)
    wake_after_commit(session, email.queue)


def give_up(session: Session, email: Email, *, by: Membership) -> None:
    move(session, email, EmailMove.GIVE_UP, by=by)


def update_waiting_fields(
    session: Session, kind: str, row_ids: Collection[UUID], fields: FieldValues
) -> None:
    about = (Email.subject_type == kind, Email.subject_id == is_one_of(row_ids))
    its = (*about, Email.state.in_(WAITING_STATES))
    says = Email.fields.has_all(array([*fields]))
    changed = Email.fields.concat(cast(dump_fields(fields), JSONB))
    session.execute(update(Email).where(*its, says).values(fields=changed), execution_options=WITHOUT_SYNC)


def supersede(session: Session, kind: EmailKind, about: About, occasion: str = "") -> None:
    """Withdraw emails of this kind that have not left: another takes their place.

    `occasion`: how theirs begins, where not all of the kind are meant.
    """
    its = (Email.kind == kind.name, Email.subject_type == about[0], Email.subject_id == about[1])
    still = (Email.occasion.startswith(occasion, autoescape=True), Email.state.in_(NOT_SENT_STATES))
    session.execute(update(Email).where(*its, *still).values(valid_until=utc_now()))
