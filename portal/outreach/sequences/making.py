"""Writing a sequence down: one of the workspace's own, or other delays for one that every workspace has."""

from collections.abc import Sequence as Row
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal import history
from portal.errors import Conflict, DomainError
from portal.gateways.bell import Worker
from portal.outreach.facts import rules_of
from portal.outreach.kinds import LetterKind
from portal.outreach.sequences import ends, queries, timing
from portal.outreach.sequences.audience import Audience
from portal.outreach.sequences.models import OWN, Run, RunState, Sequence, State, Step
from portal.outreach.sequences.standards import Standard, standard_of
from portal.outreach.templates.models import Template
from tenants.clock import utc_now
from tenants.database import ring_after_commit
from tenants.models import Membership

MADE, CHANGED = "made", "changed"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Plan:
    """A sequence of the workspace's own, as a form says it. `steps`: minutes after the start, and the letter."""

    name: str
    purpose: str
    steps: Row[tuple[int, UUID]]
    audience: Audience = field(default_factory=Audience)
    window: tuple[int, int] | None = None
    most_letters: int | None = None
    most_answers: int | None = None


def make(session: Session, plan: Plan, *, by: Membership) -> Sequence:
    _insist_on_free_name(session, plan.name)
    _insist(session, plan)
    sequence = Sequence(programme=OWN, by_id=by.id)
    _write_down(session, sequence, plan)
    history.record(session, sequence, MADE, by=by)
    return sequence


def change(session: Session, sequence_id: UUID, plan: Plan, *, seen: int, by: Membership) -> Sequence:
    """A draft alone: whoever is on the way gets what was written when it started."""
    sequence = _seen(session, sequence_id, seen)
    insist_on_draft(sequence)
    if sequence.name != plan.name:
        _insist_on_free_name(session, plan.name)
    _insist(session, plan)
    _write_down(session, sequence, plan)
    history.record(session, sequence, CHANGED, by=by)
    return sequence


def copy(session: Session, sequence_id: UUID, *, by: Membership) -> Sequence:
    """A draft like one of the workspace's own, whatever became of that one."""
    whole = queries.whole(session, sequence_id)
    its, steps = whole.sequence, [(step.minutes, step.template_id) for step in whole.steps]
    plan = Plan(
        name=_free_name(session, its.name),
        purpose=its.purpose,
        steps=[(minutes, letter) for minutes, letter in steps if letter],
        audience=Audience.opened(its.audience),
        most_letters=its.most_letters,
        most_answers=its.most_answers,
    )
    made = make(session, plan, by=by)
    made.window_from, made.window_until = its.window_from, its.window_until
    return made


def _free_name(session: Session, name: str) -> str:
    """May (2), or the next number that nobody took."""
    taken = set(session.scalars(select(Sequence.name).where(Sequence.programme == OWN)))
    stem = name[: LONGEST_NAME - 6]
    return next(free for number in count(2) if (free := f"{stem} ({number})") not in taken)


def discard(session: Session, sequence_id: UUID) -> str:
    """A draft that nobody ever got anything of; returns its name."""
    sequence = queries.locked(session, sequence_id)
    insist_on_draft(sequence)
    name = sequence.name
    session.execute(delete(Step).where(Step.sequence_id == sequence.id))
    session.delete(sequence)
    return name


def insist_on_draft(sequence: Sequence) -> None:
    if sequence.state is not State.DRAFT:
        raise Conflict("This sequence has been started, so it can no longer be changed.")


def change_delays(
    session: Session, sequence_id: UUID, minutes: Row[int], *, seen: int, by: Membership
) -> Sequence:
    """Of one that every workspace has. It counts for everybody on the way; what is behind them stays behind them."""
    sequence = _seen(session, sequence_id, seen)
    standard = standard_of(sequence)
    steps = queries.steps(session, sequence.id)
    before, after = [step.minutes for step in steps], sorted(set(minutes))
    if before == after:
        return sequence
    _insist_on_steps(after)
    _insist_on_delays(standard, after)
    _move_runs(session, sequence, steps, after)
    _replace_steps(session, sequence, [(each, standard.kind, None) for each in after])
    history.record(session, sequence, CHANGED, by=by, before=before, after=after)
    ring_after_commit(session, Worker.EVENTS.value)
    return sequence


def _seen(session: Session, sequence_id: UUID, seen: int) -> Sequence:
    sequence = queries.locked(session, sequence_id)
    if sequence.version != seen:
        raise Conflict("Somebody else changed this sequence meanwhile. Nothing of yours was saved.")
    return sequence


def _write_down(session: Session, sequence: Sequence, plan: Plan) -> None:
    sequence.name, sequence.purpose = plan.name, plan.purpose
    sequence.window_from, sequence.window_until = plan.window or (None, None)
    sequence.most_letters, sequence.most_answers = plan.most_letters, plan.most_answers
    sequence.audience = plan.audience.kept()
    session.add(sequence)
    session.flush()
    steps = sorted(plan.steps, key=lambda step: step[0])
    _replace_steps(session, sequence, [(minutes, LetterKind.OWN, letter) for minutes, letter in steps])


def _replace_steps(
    session: Session, sequence: Sequence, steps: Row[tuple[int, LetterKind, UUID | None]]
) -> None:
    session.execute(delete(Step).where(Step.sequence_id == sequence.id))
    for number, (minutes, kind, template_id) in enumerate(steps, 1):
        step = Step(sequence_id=sequence.id, number=number, minutes=minutes, kind=kind.value)
        step.template_id = template_id
        session.add(step)
    flag_modified(sequence, "name")  # a new version, so that two managers do not save over each other
    session.flush()


def _move_runs(session: Session, sequence: Sequence, before: Row[Step], minutes: Row[int]) -> None:
    """By where they stand, in one statement: a run that is moved once is not moved again."""
    steps = [Step(number=number, minutes=each) for number, each in enumerate(minutes, 1)]
    behind = timing.moved(before, minutes)
    now = utc_now()
    due = {old: Run.anchor_at + timing.delay(steps[new]) for old, new in behind.items() if new < len(steps)}
    waits = Run.step.in_([*due])
    values = {
        "step": case(behind, value=Run.step),
        "next_at": case(due, value=Run.step),
        "state": case((waits, RunState.WAITING), else_=RunState.DONE),
        "ended_at": case((~waits, now)),
    }
    mine = (Run.sequence_id == sequence.id, Run.state == RunState.WAITING)
    session.execute(update(Run).where(*mine).values(values), execution_options=ends.QUIETLY)


def _insist(session: Session, plan: Plan) -> None:
    """Before anything is written: what was typed is still there to be put right."""
    _insist_on_steps([minutes for minutes, _ in plan.steps])
    _insist_on_own_letters(session, plan)
    _insist_on_hours(session, plan.window)


def _insist_on_free_name(session: Session, name: str) -> None:
    taken = select(Sequence.id).where(Sequence.programme == OWN, Sequence.name == name)
    if session.scalar(taken) is not None:
        raise Conflict(
            "There is a sequence called “%(name)s” already. Please choose another name.", name=name
        )


def _insist_on_steps(minutes: Row[int]) -> None:
    if not minutes:
        raise DomainError("A sequence needs one letter at least.")
    if len(set(minutes)) < len(minutes):
        raise DomainError("Two letters fall on the same moment. Please give each a time of its own.")


def _insist_on_delays(standard: Standard, minutes: Row[int]) -> None:
    if len(minutes) > standard.most:
        raise DomainError("Please keep this to %(most)s letters.", most=standard.most)
    if not all(standard.shortest <= abs(each) <= standard.longest for each in minutes):
        raise DomainError(
            "Please choose times from %(least)s to %(most)s days.",
            least=f"{standard.shortest / timing.DAY:.2g}",
            most=standard.longest // timing.DAY,
        )


def _insist_on_own_letters(session: Session, plan: Plan) -> None:
    """Of this workspace, and standing on the same consent."""
    wanted = {letter for _, letter in plan.steps}
    mine = select(Template).where(Template.id.in_(wanted), Template.kind == LetterKind.OWN.value)
    found = session.scalars(mine).all()
    if len(found) < len(wanted):
        raise DomainError("One of these letters is not there any more. Please choose again.")
    for letter in found:
        if letter.purpose != plan.purpose:
            raise DomainError(
                "The letter “%(name)s” stands on another consent than this sequence.", name=letter.name
            )


def _insist_on_hours(session: Session, window: tuple[int, int] | None) -> None:
    hours = rules_of(session).hours
    if window is None or hours.until <= hours.first:
        return
    if not hours.first <= window[0] < window[1] <= hours.until:
        raise DomainError(
            "Letters of this workspace leave from %(first)s:00 to %(until)s:00. Please choose hours within these.",
            first=hours.first,
            until=hours.until,
        )
