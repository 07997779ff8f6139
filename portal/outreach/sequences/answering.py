"""Who answered a letter of the workspace's own: nobody reads its mail but people, so a manager says so."""

from collections.abc import Collection
from collections.abc import Sequence as Row
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.outreach.sequences import ends, queries
from portal.outreach.sequences.models import OWN, Run, RunState, Sequence, Stop
from tenants.models import Membership

ANSWERED = "answered"


@dataclass(frozen=True)
class Done:
    people: Row[Run]
    left: int  # of the picked, nothing was done about these


def may_answer(sequence: Sequence, run: Run) -> bool:
    """To an own sequence; also whoever had every letter already: it counts, and the page says so."""
    return sequence.programme == OWN and run.state in {RunState.WAITING, RunState.DONE}


def answered(session: Session, sequence_id: UUID, run_ids: Collection[UUID], *, by: Membership) -> Done:
    """Nothing more of this sequence goes to them. What other sequences write is another question."""
    sequence = queries.locked_own(session, sequence_id)
    picked = [run for run in queries.runs_locked(session, sequence_id, run_ids) if may_answer(sequence, run)]
    if picked:
        _stop(session, sequence, picked, by)
    return Done(picked, len(set(run_ids)) - len(picked))


def _stop(session: Session, sequence: Sequence, picked: Row[Run], by: Membership) -> None:
    theirs = [Run.id.in_([run.id for run in picked])]
    ends.stop(session, theirs, Stop.ANSWERED)
    ends.take_out(session, [ends.letters_of(theirs)], Stop.ANSWERED)
    history.record(session, sequence, ANSWERED, by=by, people=len(picked))
    ends.finish_if_over(session, sequence)
