"""Addresses that open a calendar on the web with a call or an event filled in, for whoever uses no file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.office.com/calendar/action/compose"


@dataclass(frozen=True)
class WebCalendarEntry:
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    text: str = ""


def google(entry: WebCalendarEntry) -> str:
    times = "/".join(at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for at in (entry.starts_at, entry.ends_at))
    params = {"text": entry.title, "dates": times, "location": entry.place, "details": entry.text}
    return _address(GOOGLE, {"action": "TEMPLATE"} | params)


def outlook(entry: WebCalendarEntry) -> str:
    first, last = (
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in (entry.starts_at, entry.ends_at)
    )
    params = {
        "subject": entry.title,
        "startdt": first,
        "enddt": last,
        "location": entry.place,
        "body": entry.text,
    }
    return _address(OUTLOOK, {"rru": "addevent"} | params)


def _address(base: str, params: dict[str, str]) -> str:
    return f"{base}?{urlencode({name: value for name, value in params.items() if value})}"
