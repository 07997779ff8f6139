"""Letters that a rule holds are asked again at once when what held them has changed; the claim judges them anew."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.gateways.bell import Worker
from portal.outreach import policies
from portal.outreach.kinds import MOMENTARY
from portal.outreach.models import Hold, Letter, LetterClass, LetterState
from portal.outreach.sequences.models import Run, RunState, Sequence
from portal.outreach.suppression.queries import of_address
from portal.outreach.suppression.rules import holding
from tenants.addresses import normal_email
from tenants.clock import utc_now
from tenants.database import ring_after_commit

RECENT = timedelta(days=14)
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


def after_lifting(session: Session, address: str) -> int:
    """A manager lets letters leave for an address again: what nothing else at the address holds."""
    return _recent(session, normal_email(address), Hold.SUPPRESSED)


def after_agreeing(session: Session, advocate: Advocate) -> int:
    return _recent(session, advocate.email_norm, Hold.SUPPRESSED, Hold.CONSENT)


def _recent(session: Session, address: str, *holds: Hold) -> int:
    """What is older has been overtaken, and waits for a person, as do invitations."""
    still = of_address(session, address)
    mine = (
        Letter.recipient_norm == address,
        Letter.created_at > utc_now() - RECENT,
        Letter.state == LetterState.HELD,
        Letter.held_for.in_(holds),
        Letter.letter_class != LetterClass.INVITATION,
        Letter.kind.not_in([kind.value for kind in MOMENTARY]),
        ~_cut_short(),
    )
    found = session.execute(select(Letter.id, Letter.letter_class, Letter.purpose).where(*mine))
    free = [letter_id for letter_id, kind, purpose in found if holding(still, kind, purpose) is None]
    return _ask_again(session, Letter.id.in_(free)) if free else 0


def _cut_short() -> ColumnElement[bool]:
    """Its sequence was ended for this reader, or for everybody. A letter held for good keeps its reason then."""
    end = select(Sequence.ended_at).where(Sequence.id == Letter.sequence_id).scalar_subquery()
    own = and_(Run.about_id == Letter.about_id, Run.recipient_norm == Letter.recipient_norm)
    stopped = (Run.sequence_id == Letter.sequence_id, Run.state == RunState.STOPPED)
    return select(Run.id).where(*stopped, or_(own, Run.ended_at >= end)).correlate(Letter).exists()


def _ask_again(session: Session, *which: ColumnElement[bool]) -> int:
    """How many."""
    asked = update(Letter).where(Letter.state == LetterState.HELD, *which).values(due_at=utc_now())
    found = session.execute(asked, execution_options=SILENTLY).rowcount  # type: ignore[attr-defined]
    for queue in (Worker.MAIL, Worker.SIGN_IN) if found else ():
        ring_after_commit(session, queue.value)
    return int(found)
