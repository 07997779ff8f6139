"""Emails sent by an account which is not the workspace's any more: their events cannot be counted on.

Those whose delivery is unknown go to a person at once. Those that are being sent this moment, and those that
staff never see, are marked: resolving finds no gateway of theirs that could still tell.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EMAIL_KINDS
from portal.gateways.mail import UNKNOWN_RESOLUTIONS, UnknownResolution
from portal.lifecycle import move_many
from portal.outreach.models import Email, EmailMove, EmailState
from portal.outreach.status_codes import EmailStatus, StatusCode
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC

PREVIOUS_ACCOUNT = "previous_account"  # in the place of a gateway's name


def hold_unresolved_emails(session: Session) -> int:
    news = Email.gateway.in_(
        [
            name
            for name, resolution in UNKNOWN_RESOLUTIONS.items()
            if resolution is UnknownResolution.DELIVERY_EVENTS
        ]
    )
    on_the_way = Email.state.in_((EmailState.SENDING, EmailState.UNKNOWN))
    locked = (
        select(Email.id).where(on_the_way, news).order_by(Email.id).with_for_update()
    )  # events lock so, too
    marked = update(Email).where(Email.id.in_(session.scalars(locked).all())).values(gateway=PREVIOUS_ACCOUNT)
    session.execute(marked, execution_options=WITHOUT_SYNC)
    theirs = (Email.state == EmailState.UNKNOWN, Email.gateway == PREVIOUS_ACCOUNT)
    now_due = {"due_at": utc_now(), **EmailStatus(StatusCode.PREVIOUS_ACCOUNT).columns}
    session.execute(update(Email).where(*theirs).values(now_due), execution_options=WITHOUT_SYNC)
    shown = Email.kind.not_in(EMAIL_KINDS.hidden_from_staff)
    return len(move_many(session, Email, EmailMove.HOLD_UNKNOWN, *theirs, shown))
