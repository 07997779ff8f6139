"""How somebody's way ends early, and what becomes of letters that were written and have not left."""

from collections.abc import Collection
from collections.abc import Sequence as Row
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from portal import history
from portal.outreach.models import Hold, Letter, LetterState
from portal.outreach.sequences import queries
from portal.outreach.sequences.models import (
    LIFECYCLE,
    OWN,
    Move,
    Run,
    RunState,
    Sequence,
    Stop,
)
from portal.regions import shown
from tenants.clock import utc_now
from tenants.models import Membership

QUIETLY = {"synchronize_session": False}  # these rows are not read again in this session
TAKEN_OUT = {
    Stop.ANSWERED: shown("It was answered before this letter left, so it was not sent."),
    Stop.WITHDRAWN: shown("What it is about was taken back, moved or ended before this letter left."),
    Stop.UNSUBSCRIBED: shown("This person does not want such letters any more, so it was not sent."),
    Stop.LEFT: shown("This person is not in the programme any more, so the letter was not sent."),
    Stop.LIMIT: shown("Its sequence reached its goal before this letter left, so it was not sent."),
    Stop.BY_HAND: shown("Its sequence was ended before this letter left, so it was not sent."),
}

ALONE = shown("A manager took this person out of the sequence before this letter left, so it was not sent.")


def stop(session: Session, which: Collection[ColumnElement[bool]], why: Stop) -> None:
    """Nothing more is written to them. Whoever had every letter already and answers now has answered, too."""
    may_end = [RunState.WAITING, RunState.DONE] if why is Stop.ANSWERED else [RunState.WAITING]
    ended = {"state": RunState.STOPPED, "stopped_by": why, "next_at": None, "ended_at": utc_now()}
    session.execute(
        update(Run).where(*which, Run.state.in_(may_end)).values(ended), execution_options=QUIETLY
    )


def take_out(
    session: Session, which: Collection[ColumnElement[bool]], why: Stop, words: str | None = None
) -> None:
    """Letters that wait, or are held for a reason that would pass, never leave. The others keep their reason.

    One that is on its way at this moment may arrive; if it comes back it is not sent again.
    """
    would_pass = or_(Letter.due_at.is_not(None), Letter.held_for == Hold.PAUSED)
    waits = or_(Letter.state == LetterState.QUEUED, and_(Letter.state == LetterState.HELD, would_pass))
    values = {
        "state": LetterState.HELD,
        "held_for": Hold.OVER,
        "due_at": None,
        "over_at": utc_now(),
        "why": words or TAKEN_OUT[why],
    }
    of_a_sequence = Letter.sequence_id.is_not(None)
    session.execute(
        update(Letter).where(*which, of_a_sequence, waits).values(values), execution_options=QUIETLY
    )
    on_their_way = Letter.state.in_((LetterState.SENDING, LetterState.UNKNOWN))
    back = update(Letter).where(*which, of_a_sequence, on_their_way).values(over_at=utc_now())
    session.execute(back, execution_options=QUIETLY)


def letters_of(runs: Any) -> ColumnElement[bool]:
    """Letters of these runs; `runs`: conditions on Run."""
    same = (Run.sequence_id, Run.about_id, Run.recipient_norm)
    its = tuple_(Letter.sequence_id, Letter.about_id, Letter.recipient_norm)
    return its.in_(select(*same).where(*runs))


def has_an_end(sequence: Sequence) -> bool:
    """Does it finish by itself: at a limit, or once nobody is on the way? Then its turns are taken one by one."""
    return sequence.programme == OWN or sequence.most_letters is not None or sequence.most_answers is not None


def finish(session: Session, sequence: Sequence, why: Stop, *, by: Membership | None = None) -> None:
    """Whoever is still on the way gets nothing more, nor what was written and has not left yet."""
    sequence.state = LIFECYCLE.after(Move.FINISH, sequence.state)
    sequence.ended_at = utc_now()
    session.flush()
    stop(session, [Run.sequence_id == sequence.id], why)
    take_out(session, [Letter.sequence_id == sequence.id], why)
    history.record(session, sequence, "finished", by=by, why=why.value)


def finish_if_over(session: Session, sequence: Sequence) -> None:
    """Call it with the sequence locked. While a letter of it may leave yet, it can be paused and ended.

    Until then nobody's way ends for want of room, either: a letter that does not leave after all frees its place.
    """
    if sequence.state not in LIFECYCLE.moves[Move.FINISH][0]:
        return
    if sequence.most_answers is not None and answers(session, sequence.id) >= sequence.most_answers:
        finish(session, sequence, Stop.LIMIT)
    elif room(session, sequence) == 0:
        if not queries.any_letter_waits(session, sequence.id):
            finish(session, sequence, Stop.LIMIT)
    elif sequence.programme == OWN and not _goes_on(session, sequence):
        sequence.state, sequence.ended_at = LIFECYCLE.after(Move.FINISH, sequence.state), utc_now()
        history.record(session, sequence, "done")


def finish_those_over(session: Session) -> None:
    """The last letter of each has left meanwhile."""
    for sequence in (*filter(has_an_end, queries.on_nobodys_way(session)), *_full(session)):
        finish_if_over(session, sequence)


def _full(session: Session) -> Row[Sequence]:
    """Those that run or rest and may write no further letter. Locked; one that somebody holds is left out."""
    written = select(func.count()).where(Letter.sequence_id == Sequence.id, _counts()).correlate(Sequence)
    limited = (Sequence.state.in_(LIFECYCLE.moves[Move.FINISH][0]), Sequence.most_letters.is_not(None))
    found = select(Sequence).where(*limited, Sequence.most_letters <= written.scalar_subquery())
    locked = found.order_by(Sequence.id).with_for_update(key_share=True, skip_locked=True)
    return session.scalars(locked).all()


def _goes_on(session: Session, sequence: Sequence) -> bool:
    return queries.anybody_waits(session, sequence.id) or queries.any_letter_waits(session, sequence.id)


def room(session: Session, sequence: Sequence) -> int | None:
    """How many letters it may still write; None: any number."""
    if sequence.most_letters is None:
        return None
    written = select(func.count()).select_from(Letter).where(Letter.sequence_id == sequence.id, _counts())
    return max(sequence.most_letters - (session.scalar(written) or 0), 0)


def _counts() -> ColumnElement[bool]:
    """Letters that left, may have arrived, or may leave yet: what is held for good or failed reached nobody."""
    stays_here = Letter.state.in_((LetterState.HELD, LetterState.FAILED))
    return or_(~stays_here, queries.still_waits(), Letter.in_doubt)


def answers(session: Session, sequence_id: UUID) -> int:
    answered = (Run.sequence_id == sequence_id, Run.stopped_by == Stop.ANSWERED)
    return session.scalar(select(func.count()).select_from(Run).where(*answered)) or 0
