"""Writes the next step of every run that is due: emails and runs in one transaction.

Killed at any moment it leaves nothing half done; repeated it writes nothing twice, since an email has one
occasion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Uuid, any_, func, literal, update
from sqlalchemy.orm import Session

from portal.declarations.email_content import Recipient
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.lifecycle import move_many
from portal.outreach.email_content import load_fields, load_links
from portal.outreach.governance.sending_hours import zone_or_default
from portal.outreach.messages.compose_many import EmailDraft, compose_many
from portal.outreach.sequences import queries, stopping, timing
from portal.outreach.sequences.models import (
    OWN,
    EmailSequence,
    RunMove,
    SequenceRun,
    SequenceState,
    SequenceStep,
)
from portal.outreach.sequences.previous_emails import PreviousEmails, RecipientKey, previous_emails
from portal.outreach.sequences.timing import Position
from portal.outreach.templates.queries import latest_version
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, tenant

BATCH_SIZE = 1000
RECHECK_WHEN_FULL = timedelta(
    minutes=10
)  # between two looks whether an email did not leave after all and freed its place


@dataclass
class AdvanceBatch:
    """One batch of one sequence. `remaining`: emails it may still write; None: any number."""

    sequence: EmailSequence
    steps: Sequence[SequenceStep]
    now: datetime
    zone: str
    remaining: int | None
    previous: Mapping[RecipientKey, PreviousEmails] = field(default_factory=dict)
    template_versions: Mapping[UUID, UUID] = field(default_factory=dict)  # own email -> its newest version
    drafts: list[EmailDraft] = field(default_factory=list)
    positions: dict[UUID, Position] = field(default_factory=dict)

    def advance(self, run: SequenceRun) -> None:
        step, place = timing.due_step(self.steps, run.step, run.anchor_at, self.now)
        if (
            step is not None
            and (later := self._postponed_until(run, step) or self._retry_when_full) is not None
        ):
            place = Position(step.number - 1, later)
        elif step is not None:
            self.drafts.append(self._draft(run, step))
        self.positions[run.id] = place

    @property
    def _retry_when_full(self) -> datetime | None:
        """Look again later: emails that were written count until it is known that they do not leave."""
        return (
            None
            if self.remaining is None or len(self.drafts) < self.remaining
            else self.now + RECHECK_WHEN_FULL
        )

    def _postponed_until(self, run: SequenceRun, step: SequenceStep) -> datetime | None:
        before = self.previous.get((run.subject_id, run.recipient_norm))
        return before.postponed_until(self.steps, step, self.now) if before else None

    def _draft(self, run: SequenceRun, step: SequenceStep) -> EmailDraft:
        return EmailDraft(
            kind=EMAIL_KINDS.get(step.kind),
            recipient=_recipient(run),
            occasion=occasion(run, step),
            about=(run.subject_type, run.subject_id),
            fields=load_fields(run.fields) | self._time_ahead(run, step),
            links=load_links(run.links),
            purpose=run.purpose,
            template_id=self.template_versions[step.template_id] if step.template_id else None,
            time_zone=run.time_zone,
            valid_until=run.anchor_at if step.minutes < 0 else None,  # a word before a moment
            **self._sequence_values(step),
        )

    def _sequence_values(self, step: SequenceStep) -> dict[str, Any]:
        return {"sequence_step": step.number, **self._shared_values}

    @cached_property
    def _shared_values(self) -> dict[str, Any]:
        its = self.sequence
        return {
            "bulk": its.program == OWN,
            "sequence_id": its.id,
            "window_from": its.window_from,
            "window_until": its.window_until,
        }

    def _time_ahead(self, run: SequenceRun, step: SequenceStep) -> dict[str, Any]:
        if step.minutes >= 0:
            return {}
        zone = zone_or_default(run.time_zone, self.zone)
        return {"ahead": timing.time_ahead(self.now, run.anchor_at, zone).value}


def _recipient(run: SequenceRun) -> Recipient:
    """Address the recipient; a name from before names were one line stops nobody else's email."""
    name = " ".join(run.recipient_name.split())
    return Recipient(run.recipient, name, run.user_id, run.advocate_id, run.locale, reply_to=run.reply_to)


def occasion(run: SequenceRun, step: SequenceStep) -> str:
    """Name one email for each delay and moment, however the steps are numbered by then."""
    return f"sequence:{run.id}:{run.anchor_at.astimezone(UTC).isoformat()}:{step.minutes}"


def advance_sequence(session: Session, sequence_id: UUID, limit: int = BATCH_SIZE) -> int:
    """Advance a batch of this sequence; return how many runs were looked at."""
    sequence = _lock_running(session, sequence_id)
    if sequence is None:
        return 0
    now = utc_now()
    runs = session.scalars(queries.due_runs_for_update(sequence.id, now, limit)).all()
    batch = _prepare(session, sequence, now, runs)
    for run in runs:
        batch.advance(run)
    compose_many(session, batch.drafts)
    _save_positions(session, batch)
    if stopping.is_finite(sequence):
        stopping.finish_if_complete(session, sequence)
    return len(runs)


def _lock_running(session: Session, sequence_id: UUID) -> EmailSequence | None:
    sequence = queries.get(session, sequence_id)
    if stopping.is_finite(sequence):
        sequence = queries.lock_sequence(session, sequence_id)
    return sequence if sequence.state is SequenceState.RUNNING else None


def _prepare(
    session: Session, sequence: EmailSequence, now: datetime, runs: Sequence[SequenceRun]
) -> AdvanceBatch:
    steps = queries.steps(session, sequence.id)
    own = {step.template_id for step in steps if step.template_id}
    return AdvanceBatch(
        sequence,
        steps,
        now,
        tenant(session).time_zone,
        stopping.remaining_emails(session, sequence),
        _previous(session, sequence, runs) if any(step.minutes > 0 for step in steps) else {},
        {template_id: latest_version(session, template_id).id for template_id in own},
    )


def _previous(
    session: Session, sequence: EmailSequence, runs: Sequence[SequenceRun]
) -> Mapping[RecipientKey, PreviousEmails]:
    kinds, about = {run.subject_type for run in runs}, {run.subject_id for run in runs}
    return previous_emails(session, sequence.id, kinds, about)


def _save_positions(session: Session, batch: AdvanceBatch) -> None:
    waiting = {run_id: place for run_id, place in batch.positions.items() if place.next_at is not None}
    if waiting:
        _save_waiting(session, waiting)
    if over := [run_id for run_id in batch.positions if run_id not in waiting]:
        finished = SequenceRun.id == any_(literal(over, ARRAY(Uuid)))
        move_many(session, SequenceRun, RunMove.COMPLETE, finished, columns={"step": len(batch.steps)})


def _save_waiting(session: Session, positions: Mapping[UUID, Position]) -> None:
    new = (
        func.unnest(
            literal([*positions], ARRAY(Uuid)),
            literal([place.step for place in positions.values()], ARRAY(Integer)),
            literal([place.next_at for place in positions.values()], ARRAY(DateTime(timezone=True))),
        )
        .table_valued("run_id", "step", "next_at")
        .render_derived()
    )
    values = {"step": new.c.step, "next_at": new.c.next_at}
    runs = update(SequenceRun).where(SequenceRun.id == new.c.run_id)
    session.execute(runs.values(values), execution_options=WITHOUT_SYNC)
