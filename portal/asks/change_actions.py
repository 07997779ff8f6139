"""Answers that may be another until the program's record closes: yes becomes no, silence becomes yes, maybe stays open.

The program decides until when; called with its record, the company, the person and the ask locked.
"""

from sqlalchemy.orm import Session

from portal.asks import actions, queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import LIFECYCLE, Ask, AskMove, AskState
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason
from tenants.clock import utc_now


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
