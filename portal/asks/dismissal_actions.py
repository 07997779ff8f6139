"""Hiding an ask from the own list for a while: it answers nothing, so its state and its last day stay."""

from sqlalchemy.orm import Session

from portal import history
from portal.asks.history_actions import AskAction
from portal.asks.models import Ask, AskState
from portal.asks.queries import HIDDEN_FOR, lock_ask
from portal.errors import Conflict
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason
from tenants.clock import utc_now


def dismiss(session: Session, ask: Ask) -> None:
    lock_ask(session, ask)
    if ask.state is not AskState.SENT:
        raise Conflict("This request is over, so there is nothing to hide.")
    if ask.dismissed_at is None or ask.dismissed_at + HIDDEN_FOR <= utc_now():
        ask.dismissed_at = utc_now()
        history.record(session, ask, AskAction.DISMISSED)
        stop_for_subject(session, (ask.__tablename__, ask.id), StopReason.DISMISSED)
