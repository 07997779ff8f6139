"""Answers that may be another until the program's record closes: yes becomes no, silence becomes yes, maybe stays open.

The program decides until when; called with its record, the company, the person and the ask locked.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.asks import actions, queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import LIFECYCLE, Ask, AskAccepted, AskDeclined, AskMove, AskState
from portal.lifecycle import move_many
from portal.outbox import publish
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason
from tenants.clock import utc_now

YES_FROM = {
    AskState.SENT: AskMove.ACCEPT,
    AskState.DECLINED: AskMove.CHANGE_TO_YES,
    AskState.EXPIRED: AskMove.CHANGE_TO_YES,
}
NO_FROM = {AskState.SENT: AskMove.DECLINE, AskState.ACCEPTED: AskMove.CHANGE_TO_NO}


def say_yes(session: Session, ask: Ask, note: str = "") -> None:
    """Accept, also after a no or the last day. Safe to repeat."""
    queries.lock_ask(session, ask)
    if ask.state is not AskState.ACCEPTED:
        actions.accept(session, ask, note)


def say_no(session: Session, ask: Ask, reason: DeclineReason, note: str = "", *, colleague: str = "") -> None:
    """Decline, or take a yes back; repeated, or after the last day, it changes nothing."""
    queries.lock_ask(session, ask)
    if ask.state in {AskState.SENT, AskState.ACCEPTED}:
        actions.decline(session, ask, reason, note, colleague=colleague)


def say_maybe(session: Session, ask: Ask) -> None:
    """Keep the question open, without more reminders."""
    queries.lock_ask(session, ask)
    LIFECYCLE.after(AskMove.ACCEPT, ask.state)
    ask.answered_at = utc_now()
    stop_for_subject(session, (ask.__tablename__, ask.id), StopReason.ANSWERED)


def follow_guest(session: Session, ask_id: UUID, known: AskState, *, comes: bool) -> bool:
    """Say yes or no as the guest's own record does, which the caller has locked; whether the ask could follow.

    One statement and a line of the history, since an invitation takes no favor time: reminders and free days follow
    by the message, in a worker. `known`: its state before; of one that has moved meanwhile nothing is changed.
    """
    steps = YES_FROM if comes else NO_FROM
    if known not in steps:
        return False
    columns: dict[str, Any] = {"note": "", "note_code": None, "note_params": {}}
    detail: dict[str, Any] = {}
    if not comes:
        columns["decline_reason"] = DeclineReason.NO
        detail["reason"] = DeclineReason.NO
    moved = move_many(session, Ask, steps[known], Ask.id == ask_id, columns=columns, **detail)
    if moved:
        publish(session, AskAccepted(ask_id) if comes else AskDeclined(ask_id))
    return bool(moved)
