"""A call as three calendar files tell it: the page's, the prospect's and the customer's."""

from datetime import datetime

from icalendar import Calendar, Event


def event(file: Calendar) -> Event:
    (found,) = file.walk("VEVENT")
    assert isinstance(found, Event)
    return found


def are_the_same(*files: Calendar) -> None:
    """One meeting, that every calendar may update and cancel later."""
    assert {file["METHOD"] for file in files} == {"REQUEST"}
    events = [event(file) for file in files]
    assert len({each["UID"] for each in events}) == 1
    assert {each["SEQUENCE"] for each in events} == {0}
    assert len({each.start for each in events}) == len({each.end for each in events}) == 1


def name_only(file: Calendar, email: str, *, never: str) -> None:
    """Each side is the one attendee of its own file."""
    written = file.to_ical().decode()
    assert f"mailto:{email}" in written.replace("\r\n ", "")
    assert never not in written.replace("\r\n ", "")


def ends_at(file: Calendar) -> datetime:
    moment = event(file).end
    assert isinstance(moment, datetime)
    return moment
