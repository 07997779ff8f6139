"""Letters that do not leave, doubt that lasts, complaints: said on the page and at home before anybody asks."""

from datetime import date, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from jobs import schedule
from jobs.alarms import say_late, with_late_letters
from portal.outreach import alarms, facts
from portal.outreach.alarms import Alarm
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Hold, LetterState, MailDay
from tenants.clock import utc_now
from tenants.database import system_session
from tests.house.counting import statements
from tests.outreach.written import letter
from tests.world import World


def ago(**by: float) -> Any:
    return utc_now() - timedelta(**by)


def raised(world: World) -> list[Alarm]:
    with world.session() as session:
        return [one.alarm for one in alarms.raised(session, alarms.look(session))]


def complaints(world: World, number: int, *, of: int = 1500, on: date | None = None) -> None:
    with world.session() as session:
        session.add(MailDay(day=on or ago(days=1).date(), accepted=of, complained=number))


def test_late_letters_are_told_of_on_the_page_and_at_home(acme, as_manager, as_admin):
    acme.advocate()
    letter(acme, due_at=ago(minutes=42))
    letter(acme, due_at=ago(minutes=16))
    for client in (as_manager, as_admin):
        for path in ("/letters", "/"):
            page = client.get(path).text
            assert "Letters are late" in page, path
            assert "The oldest has waited 42 minutes. Is a mail worker running?" in page, path


def test_it_is_late_after_as_many_minutes_as_the_workspace_says(acme):
    letter(acme, due_at=ago(minutes=42))
    assert raised(acme) == [Alarm.LATE]
    acme.allows(alarm_minutes=43)
    assert raised(acme) == []


@pytest.mark.parametrize(
    "waits",
    [
        {"due_at": utc_now() + timedelta(hours=9)},
        {"state": LetterState.HELD, "held_for": Hold.SUPPRESSED, "due_at": None},
        {"state": LetterState.HELD, "held_for": Hold.QUIET, "due_at": utc_now() + timedelta(hours=9)},
        {"state": LetterState.ACCEPTED, "due_at": ago(days=3)},
    ],
)
def test_what_waits_for_its_hour_or_has_left_is_not_late(acme, waits):
    letter(acme, **waits)
    assert raised(acme) == []


def test_a_link_to_sign_in_that_does_not_leave_is_late_and_stays_unseen(acme, as_manager):
    letter(acme, LetterKind.NEW_LINK, queue="sign_in", due_at=ago(hours=3))
    letter(acme, queue="mail", bulk=True, due_at=ago(hours=2))
    assert "The oldest has waited 3 hours." in as_manager.get("/letters").text


@pytest.mark.parametrize(
    "doubt",
    [
        {"state": LetterState.UNKNOWN, "due_at": utc_now()},
        {"state": LetterState.HELD, "held_for": Hold.DOUBT, "due_at": None},
    ],
)
def test_doubt_that_outlasts_a_day_is_told_of(acme, doubt):
    new = letter(acme, claimed_at=ago(hours=23), **doubt)
    assert raised(acme) == []
    old = letter(acme, claimed_at=ago(hours=25), **doubt)
    assert raised(acme) == [Alarm.DOUBT]
    assert new.id != old.id


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, []), (1, []), (2, [Alarm.COMPLAINTS]), (4, [Alarm.COMPLAINTS]), (5, [Alarm.BLOCKED])],
)
def test_complaints_are_told_of_when_they_hold_letters_back_and_not_before(acme, number, told):
    complaints(acme, number)
    complaints(acme, 100, on=ago(days=40).date())
    assert raised(acme) == told
    with acme.session() as session:
        found = alarms.look(session)
        gathered = facts.gather(session, [letter(acme, LetterKind.OWN)])
    assert found.complaints == gathered.complaints, "the page and the claim count the same"


def test_a_pause_by_complaints_says_what_it_means_and_what_to_do(acme, as_manager):
    complaints(acme, 2)
    page = as_manager.get("/letters").text
    for words in ("Letters to many people rest", "0.13 %", "goes on by itself", "See which were marked"):
        assert words in page, words


def test_home_asks_no_more_for_it(acme, as_manager):
    acme.advocate()
    letter(acme, due_at=ago(minutes=42))
    complaints(acme, 5)
    with statements() as sent:
        page = as_manager.get("/").text
    assert len(sent) <= 8, sent
    assert "Two things need you" in page
    assert "Nothing but answers leaves" in page


def test_the_ticker_says_so_once_in_ten_minutes(acme, globex):
    letter(acme, due_at=ago(minutes=42))
    letter(globex, due_at=ago(minutes=2))
    slot = next(one for one in schedule.SCHEDULES if one.name == "late letters")
    with system_session(read_only=True) as session:
        assert {acme.id, globex.id} <= set(with_late_letters(session))
    with capture_logs() as logs:
        for world in (acme, globex):
            with world.session() as session:
                say_late(session)
    assert logs == [
        {"event": "letters are late", "log_level": "error", "workspace": str(acme.id), "minutes": 42}
    ]
    now = utc_now()
    assert slot.slot(now) <= now < slot.slot(now) + timedelta(minutes=10)
