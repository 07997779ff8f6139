"""What a programme says about its letters: somebody is on the way, something was answered, taken back or ended.

Called in the transaction of the change itself. Locks: the sequence, then its runs, then their letters.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.gateways.bell import Worker
from portal.outreach.letters import Fields, Link, Page, Recipient, kept_fields, kept_links
from portal.outreach.models import Letter
from portal.outreach.sequences import ends, queries, timing
from portal.outreach.sequences.models import OWN, Run, RunState, Sequence, State, Stop
from tenants.clock import utc_now
from tenants.database import ring_after_commit, tenant_of

ON_THE_WAY = frozenset({State.RUNNING, State.PAUSED})
FOR_GOOD = frozenset({Stop.LIMIT, Stop.BY_HAND})


def start(
    session: Session,
    sequence: Sequence,
    to: Recipient,
    *,
    about: tuple[str, UUID],
    anchor_at: datetime,
    fields: Fields | None = None,
    links: Mapping[str, Link | Page] | None = None,
    purpose: str = "",
    time_zone: str = "",
) -> Run:
    """Put this reader on the way. Said again it brings the words up to date; for another moment it begins anew."""
    if sequence.state not in ON_THE_WAY:
        raise Conflict("The sequence “%(name)s” does not run, so nobody was put on it.", name=sequence.name)
    given = {
        **_addressed(to, time_zone),
        "about_kind": about[0],
        "fields": kept_fields(fields or {}),
        "links": kept_links(links or {}),
        "purpose": purpose,
    }
    way = _way(session, sequence, anchor_at)
    run = _new(session, sequence, to, about[1], given | way)
    if run is None:
        run = _again(session, queries.run_of(session, sequence.id, about[1], to.norm), given, way)
    ring_after_commit(session, Worker.EVENTS.value)
    return run


def _addressed(to: Recipient, time_zone: str) -> dict[str, Any]:
    return {
        "user_id": to.user_id,
        "advocate_id": to.advocate_id,
        "recipient": to.email.strip(),
        "recipient_name": to.name,
        "reply_to": to.reply_to,
        "locale": to.locale,
        "time_zone": time_zone or to.time_zone,
    }


def _new(
    session: Session, sequence: Sequence, to: Recipient, about_id: UUID, values: dict[str, Any]
) -> Run | None:
    key = {"sequence_id": sequence.id, "about_id": about_id, "recipient_norm": to.norm}
    new = insert(Run).values(tenant_id=tenant_of(session), **key, **values)
    return session.scalar(new.on_conflict_do_nothing().returning(Run))


def _way(session: Session, sequence: Sequence, anchor_at: datetime) -> dict[str, Any]:
    now = utc_now()
    place = timing.begin(queries.steps(session, sequence.id), anchor_at, now)
    over = place.next_at is None
    return {
        "anchor_at": anchor_at,
        "step": place.step,
        "next_at": place.next_at,
        "state": RunState.DONE if over else RunState.WAITING,
        "stopped_by": None,
        "ended_at": now if over else None,
    }


def _again(session: Session, run: Run, given: dict[str, Any], way: dict[str, Any]) -> Run:
    is_moved = run.anchor_at != way["anchor_at"]
    taken_up = run.stopped_by is Stop.WITHDRAWN or (is_moved and run.stopped_by not in FOR_GOOD)
    if is_moved and taken_up:
        ends.take_out(session, [ends.letters_of([Run.id == run.id])], Stop.WITHDRAWN)
    if run.state is RunState.WAITING or taken_up:
        for name, value in (given | (way if taken_up else {})).items():
            setattr(run, name, value)
        session.flush()
    return run


def stop_about(session: Session, about: tuple[str, UUID], why: Stop) -> None:
    """It was answered, taken back or ended: every sequence about it stops, and what has not left does not leave."""
    kind, row_id = about
    _stop(
        session,
        [Run.about_kind == kind, Run.about_id == row_id],
        [Letter.about_kind == kind, Letter.about_id == row_id],
        why,
    )


def stop_for(session: Session, advocate_id: UUID, purpose: str, why: Stop) -> None:
    """This person hears no more of letters that stand on this purpose; an empty one stands for all of them."""
    mine: list[ColumnElement[bool]] = [Run.advocate_id == advocate_id]
    if purpose:
        mine.append(Run.purpose == purpose)
    _stop(session, mine, [ends.letters_of(mine)], why)


def _stop(
    session: Session, runs: list[ColumnElement[bool]], letters: list[ColumnElement[bool]], why: Stop
) -> None:
    watched = _with_an_end(session, runs)
    ends.stop(session, runs, why)
    ends.take_out(session, letters, why)
    for sequence in watched:
        ends.finish_if_over(session, sequence)


def _with_an_end(session: Session, runs: list[ColumnElement[bool]]) -> list[Sequence]:
    """Held in one order before any of their runs, so that an answer more or less is counted by one at a time."""
    ends_itself = or_(
        Sequence.programme == OWN, Sequence.most_letters.is_not(None), Sequence.most_answers.is_not(None)
    )
    theirs = select(Run.sequence_id).where(*runs)
    found = select(Sequence).where(Sequence.id.in_(theirs), ends_itself).order_by(Sequence.id)
    locked = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))
