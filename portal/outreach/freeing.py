"""Letters that a rule holds are asked again at once when what held them has changed; the claim judges them anew."""

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.gateways.bell import Worker
from portal.outreach import policies
from portal.outreach.models import Hold, Letter, LetterState
from tenants.clock import utc_now
from tenants.database import ring_after_commit

HOLDS = {  # what each number of the workspace holds back
    policies.HOURS_FROM.name: Hold.QUIET,
    policies.HOURS_UNTIL.name: Hold.QUIET,
    policies.WEEKDAYS_ONLY.name: Hold.QUIET,
    policies.LETTERS_A_WEEK.name: Hold.CAP,
    policies.LETTERS_A_MONTH.name: Hold.CAP,
    policies.LETTERS_A_DAY.name: Hold.DAY,
}
SILENTLY = {"synchronize_session": False}  # these rows are not read again in this session


def after_a_pause(session: Session, advocate: Advocate) -> int:
    """What the pause of a sequence holds is held again by the claim."""
    return _ask_again(session, Letter.recipient_norm == advocate.email_norm, Letter.held_for == Hold.PAUSED)


def after_a_change(session: Session, policy: str) -> int:
    """Up or down: what is held still says until when by the new number."""
    hold = HOLDS.get(policy)
    return _ask_again(session, Letter.held_for == hold) if hold else 0


def _ask_again(session: Session, *which: ColumnElement[bool]) -> int:
    """How many."""
    asked = update(Letter).where(Letter.state == LetterState.HELD, *which).values(due_at=utc_now())
    found = session.execute(asked, execution_options=SILENTLY).rowcount  # type: ignore[attr-defined]
    for queue in (Worker.MAIL, Worker.SIGN_IN) if found else ():
        ring_after_commit(session, queue.value)
    return int(found)
