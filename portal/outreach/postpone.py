"""Postpones emails of a workspace that cannot send now: they say why, and are tried again a little later."""

from datetime import timedelta

from sqlalchemy import ARRAY, Uuid, any_, literal, select, update
from sqlalchemy.orm import Session

from portal.gateways.queue import WorkQueue
from portal.lifecycle import move_many
from portal.outreach.models import WAITING_STATES, Email, EmailMove, EmailState
from portal.outreach.status_codes import NO_STATUS, EmailStatus, StatusCode
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, wake_after_commit

POSTPONED_BY = timedelta(minutes=10)
BATCH = 1000  # emails a turn


def postpone(session: Session, queue: str, code: StatusCode) -> int:
    """Put emails of a queue off without counting a try; return how many, others may be due still."""
    due = select(Email.id).where(
        Email.queue == queue, Email.state.in_(WAITING_STATES), Email.due_at <= utc_now()
    )
    ids = session.scalars(due.limit(BATCH).with_for_update(skip_locked=True)).all()
    later = {"due_at": utc_now() + POSTPONED_BY, **EmailStatus(code).columns}
    mine = Email.id == any_(literal(ids, ARRAY(Uuid)))
    move_many(session, Email, EmailMove.POSTPONE, mine, columns=later)
    return len(ids)


def resume(session: Session, code: StatusCode) -> None:
    waiting = (Email.state == EmailState.QUEUED, Email.status_code == code)
    at_once = {"due_at": utc_now(), **NO_STATUS.columns}
    session.execute(update(Email).where(*waiting).values(at_once), execution_options=WITHOUT_SYNC)
    wake_after_commit(session, WorkQueue.MAIL)
