"""The one place where a sequence changes its state."""

from sqlalchemy.orm import Session

from portal.outreach.sequences.models import LIFECYCLE, EmailSequence, SequenceMove
from tenants.clock import utc_now


def apply_move(session: Session, sequence: EmailSequence, move: SequenceMove) -> None:
    """Call it with the sequence locked. Raises ImpossibleMove."""
    sequence.state = LIFECYCLE.after(move, sequence.state)
    if move is SequenceMove.START:
        sequence.started_at = utc_now()
    elif move is SequenceMove.FINISH:
        sequence.ended_at = utc_now()
    session.flush()
