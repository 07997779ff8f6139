"""A workspace whose way out is barred: what is due stays, says why, and is looked at again a little later."""

from datetime import timedelta

from sqlalchemy import ARRAY, Uuid, any_, literal, select, update
from sqlalchemy.orm import Session

from portal.gateways.bell import Worker
from portal.outreach.models import Hold, Letter, LetterState
from portal.regions import shown
from tenants.clock import utc_now
from tenants.database import ring_after_commit

PAUSE = timedelta(minutes=10)
MOST = 1000  # letters a turn
WAITS = (LetterState.QUEUED, LetterState.HELD)
SILENTLY = {"synchronize_session": False}  # these rows are not read again in this session
UNREADABLE = shown("The key for SendGrid cannot be read; an admin should enter it again.")


def put_off(session: Session, queue: str, why: str) -> int:
    """Nothing is counted as a try. Returns how many letters were put off; others may be due still."""
    due = select(Letter.id).where(Letter.queue == queue, Letter.state.in_(WAITS), Letter.due_at <= utc_now())
    ids = session.scalars(due.limit(MOST).with_for_update(skip_locked=True)).all()
    later = {
        "state": LetterState.QUEUED,
        "held_for": Hold.NONE,
        "why": why,
        "due_at": utc_now() + PAUSE,
    }
    mine = Letter.id == any_(literal(ids, ARRAY(Uuid)))
    session.execute(update(Letter).where(mine).values(later), execution_options=SILENTLY)
    return len(ids)


def go_on(session: Session, why: str) -> None:
    """What barred the way is gone: they leave at once."""
    waiting = (Letter.state == LetterState.QUEUED, Letter.why == why)
    at_once = {"due_at": utc_now(), "why": ""}
    session.execute(update(Letter).where(*waiting).values(at_once), execution_options=SILENTLY)
    ring_after_commit(session, Worker.MAIL)
