"""The page that makes tomorrow come now: nothing else moves the story's time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.e2e.people import Person

PLACE = ZoneInfo("Europe/Berlin")
TUESDAY = 1


def jumps_to(person: Person, moment: datetime) -> None:
    person.goes_to("/mailbox/clock")
    person.fills("Move the clock to", f"{moment.astimezone(PLACE):%Y-%m-%dT%H:%M}")
    person.presses("Jump there")
    person.reads("The clock has moved.")


def next_tuesday_at_ten(now: datetime) -> datetime:
    here = now.astimezone(PLACE)
    days = (TUESDAY - here.weekday()) % 7
    tuesday = datetime.combine(here.date() + timedelta(days), time(10), PLACE)
    return tuesday if tuesday > now else tuesday + timedelta(days=7)


def same_day_at_five(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(PLACE).date(), time(17, 2), PLACE)
