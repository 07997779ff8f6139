"""An ask has moved: its program does what follows. Found by the table of its record, so that no program meets the asks
of another. And what programs do by the clock, in the workspaces that use them.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from jobs.each_row import for_each_row
from portal.asks import queries
from portal.asks.models import (
    AskAccepted,
    AskCompleted,
    AskDeclined,
    AskExpired,
    AskNotHeld,
    AskReleased,
    AsksSent,
    AsksWithdrawn,
    AskWithdrawn,
)
from portal.declarations.program_switches import is_on
from portal.declarations.programs import PROGRAMS, Program
from portal.declarations.schedules import DueWork
from portal.outbox import Message

FOLLOW_UPS: dict[type[Message], str] = {  # the part of AskFollowUps
    AskAccepted: "accepted",
    AskDeclined: "declined",
    AskExpired: "expired",
    AskCompleted: "completed",
    AskNotHeld: "not_held",
    AskReleased: "released",
    AskWithdrawn: "withdrawn",
}


def follow_up(session: Session, message: Any) -> None:
    ask = queries.get(session, message.ask_id)
    if program := PROGRAMS.find_by_subject(ask.subject_type):
        getattr(program.follow_ups, FOLLOW_UPS[type(message)])(session, ask)


def follow_up_batch(session: Session, message: AsksSent) -> None:
    """All of a batch are about one record."""
    asks = queries.of_batch(session, message.ask_ids)
    program = PROGRAMS.find_by_subject(asks[0].subject_type) if asks else None
    if program and program.campaign:
        program.campaign.follow_up(session, asks)


def follow_up_withdrawn(session: Session, message: AsksWithdrawn) -> None:
    for ask in queries.of_batch(session, message.ask_ids):
        if program := PROGRAMS.find_by_subject(ask.subject_type):
            program.follow_ups.withdrawn(session, ask)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    **dict.fromkeys(FOLLOW_UPS, follow_up),
    AsksSent: follow_up_batch,
    AsksWithdrawn: follow_up_withdrawn,
}


def do_due_work(tenant_id: UUID, program: Program, work: DueWork) -> None:
    def due(session: Session) -> Sequence[UUID]:
        return work.due_ids(session) if work.goes_on_while_off or is_on(session, program) else ()

    for_each_row(tenant_id, due, work.act)
