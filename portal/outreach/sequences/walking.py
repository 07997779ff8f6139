"""The next step of everybody whose time has come: letters written and runs moved on in one transaction.

Killed at any moment it leaves nothing half done; said twice it writes nothing twice, since a letter has one occasion.
"""

from collections.abc import Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Uuid, case, func, literal, update
from sqlalchemy.orm import Session

from portal.outreach.bulk import Draft, write_many
from portal.outreach.hours import zone_named
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Recipient, opened_fields, opened_links
from portal.outreach.sequences import ends, queries, timing
from portal.outreach.sequences.before import Before, Reader, letters_before
from portal.outreach.sequences.models import OWN, Run, RunState, Sequence, State, Step
from portal.outreach.sequences.timing import Place
from portal.outreach.templates.queries import newest
from tenants.clock import utc_now
from tenants.database import tenant

BATCH = 1000
FULL = timedelta(minutes=10)  # between two looks whether a letter did not leave after all and freed its place


@dataclass
class Walk:
    """One batch of one sequence. `room`: letters it may still write; None: any number."""

    sequence: Sequence
    steps: Row[Step]
    now: datetime
    zone: str
    room: int | None
    before: Mapping[Reader, Before] = field(default_factory=dict)
    texts: Mapping[UUID, UUID] = field(default_factory=dict)  # own letter -> its newest version
    drafts: list[Draft] = field(default_factory=list)
    places: dict[UUID, Place] = field(default_factory=dict)

    def take(self, run: Run) -> None:
        """Write its step, pass it over, or put it off."""
        step, place = timing.turn(self.steps, run.step, run.anchor_at, self.now)
        if step is not None and (later := self._put_off(run, step) or self._once_there_is_room) is not None:
            place = Place(step.number - 1, later)
        elif step is not None:
            self.drafts.append(self._draft(run, step))
        self.places[run.id] = place

    @property
    def _once_there_is_room(self) -> datetime | None:
        """Letters that were written count until it is known that they do not leave."""
        return None if self.room is None or len(self.drafts) < self.room else self.now + FULL

    def _put_off(self, run: Run, step: Step) -> datetime | None:
        before = self.before.get((run.about_id, run.recipient_norm))
        return before.put_off(self.steps, step, self.now) if before else None

    def _draft(self, run: Run, step: Step) -> Draft:
        return Draft(
            kind=LetterKind(step.kind),
            to=_reader(run),
            occasion=occasion(run, step),
            about=(run.about_kind, run.about_id),
            fields=opened_fields(run.fields) | self._ahead(run, step),
            links=opened_links(run.links),
            purpose=run.purpose,
            template_id=self.texts[step.template_id] if step.template_id else None,
            time_zone=run.time_zone,
            valid_until=run.anchor_at if step.minutes < 0 else None,  # a word before a moment
            **self._of_the_sequence(step),
        )

    def _of_the_sequence(self, step: Step) -> dict[str, Any]:
        return {"sequence_step": step.number, **self._shared}

    @cached_property
    def _shared(self) -> dict[str, Any]:
        its = self.sequence
        return {
            "bulk": its.programme == OWN,
            "sequence_id": its.id,
            "window_from": its.window_from,
            "window_until": its.window_until,
        }

    def _ahead(self, run: Run, step: Step) -> dict[str, Any]:
        if step.minutes >= 0:
            return {}
        zone = zone_named(run.time_zone, self.zone)
        return {"ahead": timing.ahead(self.now, run.anchor_at, zone).value}


def _reader(run: Run) -> Recipient:
    """A name that was kept before names were one line stops nobody else's letter."""
    name = " ".join(run.recipient_name.split())
    return Recipient(run.recipient, name, run.user_id, run.advocate_id, run.locale, reply_to=run.reply_to)


def occasion(run: Run, step: Step) -> str:
    """One letter for each delay after (or before) each moment, however the steps are numbered by then."""
    return f"sequence:{run.id}:{run.anchor_at.astimezone(UTC).isoformat()}:{step.minutes}"


def go_on(session: Session, sequence_id: UUID, most: int = BATCH) -> int:
    """The next batch of this sequence; returns how many were looked at."""
    sequence = _running(session, sequence_id)
    if sequence is None:
        return 0
    now = utc_now()
    runs = session.scalars(queries.due_runs(sequence.id, now, most)).all()
    walk = _prepared(session, sequence, now, runs)
    for run in runs:
        walk.take(run)
    write_many(session, walk.drafts)
    _move(session, walk.places, now)
    if ends.has_an_end(sequence):
        ends.finish_if_over(session, sequence)
    return len(runs)


def _running(session: Session, sequence_id: UUID) -> Sequence | None:
    sequence = queries.get(session, sequence_id)
    if ends.has_an_end(sequence):
        sequence = queries.locked(session, sequence_id)
    return sequence if sequence.state is State.RUNNING else None


def _prepared(session: Session, sequence: Sequence, now: datetime, runs: Row[Run]) -> Walk:
    steps = queries.steps(session, sequence.id)
    own = {step.template_id for step in steps if step.template_id}
    return Walk(
        sequence,
        steps,
        now,
        tenant(session).time_zone,
        ends.room(session, sequence),
        _before(session, sequence, runs) if any(step.minutes > 0 for step in steps) else {},
        {template_id: newest(session, template_id).id for template_id in own},
    )


def _before(session: Session, sequence: Sequence, runs: Row[Run]) -> Mapping[Reader, Before]:
    kinds, about = {run.about_kind for run in runs}, {run.about_id for run in runs}
    return letters_before(session, sequence.id, kinds, about)


def _move(session: Session, places: Mapping[UUID, Place], now: datetime) -> None:
    if not places:
        return
    given = (
        func.unnest(
            literal([*places], ARRAY(Uuid)),
            literal([place.step for place in places.values()], ARRAY(Integer)),
            literal([place.next_at for place in places.values()], ARRAY(DateTime(timezone=True))),
        )
        .table_valued("run_id", "step", "next_at")
        .render_derived()
    )
    over = given.c.next_at.is_(None)
    values = {
        "step": given.c.step,
        "next_at": given.c.next_at,
        "state": case((over, RunState.DONE), else_=RunState.WAITING),
        "ended_at": case((over, now)),
    }
    session.execute(
        update(Run).where(Run.id == given.c.run_id).values(values), execution_options=ends.QUIETLY
    )
