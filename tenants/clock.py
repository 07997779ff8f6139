"""One clock for all business time. SQL never calls now(); demo and development may jump ahead."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def utc_now() -> datetime:
    """Return the time in UTC, ahead of the machine's clock by the demo's offset."""
    return datetime.now(UTC) + _offset


def set_offset(offset: timedelta) -> None:
    global _offset  # noqa: PLW0603 - the clock is the one thing a whole process shares
    _offset = offset


def set_time(when: datetime) -> None:
    set_offset(when - datetime.now(UTC))


def offset() -> timedelta:
    return _offset


def zone_abbreviation(at: datetime) -> str:
    short = at.tzname() or "UTC"
    if short.isalpha():
        return short
    sign, hours, minutes = short[0], short[1:3], short[3:].lstrip(":")
    return f"UTC{sign}{int(hours)}" + (f":{minutes}" if minutes else "")
