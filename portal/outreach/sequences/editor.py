"""Saves a sequence of the workspace's own, or other delays for a default one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal import history
from portal.declarations.email_kinds import EmailKind
from portal.declarations.reminders import ReminderSequence
from portal.errors import Conflict, DomainError
from portal.gateways.queue import WorkQueue
from portal.lifecycle import move_many
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.governance.queries import sending_limits
from portal.outreach.sequences import queries, timing
from portal.outreach.sequences.default_sequences import default_of
from portal.outreach.sequences.models import (
    OWN,
    EmailSequence,
    RunMove,
    RunState,
    SequenceAction,
    SequenceRun,
    SequenceState,
    SequenceStep,
)
from portal.outreach.templates.models import EmailTemplate
from portal.segments.audience import Audience
from portal.segments.audience_summary import audience_faults
from tenants.database import WITHOUT_SYNC, wake_after_commit
from tenants.models import Membership

MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class SequencePlan:
    """A sequence of the workspace's own, as a form gives it. `steps`: minutes after the start, and the email."""

    name: str
    purpose: str
    steps: Sequence[tuple[int, UUID]]
    audience: Audience = field(default_factory=Audience)
    window: tuple[int, int] | None = None
    max_emails: int | None = None
    max_answers: int | None = None


def create_sequence(session: Session, plan: SequencePlan, *, by: Membership) -> EmailSequence:
    _require_free_name(session, plan.name)
    _require_valid_plan(session, plan)
    sequence = EmailSequence(program=OWN, by_id=by.id)
    _apply_plan(session, sequence, plan)
    history.record(session, sequence, SequenceAction.CREATED, by=by)
    return sequence


def change_sequence(
    session: Session, sequence_id: UUID, plan: SequencePlan, *, shown_version: int, by: Membership
) -> EmailSequence:
    """Change a draft; a sequence that has started keeps the plan it started with."""
    sequence = _lock_unchanged(session, sequence_id, shown_version)
    require_draft(sequence)
    if sequence.name != plan.name:
        _require_free_name(session, plan.name)
    _require_valid_plan(session, plan)
    _apply_plan(session, sequence, plan)
    history.record(session, sequence, SequenceAction.CHANGED, by=by)
    return sequence


def copy_sequence(session: Session, sequence_id: UUID, *, by: Membership) -> EmailSequence:
    detail = queries.sequence_detail(session, sequence_id)
    its, steps = detail.sequence, [(step.minutes, step.template_id) for step in detail.steps]
    plan = SequencePlan(
        name=_free_name(session, its.name),
        purpose=its.purpose,
        steps=[(minutes, email) for minutes, email in steps if email],
        audience=its.is_for,
        max_emails=its.max_emails,
        max_answers=its.max_answers,
    )
    made = create_sequence(session, plan, by=by)
    made.window_from, made.window_until = its.window_from, its.window_until
    return made


def _free_name(session: Session, name: str) -> str:
    """May (2), or the next number that nobody took."""
    taken = set(session.scalars(select(EmailSequence.name).where(EmailSequence.program == OWN)))
    stem = name[: MAX_NAME_LENGTH - 6]
    return next(free for number in count(2) if (free := f"{stem} ({number})") not in taken)


def discard_draft(session: Session, sequence_id: UUID) -> str:
    sequence = queries.lock_sequence(session, sequence_id)
    require_draft(sequence)
    name = sequence.name
    session.execute(delete(SequenceStep).where(SequenceStep.sequence_id == sequence.id))
    session.delete(sequence)
    return name


def require_draft(sequence: EmailSequence) -> None:
    if sequence.state is not SequenceState.DRAFT:
        raise Conflict("This sequence has already started, so it can’t be changed.")


def change_delays(
    session: Session, sequence_id: UUID, minutes: Sequence[int], *, shown_version: int, by: Membership
) -> EmailSequence:
    """Change delays for everybody in it; steps that are behind them stay behind them."""
    sequence = _lock_unchanged(session, sequence_id, shown_version)
    kind, reminders = default_of(sequence)
    steps = queries.steps(session, sequence.id)
    before, after = [step.minutes for step in steps], sorted(set(minutes))
    if before == after:
        return sequence
    _require_steps(after)
    _require_delays_in_range(reminders, after)
    _reschedule_runs(session, sequence, steps, after)
    _replace_steps(session, sequence, [(each, kind, None) for each in after])
    history.record(session, sequence, SequenceAction.CHANGED, by=by, before=before, after=after)
    wake_after_commit(session, WorkQueue.MESSAGES.value)
    return sequence


def _lock_unchanged(session: Session, sequence_id: UUID, shown_version: int) -> EmailSequence:
    sequence = queries.lock_sequence(session, sequence_id)
    if sequence.version != shown_version:
        raise Conflict("Someone else changed this sequence in the meantime. Your changes weren’t saved.")
    return sequence


def _apply_plan(session: Session, sequence: EmailSequence, plan: SequencePlan) -> None:
    sequence.name, sequence.purpose = plan.name, plan.purpose
    sequence.window_from, sequence.window_until = plan.window or (None, None)
    sequence.max_emails, sequence.max_answers = plan.max_emails, plan.max_answers
    sequence.audience = plan.audience.to_json()
    session.add(sequence)
    session.flush()
    steps = sorted(plan.steps, key=lambda step: step[0])
    _replace_steps(session, sequence, [(minutes, OWN_EMAIL, email) for minutes, email in steps])


def _replace_steps(
    session: Session, sequence: EmailSequence, steps: Sequence[tuple[int, EmailKind, UUID | None]]
) -> None:
    session.execute(delete(SequenceStep).where(SequenceStep.sequence_id == sequence.id))
    for number, (minutes, kind, template_id) in enumerate(steps, 1):
        step = SequenceStep(sequence_id=sequence.id, number=number, minutes=minutes, kind=kind.name)
        step.template_id = template_id
        session.add(step)
    flag_modified(sequence, "name")  # a new version, so that two managers do not save over each other
    session.flush()


def _reschedule_runs(
    session: Session, sequence: EmailSequence, before: Sequence[SequenceStep], minutes: Sequence[int]
) -> None:
    """Reschedule by position: a run that is moved once is not moved again."""
    steps = [SequenceStep(number=number, minutes=each) for number, each in enumerate(minutes, 1)]
    behind = timing.remapped_positions(before, minutes)
    due = {
        old: SequenceRun.anchor_at + timing.delay(steps[new])
        for old, new in behind.items()
        if new < len(steps)
    }
    waiting = (SequenceRun.sequence_id == sequence.id, SequenceRun.state == RunState.WAITING)
    place = {"step": case(behind, value=SequenceRun.step)}
    move_many(
        session, SequenceRun, RunMove.COMPLETE, *waiting, SequenceRun.step.not_in([*due]), columns=place
    )
    if due:
        values = place | {"next_at": case(due, value=SequenceRun.step)}
        session.execute(update(SequenceRun).where(*waiting).values(values), execution_options=WITHOUT_SYNC)


def _require_valid_plan(session: Session, plan: SequencePlan) -> None:
    """Check before anything is written, so that what was typed can be corrected."""
    _require_steps([minutes for minutes, _ in plan.steps])
    _require_own_templates(session, plan)
    _require_hours_in_window(session, plan.window)
    if faults := audience_faults(session, plan.audience):
        raise DomainError("%(fault)s Please choose again.", fault=faults[0])


def _require_free_name(session: Session, name: str) -> None:
    taken = select(EmailSequence.id).where(EmailSequence.program == OWN, EmailSequence.name == name)
    if session.scalar(taken) is not None:
        raise Conflict("There’s already a sequence called “%(name)s”. Please choose another name.", name=name)


def _require_steps(minutes: Sequence[int]) -> None:
    if not minutes:
        raise DomainError("A sequence needs at least one email.")
    if len(set(minutes)) < len(minutes):
        raise DomainError("Two emails would be sent at the same time. Please give each its own time.")


def _require_delays_in_range(reminders: ReminderSequence, minutes: Sequence[int]) -> None:
    if len(minutes) > reminders.max_emails:
        raise DomainError("Please keep this to %(most)s emails.", most=reminders.max_emails)
    if not all(reminders.min_distance <= abs(each) <= reminders.max_distance for each in minutes):
        raise DomainError(
            "Please choose times from %(least)s to %(most)s days.",
            least=f"{reminders.min_distance / timing.DAY:.2g}",
            most=reminders.max_distance // timing.DAY,
        )


def _require_own_templates(session: Session, plan: SequencePlan) -> None:
    """Require templates of this workspace that rely on the same consent."""
    template_ids = {email for _, email in plan.steps}
    own = select(EmailTemplate).where(
        EmailTemplate.id.in_(template_ids), EmailTemplate.kind == OWN_EMAIL.name
    )
    templates = session.scalars(own).all()
    if len(templates) < len(template_ids):
        raise DomainError("One of these templates no longer exists. Please choose again.")
    for email in templates:
        if email.purpose != plan.purpose:
            raise DomainError(
                "The template “%(name)s” relies on a different consent than this sequence.", name=email.name
            )


def _require_hours_in_window(session: Session, window: tuple[int, int] | None) -> None:
    hours = sending_limits(session).hours
    if window is None or hours.until_hour <= hours.from_hour:
        return
    if not hours.from_hour <= window[0] < window[1] <= hours.until_hour:
        raise DomainError(
            "This workspace sends emails from %(first)s:00 to %(until)s:00. Please choose hours within "
            "that range.",
            first=hours.from_hour,
            until=hours.until_hour,
        )
