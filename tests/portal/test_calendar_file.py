"""Calendar files, read again by the library that calendars are tested with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from portal.calendar_file import (
    CalendarEntry,
    CalendarInvitation,
    CalendarMethod,
    CalendarParty,
    blank,
    fill_blanks,
    render_calendar_feed,
    render_calendar_file,
)

CALL = CalendarInvitation(
    uid="0192@goodword",
    sequence=0,
    method=CalendarMethod.REQUEST,
    starts_at=datetime(2026, 11, 24, 14, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 14, 20, tzinfo=UTC),
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
    ends_at = starts_at + timedelta(minutes=20)
    calendar, event = opened(replace(CALL, starts_at=starts_at, ends_at=ends_at, time_zone=zone))
    assert (event.start, f"{event.start:%H:%M}") == (starts_at, wall)
    assert [str(one["TZID"]) for one in calendar.walk("VTIMEZONE")] == [zone]


def test_lines_are_folded_and_end_as_mail_wants_them() -> None:
    content = render_calendar_file(CALL)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


CHANGES_OF_THE_CLOCK = [  # the last hours before one, in the zone where it happens, and the first after
    ("Europe/Berlin", datetime(2027, 3, 27, 18, tzinfo=UTC), "19:00 03:00"),
    (
        "Europe/Dublin",
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        "23:00 05:00",
    ),  # its winter time is the named exception
    ("America/New_York", datetime(2026, 11, 1, 3, tzinfo=UTC), "23:00 05:00"),
    ("Asia/Kolkata", datetime(2027, 1, 21, 4, 30, tzinfo=UTC), "10:00 17:00"),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, 13, tzinfo=UTC), "00:00 06:30"),  # half an hour
]


@pytest.mark.parametrize(("zone", "starts_at", "hours"), CHANGES_OF_THE_CLOCK)
@pytest.mark.parametrize("sequence", [0, 3])
def test_an_event_across_a_change_of_the_clock_comes_back_as_it_was_written(
    zone: str, starts_at: datetime, hours: str, sequence: int
) -> None:
    ends_at = starts_at + timedelta(hours=7)
    written = replace(CALL, starts_at=starts_at, ends_at=ends_at, time_zone=zone, sequence=sequence)
    calendar, event = opened(written)
    assert (event.start, event.end) == (starts_at, ends_at)
    assert f"{event.start:%H:%M} {event.end:%H:%M}" == hours
    assert [str(one["TZID"]) for one in calendar.walk("VTIMEZONE")] == [zone]
    assert (event["UID"], event["SEQUENCE"]) == (CALL.uid, sequence)
    again, _ = opened(written)
    assert Calendar.from_ical(calendar.to_ical()).to_ical() == again.to_ical()


def test_a_feed_names_nobody_and_says_what_is_canceled() -> None:
    common = {name: getattr(CALL, name) for name in CalendarEntry.__dataclass_fields__}
    evening = CalendarEntry(**common | {"uid": "a@goodword"})
    off = CalendarEntry(**common | {"uid": "b@goodword", "time_zone": "Asia/Kolkata", "is_cancelled": True})
    calendar = Calendar.from_ical(render_calendar_feed("Ledgerworks", [evening, off]))
    assert (calendar["METHOD"], calendar["X-WR-CALNAME"]) == ("PUBLISH", "Ledgerworks")
    first, second = calendar.walk("VEVENT")
    assert [str(each["STATUS"]) for each in (first, second)] == ["CONFIRMED", "CANCELLED"]
    assert not {"ATTENDEE", "ORGANIZER"} & {*first, *second}
    assert Calendar.from_ical(render_calendar_feed("Nothing yet", [])).walk("VEVENT") == []


def test_a_signed_link_comes_into_a_file_only_when_it_is_sent() -> None:
    kept = render_calendar_file(
        replace(CALL, text=f"{CALL.text} Your page: {blank('page')}", place=blank("join"))
    )
    page = "https://ledgerworks.example/event/" + "x" * 67
    sent = fill_blanks(kept.decode(), {"join": "https://ledgerworks.example/j/" + "y" * 67, "page": page})
    (event,) = Calendar.from_ical(sent).walk("VEVENT")
    assert (str(event["LOCATION"])[-67:], str(event["DESCRIPTION"]).split()[-1]) == ("y" * 67, page)
    assert max(len(line) for line in sent.encode().split(b"\r\n")) <= 75
    unchanged = render_calendar_file(CALL).decode()
    assert fill_blanks(unchanged, {"page": page}) == unchanged
