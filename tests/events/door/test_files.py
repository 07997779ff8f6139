"""Files of attendance: whom they name, what they may change, and how they are undone."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from portal.events.attendance_models import AttendanceAlias, AttendanceLine, AttendanceMatch
from portal.events.door import joining
from portal.events.guest_models import AttendanceSource, EventGuest, GuestSource, GuestState
from portal.events.models import Event
from portal.history import HistoryEntry
from tenants.clock import utc_now
from tests.client import Client
from tests.events.door.doors import Door, change
from tests.events.door.report_files import TEAMS, ZOOM_MEETING
from tests.events.events import contact, event, save
from tests.world import World

HEAD = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
Upload = Callable[..., str]


@pytest.fixture
def webinar(acme: World) -> Event:
    """At six in the evening of yesterday, in Berlin."""
    yesterday = utc_now().astimezone(ZoneInfo("Europe/Berlin")) - timedelta(days=1)
    began: datetime = yesterday.replace(hour=18, minute=0, second=0, microsecond=0)
    return event(acme, starts_at=began, ends_at=began + timedelta(hours=1), join_url="https://meet.example/1")


@pytest.fixture
def upload(as_manager: Client, webinar: Event) -> Upload:
    def send(text: str, name: str = "report.csv") -> str:
        at = webinar.starts_at.astimezone(ZoneInfo("Europe/Berlin"))
        filled = text.format(day=f"{at:%m/%d/%Y}", short=f"{at.month}/{at.day}/{at:%y}")
        given = {"file": (io.BytesIO(filled.encode()), name)}
        address = f"/events/{webinar.id}/attendance/files"
        answer = as_manager.post(address, given, content_type="multipart/form-data")
        return as_manager.follow(answer).text if answer.status_code == 303 else answer.text

    return send


def line_of(world: World, name: str) -> AttendanceLine:
    with world.session() as session:
        return session.scalars(select(AttendanceLine).where(AttendanceLine.name == name)).one()


def decide(client: Client, of: Event, line: AttendanceLine, what: str, **fields: str) -> None:
    client.follow(client.post(f"/events/{of.id}/attendance/lines/{line.id}/{what}", fields))


def test_who_stands_in_a_file_was_there_and_who_it_does_not_know_waits_for_a_manager(
    acme: World, webinar: Event, upload: Upload
) -> None:
    ada = contact(
        acme, webinar, name="A. L.", email="ada@nordwind.example", email_norm="ada@nordwind.example"
    )
    ben, cleo = contact(acme, webinar, name="Ben Amari"), acme.advocate(email="cleo@sol.example")
    cleo_here = save(acme, EventGuest(event_id=webinar.id, advocate_id=cleo.id, source=GuestSource.ASKED))
    page = upload(ZOOM_MEETING)
    assert "Meeting room 2" in page
    there = acme.reload(ada)
    assert (there.attendance_source, there.minutes) == (AttendanceSource.FILE, 25)
    assert acme.reload(ben).minutes == 40, "by a whole name that one guest has"
    too_short = acme.reload(cleo_here)
    assert (too_short.attended_at, too_short.minutes) == (None, 3)
    assert acme.reload(webinar).has_record


def test_the_same_file_read_again_changes_nothing_and_undone_everything_is_as_before(
    acme: World, webinar: Event, upload: Upload, as_manager: Client
) -> None:
    ada = contact(acme, webinar, name="Ada Lindqvist")
    upload(ZOOM_MEETING)
    seen = acme.reload(ada).attendance_changed_at
    upload(ZOOM_MEETING, "again.csv")
    assert acme.reload(ada).attendance_changed_at == seen
    file_id = str(line_of(acme, "Ada Lindqvist").file_id)
    as_manager.follow(as_manager.post(f"/events/{webinar.id}/attendance/undoing", {"file_id": file_id}))
    back = acme.reload(ada)
    assert (back.attended_at, back.minutes, back.attendance_source) == (None, None, None)
    with acme.session() as session:
        assert session.scalar(select(func.count()).select_from(AttendanceLine)) == 0


def test_minutes_of_a_file_beat_a_pressed_link_and_a_door_beats_both(
    acme: World, webinar: Event, upload: Upload, as_manager: Client
) -> None:
    pressed, at_door = contact(acme, webinar, name="Cleo Rossi"), contact(acme, webinar, name="Ada Lindqvist")
    for guest, source in ((pressed, AttendanceSource.JOIN_PAGE), (at_door, AttendanceSource.DOOR)):
        seen = {"attendance_source": source, "attended_by": "Sam"}
        change(acme, guest, attended_at=webinar.starts_at, **seen)
    upload(HEAD + "Cleo Rossi,,,,3\nAda Lindqvist,,,,4\n")
    assert acme.reload(pressed).attended_at is None
    stays = acme.reload(at_door)
    assert (stays.attendance_source, stays.attended_by, stays.minutes) == (AttendanceSource.DOOR, "Sam", 4)
    file_id = str(line_of(acme, "Cleo Rossi").file_id)
    as_manager.follow(as_manager.post(f"/events/{webinar.id}/attendance/undoing", {"file_id": file_id}))
    assert acme.reload(pressed).attendance_source is AttendanceSource.JOIN_PAGE


def test_a_manager_says_who_is_meant_and_later_files_know_it(
    acme: World, webinar: Event, upload: Upload, as_manager: Client
) -> None:
    ada = acme.advocate(first_name="Ada", last_name="Lindqvist")
    guest = save(acme, EventGuest(event_id=webinar.id, advocate_id=ada.id, source=GuestSource.ASKED))
    upload(HEAD + "AL Phone,,,,30\nRoom,,,,60\nOtto Vogt,otto@x.example,,,20\n")
    line = line_of(acme, "AL Phone")
    chosen = as_manager.get(f"/events/{webinar.id}/attendance/lines/{line.id}?q=lindq").text
    assert "Ada Lindqvist" in chosen
    decide(as_manager, webinar, line, "guest", guest_id=str(guest.id))
    assert acme.reload(guest).minutes == 30
    decide(as_manager, webinar, line_of(acme, "Room"), "ignoring")
    decide(as_manager, webinar, line_of(acme, "Otto Vogt"), "newcomer")
    assert line_of(acme, "Room").match is AttendanceMatch.IGNORED
    with acme.session() as session:
        otto = session.scalars(select(EventGuest).where(EventGuest.email_norm == "otto@x.example")).one()
        assert (otto.state, otto.source, otto.minutes) == (GuestState.LISTED, GuestSource.WALK_IN, 20)
        assert session.scalars(select(AttendanceAlias.advocate_id)).all() == [ada.id]
    upload(HEAD + "AL Phone,,,,45\n")
    assert acme.reload(guest).minutes == 45


def test_a_wrong_match_is_taken_back(acme: World, webinar: Event, upload: Upload, as_manager: Client) -> None:
    ada = contact(acme, webinar, name="Ada Lindqvist")
    upload(HEAD + "Ada Lindqvist,,,,30\n")
    line = line_of(acme, "Ada Lindqvist")
    decide(as_manager, webinar, line, "release")
    assert acme.reload(ada).attended_at is None
    assert acme.reload(line).match is AttendanceMatch.UNMATCHED


def test_two_names_of_one_guest_count_together(
    acme: World, webinar: Event, upload: Upload, as_manager: Client
) -> None:
    ada = contact(acme, webinar, name="Ada Lindqvist")
    upload(HEAD + "Ada Lindqvist,,,,6\nAL Phone,,,,6\n")
    assert acme.reload(ada).attended_at is None
    decide(as_manager, webinar, line_of(acme, "AL Phone"), "guest", guest_id=str(ada.id))
    there = acme.reload(ada)
    assert (there.minutes, there.attendance_source) == (12, AttendanceSource.FILE)


def test_a_late_file_after_the_records_closed_is_a_correction(
    acme: World, webinar: Event, upload: Upload
) -> None:
    ada = contact(acme, webinar, email="ada@nordwind.example", email_norm="ada@nordwind.example")
    change(acme, webinar, records_close_at=utc_now())
    upload(TEAMS)
    assert acme.reload(ada).attended_at
    with acme.session() as session:
        corrected = select(HistoryEntry.subject_id).where(HistoryEntry.action == "attendance_corrected")
        assert session.scalars(corrected).all() == [ada.id]


def test_a_file_that_is_no_report_says_so_and_changes_nothing(
    acme: World, webinar: Event, upload: Upload
) -> None:
    assert "No table of participants" in upload("a,b\n1,2\n")
    assert "This is a workbook" in upload("PK\x03\x04")
    assert not acme.reload(webinar).has_record


def test_nobody_was_at_an_event_that_is_ahead(acme: World, as_manager: Client) -> None:
    ahead = event(acme)
    given = {"file": (io.BytesIO(HEAD.encode()), "early.csv")}
    address = f"/events/{ahead.id}/attendance/files"
    answer = as_manager.post(address, given, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "hasn’t begun" in answer.text


def test_five_thousand_people_are_read_in_a_web_request(acme: World, webinar: Event, upload: Upload) -> None:
    with acme.session() as session:
        session.add_all(
            EventGuest(
                event_id=webinar.id,
                name=f"Guest {number}",
                email=f"g{number}@x.example",
                email_norm=f"g{number}@x.example",
                source=GuestSource.REGISTERED,
            )
            for number in range(2000)
        )
    page = upload(HEAD + "".join(f"Guest {number},g{number}@x.example,,,30\n" for number in range(2000)))
    assert "2000" in page
    with acme.session() as session:
        there = select(func.count()).select_from(EventGuest).where(EventGuest.attended_at.is_not(None))
        assert session.scalar(there) == 2000


def test_a_door_and_a_pressed_link_meet_in_one_guest(acme: World) -> None:
    now = event(acme, starts_at=utc_now() - timedelta(minutes=5), join_url="https://meet.example/1")
    ada = contact(acme, now, name="Ada Lindqvist")
    with acme.session() as session:
        joining.join(session, ada.id)
    assert acme.reload(ada).attendance_source is AttendanceSource.JOIN_PAGE
    assert Door(acme, now).check_in(ada)["outcome"] == "done"
    assert acme.reload(ada).attendance_source is AttendanceSource.DOOR
