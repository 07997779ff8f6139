"""One clock for all business time. SQL never calls now(); demo and development may jump ahead."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def utc_now() -> datetime:
    """Now, aware and in UTC, ahead of the machine's clock by the demo's offset."""
    return datetime.now(UTC) + _offset


def set_offset(offset: timedelta) -> None:
    """Set how far ahead this process is; `tenants.database` reads the shared row and calls this."""
    global _offset  # noqa: PLW0603 - the clock is the one thing a whole process shares
    _offset = offset


def set_time(when: datetime) -> None:
    """Make it that moment for this process, and let time run on from there."""
    set_offset(when - datetime.now(UTC))


def offset() -> timedelta:
    return _offset


def zone_abbreviation(at: datetime) -> str:
    """What people call the zone of this moment: CET, or UTC-3 and UTC+5:45 where no letters are in use."""
    short = at.tzname() or "UTC"
    if short.isalpha():
        return short
    sign, hours, minutes = short[0], short[1:3], short[3:].lstrip(":")
    return f"UTC{sign}{int(hours)}" + (f":{minutes}" if minutes else "")
