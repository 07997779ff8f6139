"""When a step is due, and when it is too late for it.

Steps stand in the order of their time. A step after the start that is late is made up for; one before a moment is
passed over: "tomorrow" said today misleads. A day is 24 hours; the hours people read emails in are kept by the claim.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.outreach.sequences.models import SequenceStep

HOUR = 60
DAY = 24 * HOUR
LATENESS_DIVISOR = 4  # a step before a moment may be late by a quarter of its time ahead …
MIN_LATENESS = timedelta(minutes=30)  # … and by half an hour in any case
ABOUT_AN_HOUR = timedelta(minutes=90)


class TimeAhead(StrEnum):
    """How far off a moment is for the reader of an email that goes before it."""

    HOUR = "hour"
    TODAY = "today"
    DAY = "day"  # tomorrow
    LATER = "later"


@dataclass(frozen=True)
class Position:
    """The last step that is behind a run, and when the next is due; None: nothing is left."""

    step: int
    next_at: datetime | None


def delay(step: SequenceStep) -> timedelta:
    return timedelta(minutes=step.minutes)


def due_at(step: SequenceStep, anchor: datetime) -> datetime:
    return anchor + delay(step)


def first_position(steps: Sequence[SequenceStep], anchor: datetime, now: datetime) -> Position:
    """Pass over steps before the moment whose time has gone by: it was agreed just now."""
    passed = [step.number for step in steps if step.minutes < 0 and due_at(step, anchor) <= now]
    return position_after(steps, passed[-1] if passed else 0, anchor)


def due_step(
    steps: Sequence[SequenceStep], last_step: int, anchor: datetime, now: datetime
) -> tuple[SequenceStep | None, Position]:
    """Return the step to write now, if any, and where the run stands after it."""
    for step in steps[last_step:]:
        if due_at(step, anchor) > now:
            return None, Position(step.number - 1, due_at(step, anchor))
        if not _is_too_late(step, anchor, now):
            return step, _after_writing(steps, step, anchor, now)
    return None, Position(len(steps), None)


def position_after(steps: Sequence[SequenceStep], last_step: int, anchor: datetime) -> Position:
    rest = steps[last_step:]
    return Position(last_step, due_at(rest[0], anchor) if rest else None)


def min_gap(steps: Sequence[SequenceStep], step: SequenceStep) -> timedelta:
    """Return half the time planned since the email before: never less lies between the two."""
    before = steps[step.number - 2].minutes if step.number > 1 else 0
    return timedelta(minutes=max(step.minutes - max(before, 0), 0)) / 2


def remapped_positions(old_steps: Sequence[SequenceStep], minutes: Sequence[int]) -> Mapping[int, int]:
    behind = {0: 0}
    for step in old_steps:
        behind[step.number] = sum(1 for each in minutes if each <= step.minutes)
    return behind


def time_ahead(now: datetime, moment: datetime, zone: ZoneInfo) -> TimeAhead:
    if moment - now <= ABOUT_AN_HOUR:
        return TimeAhead.HOUR
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    return TimeAhead.TODAY if days == 0 else TimeAhead.DAY if days == 1 else TimeAhead.LATER


def _after_writing(
    steps: Sequence[SequenceStep], step: SequenceStep, anchor: datetime, now: datetime
) -> Position:
    """Move the next email after one that came late, so that two do not arrive together."""
    place = position_after(steps, step.number, anchor)
    if place.next_at is None or step.minutes < 0:
        return place
    return Position(place.step, max(place.next_at, now + min_gap(steps, steps[step.number])))


def _is_too_late(step: SequenceStep, anchor: datetime, now: datetime) -> bool:
    if step.minutes >= 0:
        return False
    grace = max(timedelta(minutes=-step.minutes) / LATENESS_DIVISOR, MIN_LATENESS)
    return now - due_at(step, anchor) > grace
