"""What the files of three platforms say: who, how often, how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.attendance_models import AttendancePlatform
from portal.events.door.reports.people import Participant, sum_up
from portal.events.door.reports.reading import MOST_LINES, UnreadableReport, read_report
from portal.events.door.reports.values import read_duration, read_moment
from tests.events.door.report_files import GOTO, TEAMS, ZOOM_MEETING, ZOOM_WEBINAR

BEGAN = datetime(
    2026, 11, 4, 17, 0, tzinfo=UTC
)  # 18:00 in Berlin; the day could be the 4th of November or of April
DAYS = {"day": "11/04/2026", "short": "11/4/26", "month": "Nov 04, 2026"}


def people(text: str, encoding: str = "utf-8") -> dict[str, Participant]:
    content = text.format(**DAYS).encode(encoding)
    return {each.alias: each for each in sum_up(read_report(content, BEGAN, "Europe/Berlin").joins)}


def test_zoom_names_each_join_and_they_are_added_up() -> None:
    found = people(ZOOM_MEETING)
    ada = found["ada@nordwind.example"]
    assert (ada.joins, ada.minutes) == (2, 25), "the join without an address is hers by her name"
    assert ada.joined_at == datetime(2026, 11, 4, 16, 58, 2, tzinfo=UTC)
    assert [each.minutes for each in found.values()] == [25, 40, 3, 95]


@pytest.mark.parametrize(
    ("text", "encoding", "platform", "minutes"),
    [
        (ZOOM_MEETING, "utf-8-sig", AttendancePlatform.ZOOM, 25),
        (ZOOM_WEBINAR, "cp1252", AttendancePlatform.ZOOM, 60),
        (TEAMS, "utf-16", AttendancePlatform.TEAMS, 91),
        (TEAMS, "utf-16-le", AttendancePlatform.TEAMS, 91),
        (GOTO, "utf-8", AttendancePlatform.GOTO, 72),
    ],
)
def test_each_platform_is_known_by_its_columns(
    text: str, encoding: str, platform: AttendancePlatform, minutes: int
) -> None:
    content = text.format(**DAYS).encode(encoding)
    assert read_report(content, BEGAN, "Europe/Berlin").platform is platform
    assert people(text, encoding)["ada@nordwind.example"].minutes == minutes
    assert "dana@lumen.example" in people(ZOOM_WEBINAR)
    assert "ben@sol.example" not in people(GOTO), "registered, and did not come"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("94", 94),
        ("1h 33m 49s", 93),
        ("1:33:49", 93),
        ("1 hour 2 minutes", 62),
        ("1 Std. 5 Min. 9 Sek.", 65),
        ("45s", 0),
    ],
)
def test_durations_are_read_as_people_read_them(text: str, minutes: int) -> None:
    found = read_duration(text)
    assert found is not None
    assert found // timedelta(minutes=1) == minutes


def test_a_day_is_told_from_a_month_by_the_event() -> None:
    assert read_moment("04/11/2026 18:05:00", BEGAN, "Europe/Berlin") == datetime(
        2026, 11, 4, 17, 5, tzinfo=UTC
    )
    assert read_moment("11/04/2026 18:05:00", BEGAN, "Europe/Berlin") == datetime(
        2026, 11, 4, 17, 5, tzinfo=UTC
    )
    assert read_moment("01/01/2001 18:05:00", BEGAN, "Europe/Berlin") is None


def test_two_devices_at_once_count_no_longer_than_the_time_between() -> None:
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    line = "Ada,ada@x.example,11/04/2026 06:00:00 PM,11/04/2026 06:30:00 PM,30\n"
    assert people(head + line * 2)["ada@x.example"].minutes == 30


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rest", b"%PDF-1.7", b"a,b\n1,2\n", b"\x00" * 400])
def test_what_is_no_report_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UnreadableReport):
        read_report(content, BEGAN, "Europe/Berlin")


def test_a_huge_file_is_refused_before_it_is_kept() -> None:
    head = b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    with pytest.raises(UnreadableReport, match="more than"):
        read_report(head + b"A,a@x.example,,,3\n" * (MOST_LINES + 1), BEGAN, "Europe/Berlin")


@given(st.binary(max_size=300), st.text(alphabet='Ada,"\n\r\t;0:PM/ é', max_size=200))
def test_no_file_breaks_the_reader(content: bytes, text: str) -> None:
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    for given_content in (content, (head + text).encode()):
        try:
            found = sum_up(read_report(given_content, BEGAN, "Europe/Berlin").joins)
        except UnreadableReport:
            continue
        assert all(each.alias and each.minutes >= 0 for each in found)
