"""What a manager does with a whole sequence: start it, let it rest, let it go on, end it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from portal import history
from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.errors import Conflict
from portal.gateways.bell import Worker
from portal.outreach.models import Hold, Letter, LetterClass, LetterState
from portal.outreach.sequences import ends, queries, timing
from portal.outreach.sequences.audience import Audience, people, reached
from portal.outreach.sequences.models import LIFECYCLE, OWN, Move, Run, RunState, Sequence, Step, Stop
from portal.outreach.suppression.queries import in_force
from portal.outreach.suppression.rules import holding
from tenants.clock import utc_now
from tenants.database import ring_after_commit, tenant_of
from tenants.models import Membership

STARTED, PAUSED, RESUMED, TAKEN_OUT = "started", "paused", "resumed", "taken out"


def begin(session: Session, sequence_id: UUID, *, by: Membership) -> int:
    """Everybody of its audience who may be written to is put on the way; returns how many. Who joins later is not."""
    sequence = queries.locked(session, sequence_id)
    sequence.state = LIFECYCLE.after(Move.START, sequence.state)
    sequence.started_at, sequence.by_id = utc_now(), by.id
    steps = queries.steps(session, sequence.id)
    session.flush()
    enrolled = _enroll(session, sequence, steps[0], sequence.started_at, by)
    if not enrolled:
        raise Conflict("Nobody of this audience has agreed and may be written to. Nothing was started.")
    history.record(session, sequence, STARTED, by=by, people=enrolled)
    ring_after_commit(session, Worker.EVENTS.value)
    return enrolled


def pause(session: Session, sequence_id: UUID, *, by: Membership) -> None:
    """Nothing of it leaves from here on: no step is written, and the claim holds what was."""
    sequence = queries.locked(session, sequence_id)
    sequence.state = LIFECYCLE.after(Move.PAUSE, sequence.state)
    history.record(session, sequence, PAUSED, by=by)


def resume(session: Session, sequence_id: UUID, *, by: Membership) -> None:
    """What the pause held leaves now; steps that fell due meanwhile are made up for, or passed over."""
    sequence = queries.locked(session, sequence_id)
    sequence.state = LIFECYCLE.after(Move.RESUME, sequence.state)
    session.flush()
    rested = (
        Letter.sequence_id == sequence.id,
        Letter.state == LetterState.HELD,
        Letter.held_for == Hold.PAUSED,
    )
    session.execute(update(Letter).where(*rested).values(due_at=utc_now()), execution_options=ends.QUIETLY)
    history.record(session, sequence, RESUMED, by=by)
    for queue in (Worker.EVENTS, Worker.MAIL):
        ring_after_commit(session, queue.value)


def end(session: Session, sequence_id: UUID, *, by: Membership) -> None:
    """For good: nobody gets another letter of it, nor one that is written and has not left."""
    sequence = queries.locked(session, sequence_id)
    if sequence.programme != OWN:
        raise Conflict("Every workspace has this sequence. It can be paused, but not ended.")
    ends.finish(session, sequence, Stop.BY_HAND, by=by)


def take_out(session: Session, sequence_id: UUID, run_id: UUID, *, by: Membership) -> Run:
    """One person gets no more of it."""
    sequence = queries.locked(session, sequence_id)
    run = queries.run_locked(session, sequence_id, run_id)
    if run.state is not RunState.WAITING:
        raise Conflict("%(name)s is not on the way any more. Nothing was changed.", name=run.recipient)
    ends.stop(session, [Run.id == run.id], Stop.BY_HAND)
    ends.take_out(session, [ends.letters_of([Run.id == run.id])], Stop.BY_HAND, ends.ALONE)
    history.record(session, sequence, TAKEN_OUT, by=by)
    ends.finish_if_over(session, sequence)
    return run


def _enroll(session: Session, sequence: Sequence, first: Step, now: datetime, by: Membership) -> int:
    row = _row(sequence, first, now, by) | {"tenant_id": literal(tenant_of(session), Uuid)}
    chosen = people(*row.values()).where(reached(Audience.opened(sequence.audience), sequence.purpose))
    new = insert(Run).from_select([*row], chosen, include_defaults=False).on_conflict_do_nothing()
    done = session.execute(new, execution_options={"preserve_rowcount": True})
    return int(done.rowcount) - _leave_out(session, sequence)  # type: ignore[attr-defined]


def _leave_out(session: Session, sequence: Sequence) -> int:
    """Whoever is never written to is not put on the way; the database alone cannot tell, for it keeps no addresses."""
    mine = Run.sequence_id == sequence.id
    held = in_force(session, session.scalars(select(Run.recipient_norm).where(mine)).all())
    never = [to for to, said in held.items() if holding(said, LetterClass.PROGRAMME, sequence.purpose)]
    session.execute(delete(Run).where(mine, Run.recipient_norm.in_(never)), execution_options=ends.QUIETLY)
    return len(never)


def _row(sequence: Sequence, first: Step, now: datetime, by: Membership) -> dict[str, Any]:
    """A run of each of them; in the order of their own ids, as the dry run counts them."""
    own_id, fresh = cast(Advocate.id, Text), cast(func.gen_random_uuid(), Text)
    return {
        "id": cast(func.left(own_id, 18).concat(func.right(fresh, 18)), Uuid),
        "created_at": literal(now),
        "sequence_id": literal(sequence.id, Uuid),
        "advocate_id": Advocate.id,
        "recipient": Advocate.email,
        "recipient_norm": Advocate.email_norm,
        "recipient_name": _name(),
        "reply_to": literal(""),
        "locale": literal("en"),  # of advocates no other is known
        "time_zone": Advocate.time_zone,
        "about_kind": literal(Advocate.__tablename__),
        "about_id": Advocate.id,
        "fields": _fields(by),
        "links": cast(literal("{}"), JSONB),
        "purpose": literal(sequence.purpose),
        "anchor_at": literal(now),
        "step": literal(0),
        "next_at": literal(timing.due_at(first, now)),
        "state": literal(RunState.WAITING.value),
    }


def _name() -> Any:
    """On one line, whatever a file once brought: it stands in a letter's head."""
    whole = Advocate.first_name.concat(" ").concat(Advocate.last_name)
    return func.trim(func.regexp_replace(whole, r"[\s[:cntrl:]]+", " ", "g"))


def _fields(by: Membership) -> Any:
    company = func.coalesce(Account.name, Advocate.company)
    return func.jsonb_build_object("company", company, "from_name", cast(literal(by.name), Text))
