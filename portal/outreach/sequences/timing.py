"""When a step is due, and when it is too late for it.

Steps stand in the order of their time. A step after the start that is late is made up for; one before a moment is
passed over: "tomorrow" said today misleads. A day is 24 hours; the hours people read letters in are kept by the claim.
"""

from collections.abc import Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.outreach.sequences.models import Step

HOUR = 60
DAY = 24 * HOUR
LATENESS = 4  # a step before a moment may be late by a quarter of its time ahead …
LATEST_AT_LEAST = timedelta(minutes=30)  # … and by half an hour in any case
DAY_OF = timedelta(days=1)
ABOUT_AN_HOUR = timedelta(minutes=90)


class Ahead(StrEnum):
    """How far off a moment is for the reader of a letter that goes before it."""

    HOUR = "hour"
    TODAY = "today"
    DAY = "day"  # tomorrow
    LATER = "later"


@dataclass(frozen=True)
class Place:
    """Where a run stands: the last step that is behind it, and when the next is due; None: nothing is left."""

    step: int
    next_at: datetime | None


def delay(step: Step) -> timedelta:
    return timedelta(minutes=step.minutes)


def due_at(step: Step, anchor: datetime) -> datetime:
    return anchor + delay(step)


def begin(steps: Row[Step], anchor: datetime, now: datetime) -> Place:
    """Steps before the moment whose time has passed already say nothing new: it was agreed just now."""
    passed = [step.number for step in steps if step.minutes < 0 and due_at(step, anchor) <= now]
    return place_after(steps, passed[-1] if passed else 0, anchor)


def turn(steps: Row[Step], done: int, anchor: datetime, now: datetime) -> tuple[Step | None, Place]:
    """The step to write now, if any, and where the run stands after it."""
    for step in steps[done:]:
        if due_at(step, anchor) > now:
            return None, Place(step.number - 1, due_at(step, anchor))
        if not _is_too_late(step, anchor, now):
            return step, _after_writing(steps, step, anchor, now)
    return None, Place(len(steps), None)


def place_after(steps: Row[Step], done: int, anchor: datetime) -> Place:
    rest = steps[done:]
    return Place(done, due_at(rest[0], anchor) if rest else None)


def respite(steps: Row[Step], step: Step) -> timedelta:
    """Half the time planned between this letter and the one before it: never less lies between the two."""
    before = steps[step.number - 2].minutes if step.number > 1 else 0
    return timedelta(minutes=max(step.minutes - max(before, 0), 0)) / 2


def moved(before: Row[Step], minutes: Row[int]) -> Mapping[int, int]:
    """Where runs stand once the delays are other ones: what was behind them stays behind them."""
    behind = {0: 0}
    for step in before:
        behind[step.number] = sum(1 for each in minutes if each <= step.minutes)
    return behind


def ahead(now: datetime, moment: datetime, zone: ZoneInfo) -> Ahead:
    """By the reader's own calendar."""
    if moment - now <= ABOUT_AN_HOUR:
        return Ahead.HOUR
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    return Ahead.TODAY if days == 0 else Ahead.DAY if days == 1 else Ahead.LATER


def _after_writing(steps: Row[Step], step: Step, anchor: datetime, now: datetime) -> Place:
    """A letter that came late moves the one after it, so that two do not arrive together."""
    place = place_after(steps, step.number, anchor)
    if place.next_at is None or step.minutes < 0:
        return place
    return Place(place.step, max(place.next_at, now + respite(steps, steps[step.number])))


def _is_too_late(step: Step, anchor: datetime, now: datetime) -> bool:
    if step.minutes >= 0:
        return False
    grace = max(timedelta(minutes=-step.minutes) / LATENESS, LATEST_AT_LEAST)
    return now - due_at(step, anchor) > grace
