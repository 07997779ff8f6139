"""How platforms write durations and moments: “1h 33m 49s”, “94”, “1:33:49”; “11/24/26, 5:56:12 PM”."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

AMOUNT = re.compile(r"(\d+)\s*([^\W\d]+)")
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")
LONGEST = timedelta(days=7)
NEAR = timedelta(hours=36)  # a moment that is further from the start was written in another way
NUMERIC = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp])?"
)
NAMED = re.compile(
    r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
Day = tuple[int, int, int]


def read_duration(text: str) -> timedelta | None:
    """A bare number is minutes."""
    text = text.strip().casefold()
    if text.isascii() and text.isdecimal() and len(text) < 6:
        return min(timedelta(minutes=int(text)), LONGEST)
    if clock := CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return min(timedelta(hours=hours, minutes=minutes, seconds=seconds), LONGEST)
    parts = [_amount(int(number[:6]), unit) for number, unit in AMOUNT.findall(text)]
    return min(sum(parts, timedelta()), LONGEST) if parts else None


def _amount(number: int, unit: str) -> timedelta:
    """Of hours, minutes and seconds, as English and its neighbors write them: “Std.” is an hour."""
    if unit.startswith("m"):
        return timedelta(minutes=number)
    if unit.startswith("s") and not unit.startswith("st"):
        return timedelta(seconds=number)
    return min(timedelta(hours=min(number, 1000)), LONGEST)


def read_moment(text: str, starts_at: datetime, zone: str) -> datetime | None:
    """In the zone of the event, and near its start: so a day is told from a month. None where nothing fits."""
    plain = text.replace("\u202f", " ").replace("\u00a0", " ").strip()
    days, clock = _parts(plain)
    zone = "UTC" if plain.endswith("Z") else zone
    found = [at for day in days if (at := _moment(day, clock, zone))]
    near = [at for at in found if abs(at - starts_at) < NEAR]
    return min(near, key=lambda at: abs(at - starts_at), default=None)


def _parts(text: str) -> tuple[list[Day], tuple[str | None, ...]]:
    """Every day that may be meant, as year, month and day; and the time."""
    if found := NUMERIC.match(text):
        one, two, three = (int(part) for part in found.groups()[:3])
        if one > 31:
            return [(one, two, three)], found.groups()[3:]
        year = three if three > 99 else 2000 + three
        return [(year, one, two), (year, two, one)], found.groups()[3:]
    if (found := NAMED.match(text)) and found[1].lower() in MONTHS:
        return [(int(found[3]), MONTHS.index(found[1].lower()) + 1, int(found[2]))], found.groups()[3:]
    return [], ()


def _moment(day: Day, clock: tuple[str | None, ...], zone: str) -> datetime | None:
    hour, minute, second, half = (part or "" for part in clock)
    hours = int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)
    try:
        local = datetime(*day, hours, int(minute), int(second or 0), tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
    return local.astimezone(UTC)
