"""Starts runs of many at once, each about a record that is new: in one statement, as `start_run` does for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.declarations.sending import OutgoingEmail
from portal.gateways.queue import WorkQueue
from portal.insert_rows import insert_rows
from portal.outreach.email_content import dump_fields, dump_links
from portal.outreach.sequences import queries, timing
from portal.outreach.sequences.models import (
    FINISHABLE_STATES,
    RUN_LIFECYCLE,
    EmailSequence,
    SequenceRun,
    SequenceStep,
)
from tenants.clock import utc_now
from tenants.database import tenant_of, wake_after_commit

RUNS = SequenceRun.metadata.tables[SequenceRun.__tablename__]


@dataclass(frozen=True)
class NewRun:
    email: OutgoingEmail  # what it reminds of
    anchor_at: datetime


def start_runs(session: Session, sequence: EmailSequence, runs: Sequence[NewRun]) -> None:
    """Each about a record of its own; repeated it adds nothing. Nothing, once the sequence has ended."""
    steps, now = queries.steps(session, sequence.id), utc_now()
    rows = [row for run in runs if (row := _row(run, steps, now))]
    if not rows or sequence.state not in FINISHABLE_STATES:
        return
    alike = {
        "tenant_id": tenant_of(session),
        "created_at": now,
        "sequence_id": sequence.id,
        "state": RUN_LIFECYCLE.initial,
    }
    session.execute(insert_rows(RUNS, rows, alike).on_conflict_do_nothing())
    wake_after_commit(session, WorkQueue.MESSAGES.value)


def _row(run: NewRun, steps: Sequence[SequenceStep], now: datetime) -> dict[str, Any] | None:
    """None: no step is left, so it is over at once."""
    email, place = run.email, timing.first_position(steps, run.anchor_at, now)
    if email.about is None or place.next_at is None:
        return None
    return {
        "id": uuid7(),
        "subject_type": email.about[0],
        "subject_id": email.about[1],
        "fields": dump_fields(email.fields),
        "links": dump_links(email.links),
        "purpose": email.purpose,
        "time_zone": email.to.time_zone,
        "anchor_at": run.anchor_at,
        "step": place.step,
        "next_at": place.next_at,
        **email.to.columns,
    }
