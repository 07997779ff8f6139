"""Calendar files, read again by the library that calendars are tested with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from portal.references.meetings.calendar_file import (
    CalendarInvitation,
    CalendarMethod,
    CalendarParty,
    render_calendar_file,
)

CALL = CalendarInvitation(
    uid="0192@goodword",
    sequence=0,
    method=CalendarMethod.REQUEST,
    starts_at=datetime(2026, 11, 24, 14, tzinfo=UTC),
    minutes=20,
    time_zone="Europe/Stockholm",
    title="Peter Gibbons, Initech; Ledgerworks",
    text="How long did it take?\nWould you do it again?",
    place="https://meet.example/abc",
    organizer=CalendarParty(name="Ledgerworks", email="desk@ledgerworks.example"),
    attendee=CalendarParty(name='Ada "The Close" Lindqvist, Ü', email="ada@wabtec.example"),
    stamped_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
)


def opened(invitation: CalendarInvitation) -> tuple[Calendar, Any]:
    calendar = Calendar.from_ical(render_calendar_file(invitation))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_an_invitation_says_when_where_and_who_asks() -> None:
    calendar, event = opened(CALL)
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("REQUEST", "0192@goodword", 0)
    assert (event.start, event.end - event.start) == (CALL.starts_at, timedelta(minutes=20))
    assert str(event["SUMMARY"]) == CALL.title
    assert str(event["DESCRIPTION"]) == CALL.text
    assert (event["ORGANIZER"], event["ATTENDEE"]) == (
        "mailto:desk@ledgerworks.example",
        "mailto:ada@wabtec.example",
    )


def test_calendars_answer_to_the_domain_that_was_written() -> None:
    there = replace(
        CALL,
        organizer=CalendarParty(name="", email="desk@βόλος.example"),
        attendee=CalendarParty(name="Ada", email="ada@straße.example"),
    )
    _, event = opened(there)
    assert event["ORGANIZER"] == "mailto:desk@xn--nxasmm1c.example"
    assert event["ATTENDEE"] == "mailto:ada@xn--strae-oqa.example"


def test_a_cancellation_has_the_same_uid_and_a_higher_sequence() -> None:
    calendar, event = opened(replace(CALL, method=CalendarMethod.CANCEL, sequence=1))
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == ("0192@goodword", 1)


@pytest.mark.parametrize(
    ("starts_at", "zone", "wall"),
    [
        (datetime(2026, 10, 24, 13, tzinfo=UTC), "Europe/Stockholm", "15:00"),  # the day before winter time
        (datetime(2026, 10, 26, 14, tzinfo=UTC), "Europe/Stockholm", "15:00"),
        (
            datetime(2027, 3, 13, 15, tzinfo=UTC),
            "America/Chicago",
            "09:00",
        ),  # America changes two weeks before Europe
        (datetime(2027, 3, 15, 14, tzinfo=UTC), "America/Chicago", "09:00"),
        (datetime(2026, 11, 24, 4, 15, tzinfo=UTC), "Asia/Kathmandu", "10:00"),
    ],
)
def test_the_hour_is_right_where_the_reader_is(starts_at: datetime, zone: str, wall: str) -> None:
    calendar, event = opened(replace(CALL, starts_at=starts_at, time_zone=zone))
    assert (event.start, f"{event.start:%H:%M}") == (starts_at, wall)
    assert [str(one["TZID"]) for one in calendar.walk("VTIMEZONE")] == [zone]


def test_lines_are_folded_and_end_as_mail_wants_them() -> None:
    content = render_calendar_file(CALL)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
