"""Answers that may be another until the program's record closes: yes becomes no, silence becomes yes, maybe stays open.

The program decides until when; called with its record, the company, the person and the ask locked.
"""

from sqlalchemy.orm import Session

from portal import outbox
from portal.asks import actions, advocate_activity, queries
from portal.asks.models import LIFECYCLE, Ask, AskAccepted, AskDeclined, AskMove, AskState
from portal.lifecycle import move
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason
from tenants.clock import utc_now

CHANGES_TO_YES = frozenset({AskState.DECLINED, AskState.EXPIRED})


def say_yes(session: Session, ask: Ask, note: str = "") -> None:
    """The first yes, or one after a no or after the last day. Said twice it stands."""
    queries.lock_ask(session, ask)
    if ask.state in CHANGES_TO_YES:
        move(session, ask, AskMove.CHANGE_TO_YES, columns={"note": note})
        advocate_activity.refresh_available_from(session, [ask.advocate_id])
        outbox.publish(session, AskAccepted(ask.id))
    elif ask.state is not AskState.ACCEPTED:
        actions.accept(session, ask, note)


def say_no(session: Session, ask: Ask, reason: str, note: str = "") -> None:
    """The first no, or one that takes a yes back. Said twice, or after the last day, nothing changes."""
    queries.lock_ask(session, ask)
    if ask.state is AskState.ACCEPTED:
        move(session, ask, AskMove.CHANGE_TO_NO, columns={"reason": reason, "note": note}, reason=reason)
        advocate_activity.refresh_available_from(session, [ask.advocate_id])
        outbox.publish(session, AskDeclined(ask.id))
    elif ask.state is AskState.SENT:
        actions.decline(session, ask, reason, note)


def say_maybe(session: Session, ask: Ask) -> None:
    """An answer that keeps the question open, without more reminders."""
    queries.lock_ask(session, ask)
    LIFECYCLE.after(AskMove.ACCEPT, ask.state)
    ask.answered_at = utc_now()
    stop_for_subject(session, (ask.__tablename__, ask.id), StopReason.ANSWERED)
