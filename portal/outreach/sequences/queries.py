"""Reading sequences, their steps and who is on the way through them."""

from collections.abc import Collection, Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Hold, Letter, LetterState
from portal.outreach.sequences.models import OWN, Run, RunState, Sequence, State, Step, Stop
from portal.outreach.templates.models import Template


def get(session: Session, sequence_id: UUID) -> Sequence:
    return _found(session.scalar(select(Sequence).where(Sequence.id == sequence_id)))


@dataclass(frozen=True)
class Whole:
    """A sequence with its steps, and what its own letters are called."""

    sequence: Sequence
    steps: Row[Step]
    names: Mapping[UUID, str]

    @cached_property
    def kinds(self) -> Row[LetterKind]:
        return [LetterKind(step.kind) for step in self.steps]


def whole(session: Session, sequence_id: UUID) -> Whole:
    """In one question."""
    its = (
        select(Sequence, Step, Template.name)
        .outerjoin(Step, Step.sequence_id == Sequence.id)
        .outerjoin(Template, Template.id == Step.template_id)
        .where(Sequence.id == sequence_id)
        .order_by(Step.number)
    )
    rows: Row[Any] = session.execute(its).all()
    sequence = _found(rows[0][0] if rows else None)
    names = {step.template_id: name for _, step, name in rows if step is not None and step.template_id}
    return Whole(sequence, [step for _, step, _ in rows if step is not None], names)


def locked(session: Session, sequence_id: UUID) -> Sequence:
    """For a change. Always before its runs, and those before their letters: so nobody waits in a circle."""
    mine = select(Sequence).where(Sequence.id == sequence_id).with_for_update(key_share=True)
    return _found(session.scalar(mine.execution_options(populate_existing=True)))


def steps(session: Session, sequence_id: UUID) -> Row[Step]:
    """In order; their numbers are 1, 2, 3 …"""
    return session.scalars(select(Step).where(Step.sequence_id == sequence_id).order_by(Step.number)).all()


def run_of(session: Session, sequence_id: UUID, about_id: UUID, recipient_norm: str) -> Run:
    """For a change."""
    same = (Run.sequence_id == sequence_id, Run.about_id == about_id, Run.recipient_norm == recipient_norm)
    return session.scalars(select(Run).where(*same).with_for_update(key_share=True)).one()


def with_due_runs(session: Session, now: datetime) -> Row[UUID]:
    """Running sequences in which somebody's next step is due."""
    due = select(Run.id).where(Run.sequence_id == Sequence.id, *_due(now)).correlate(Sequence)
    running = select(Sequence.id).where(Sequence.state == State.RUNNING, due.exists())
    return session.scalars(running.order_by(Sequence.id)).all()


def due_runs(sequence_id: UUID, now: datetime, most: int) -> Select[Run]:
    mine = select(Run).where(Run.sequence_id == sequence_id, *_due(now))
    return mine.order_by(Run.next_at, Run.id).limit(most).with_for_update(skip_locked=True, key_share=True)


def anybody_waits(session: Session, sequence_id: UUID) -> bool:
    waiting = select(Run.id).where(Run.sequence_id == sequence_id, Run.state == RunState.WAITING)
    return bool(session.scalar(select(waiting.exists())))


def still_waits() -> ColumnElement[bool]:
    """Letters that may leave yet: they wait, are on their way, or are held for a reason that would pass."""
    on_its_way = Letter.state.in_([LetterState.QUEUED, LetterState.SENDING, LetterState.UNKNOWN])
    would_pass = or_(Letter.due_at.is_not(None), Letter.held_for == Hold.PAUSED)
    return or_(on_its_way, and_(Letter.state == LetterState.HELD, would_pass))


def any_letter_waits(session: Session, sequence_id: UUID) -> bool:
    waiting = select(Letter.id).where(Letter.sequence_id == sequence_id, still_waits())
    return bool(session.scalar(select(waiting.exists())))


def on_nobodys_way(session: Session) -> Row[Sequence]:
    """Those that run or rest, of which every letter is written. Locked; one that somebody holds is left out."""
    waiting = select(Run.id).where(Run.sequence_id == Sequence.id, Run.state == RunState.WAITING)
    found = select(Sequence).where(Sequence.state.in_([State.RUNNING, State.PAUSED]), ~waiting.exists())
    locked = found.order_by(Sequence.id).with_for_update(key_share=True, skip_locked=True)
    return session.scalars(locked).all()


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Run.state == RunState.WAITING, Run.next_at <= now


def _found(sequence: Sequence | None) -> Sequence:
    if sequence is None:
        raise NotFound("There is no such sequence.")
    return sequence


class On(StrEnum):
    """Which people of a sequence are looked at."""

    ALL = "all"
    WAITING = "waiting"
    ANSWERED = "answered"
    STOPPED = "stopped"
    DONE = "done"


def people_on(sequence_id: UUID, on: On) -> Select[Run]:
    mine = select(Run).where(Run.sequence_id == sequence_id)
    return mine if on is On.ALL else mine.where(CONDITIONS[on])


def last_letters(session: Session, sequence_id: UUID, runs: Row[Run]) -> Mapping[UUID, Letter]:
    """Of each of these people the letter that was written last, by the run's id."""
    theirs = Letter.recipient_norm.in_({run.recipient_norm for run in runs})
    rows = session.scalars(
        select(Letter)
        .where(Letter.sequence_id == sequence_id, theirs)
        .ext(distinct_on(Letter.about_id, Letter.recipient_norm))
        .order_by(Letter.about_id, Letter.recipient_norm, Letter.created_at.desc(), Letter.id.desc())
    )
    known = {(letter.about_id, letter.recipient_norm): letter for letter in rows}
    found = ((run.id, known.get((run.about_id, run.recipient_norm))) for run in runs)
    return {run_id: letter for run_id, letter in found if letter}


CONDITIONS: Mapping[On, ColumnElement[bool]] = {
    On.WAITING: Run.state == RunState.WAITING,
    On.ANSWERED: and_(Run.state == RunState.STOPPED, Run.stopped_by == Stop.ANSWERED),
    On.STOPPED: and_(Run.state == RunState.STOPPED, Run.stopped_by != Stop.ANSWERED),
    On.DONE: Run.state == RunState.DONE,
}


def counts_of_people(session: Session, ids: Row[UUID]) -> Mapping[UUID, Mapping[On, int]]:
    """In one question; each number is the length of the list behind it."""
    each = [func.count().filter(condition) for condition in CONDITIONS.values()]
    rows = session.execute(
        select(Run.sequence_id, func.count(), *each).where(Run.sequence_id.in_(ids)).group_by(Run.sequence_id)
    )
    nobody = dict.fromkeys(On, 0)
    found = {
        sequence_id: dict(zip((On.ALL, *CONDITIONS), numbers, strict=True)) for sequence_id, *numbers in rows
    }
    return {sequence_id: found.get(sequence_id, nobody) for sequence_id in ids}


def running(session: Session) -> int:
    mine = select(func.count()).select_from(Sequence).where(Sequence.state == State.RUNNING)
    return session.scalar(mine) or 0


def steps_of(session: Session, ids: Row[UUID]) -> Mapping[UUID, Row[int]]:
    """The delays of each sequence, in order."""
    its = select(Step.sequence_id, func.array_agg(aggregate_order_by(Step.minutes, Step.number)))
    rows = session.execute(its.where(Step.sequence_id.in_(ids)).group_by(Step.sequence_id))
    return {sequence_id: delays for sequence_id, delays in rows}  # noqa: C416 (rows are not pairs to mypy)


def locked_own(session: Session, sequence_id: UUID) -> Sequence:
    """One that the workspace wrote itself."""
    sequence = locked(session, sequence_id)
    return _found(sequence if sequence.programme == OWN else None)


def runs_locked(session: Session, sequence_id: UUID, ids: Collection[UUID]) -> Row[Run]:
    """In one order, so that two managers who pick the same people wait for each other in no circle."""
    mine = select(Run).where(Run.id.in_(ids), Run.sequence_id == sequence_id).order_by(Run.id)
    return session.scalars(mine.with_for_update(key_share=True)).all()


def run_locked(session: Session, sequence_id: UUID, run_id: UUID) -> Run:
    mine = select(Run).where(Run.id == run_id, Run.sequence_id == sequence_id)
    found = session.scalar(mine.with_for_update(key_share=True))
    if found is None:
        raise NotFound("There is no such person in this sequence.")
    return found
