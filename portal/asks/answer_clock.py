"""The time to answer an ask runs from the moment its email leaves, in days of its reader."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from portal.asks import calendar_days
from portal.asks.models import Ask, AskState
from portal.asks.policies import MAX_ANSWER_DAYS
from portal.declarations.asks import DueDay
from portal.outreach.messages.actions import update_waiting_fields
from portal.outreach.sequences.actions import move_anchors

PROMPT = timedelta(hours=1)  # an email that leaves within it left when it was written


class EmailedAsk(NamedTuple):
    """`has_left`: at that moment; if not, it waits until then."""

    ask: Ask
    at: datetime
    has_left: bool
    due_day: DueDay


def same_number_of_days(session: Session, ask: Ask, start: date) -> date:
    began = ask.emailed_at or ask.sent_at or ask.created_at
    zone = calendar_days.reader_zone(session, ask.advocate)
    return start + (ask.due_on - calendar_days.day_of(began, zone))


def start(session: Session, emailed: Iterable[EmailedAsk]) -> None:
    """Start the time to answer of asks that are locked: set the due day, the words that name it and the reminders.

    Safe to repeat. What many have in common is written once for all of them.
    """
    changed: defaultdict[tuple[datetime, date], list[UUID]] = defaultdict(list)
    for one in emailed:
        if one.ask.sent_at is not None and one.at != one.ask.emailed_at and _start(session, one):
            changed[one.at, one.ask.due_on].append(one.ask.id)
    session.flush()
    for (at, due_on), ids in changed.items():
        move_anchors(session, Ask.__tablename__, ids, at, {"due_on": due_on})
        update_waiting_fields(session, Ask.__tablename__, ids, {"due_on": due_on})


def _start(session: Session, one: EmailedAsk) -> bool:
    """Whether words and reminders change. One that has ended keeps when it left: whoever was asked got it."""
    ask, at = one.ask, one.at
    if ask.state is not AskState.SENT or ask.sent_at is None:
        ask.emailed_at = at if one.has_left else ask.emailed_at
        return False
    due_on, began = ask.due_on, ask.emailed_at or ask.sent_at
    zone = calendar_days.reader_zone(session, ask.advocate)
    latest = calendar_days.day_of(ask.sent_at, zone) + timedelta(days=MAX_ANSWER_DAYS - 2)
    ask.due_on = min(one.due_day(session, ask, calendar_days.day_of(at, zone)), latest)
    ask.emailed_at = at
    return ask.due_on != due_on or abs(at - began) > PROMPT
