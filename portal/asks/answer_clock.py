"""The time to answer an ask runs from the moment its email leaves, in days of its reader."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.asks import calendar_days, queries
from portal.asks.models import Ask, AskState
from portal.asks.policies import MAX_ANSWER_DAYS
from portal.declarations.asks import DueDay
from portal.outreach.messages.actions import update_waiting_fields
from portal.outreach.sequences.actions import move_anchor

PROMPT = timedelta(hours=1)  # an email that leaves within it left when it was written


def same_number_of_days(session: Session, ask: Ask, start: date) -> date:
    began = ask.emailed_at or ask.sent_at or ask.created_at
    zone = calendar_days.reader_zone(session, ask.advocate)
    return start + (ask.due_on - calendar_days.day_of(began, zone))


def start(
    session: Session, ask: Ask, at: datetime, due_day: DueDay = same_number_of_days, *, has_left: bool = True
) -> None:
    """Start the time to answer: set the due day, the words that name it and the reminders. Safe to repeat.

    An ask that has ended keeps when its email left, since whoever was asked got it. `has_left`: it does not wait.
    """
    queries.lock_ask(session, ask)
    if ask.sent_at is None or at == ask.emailed_at:
        return
    if ask.state is not AskState.SENT:
        ask.emailed_at = at if has_left else ask.emailed_at
        return
    before = (ask.due_on, ask.emailed_at or ask.sent_at)
    zone = calendar_days.reader_zone(session, ask.advocate)
    latest = calendar_days.day_of(ask.sent_at, zone) + timedelta(days=MAX_ANSWER_DAYS - 2)
    ask.due_on = min(due_day(session, ask, calendar_days.day_of(at, zone)), latest)
    ask.emailed_at = at
    session.flush()
    if ask.due_on != before[0] or abs(at - before[1]) > PROMPT:
        _bring_up_to_date(session, ask, at)


def _bring_up_to_date(session: Session, ask: Ask, at: datetime) -> None:
    about, fields = (ask.__tablename__, ask.id), {"due_on": ask.due_on}
    move_anchor(session, about, at, fields)
    update_waiting_fields(session, about, fields)
