"""Emails that do not leave, unknown deliveries, complaints: said on the page and at home before anybody asks."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from jobs import schedule
from jobs.late_emails import log_late_emails, tenants_with_late_emails
from portal.gateways.mail import SendOutcome, SendResult
from portal.outreach.emails import NEW_LINK, OWN_EMAIL
from portal.outreach.governance import queries
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.messages import alarms, claim, send_results
from portal.outreach.messages.alarms import Alarm
from portal.outreach.messages.claim import ClaimedEmails
from portal.outreach.models import Email, EmailState, HoldReason
from portal.signin.emails import SIGN_IN
from tenants.clock import utc_now
from tenants.database import system_session
from tests.client import Client
from tests.outreach.messages.stored_emails import email
from tests.present import present
from tests.rules.query_counter import statements
from tests.world import World

BUSY = "The mail server asks to wait: 100% of its lines are busy."


def ago(**by: float) -> Any:
    return utc_now() - timedelta(**by)


def raised(world: World) -> list[Alarm]:
    with world.session() as session:
        return [one.alarm for one in alarms.raised_alarms(session, alarms.mail_health(session))]


def claimed(world: World) -> ClaimedEmails:
    with world.session() as session:
        return claim.claim(session, "mail", lease=timedelta(seconds=60), limit=10, gateway="smtp")


def turned_away(world: World, made: Email, verdict: SendOutcome = SendOutcome.RETRY) -> None:
    """It is due, a worker takes it, and this is what the mail server says."""
    changed(world, made, due_at=utc_now())
    mine = claimed(world)
    with world.session() as session:
        send_results.record_results(
            session, mine, [SendResult(made.id, verdict, BUSY)], event_wait=timedelta(hours=1)
        )


def go_back(world: World, made: Email, **by: float) -> None:
    changed(world, made, first_rejected_at=ago(**by))


def changed(world: World, made: Email, **facts: Any) -> None:
    with world.session() as session:
        session.execute(update(Email).where(Email.id == made.id).values(**facts))


def complaints(world: World, number: int, *, of: int = 1500, on: date | None = None) -> None:
    with world.session() as session:
        session.add(DailyMailStats(day=on or ago(days=1).date(), accepted=of, complained=number))


def test_late_emails_are_told_of_on_the_page_and_at_home(
    acme: World, as_manager: Client, as_admin: Client
) -> None:
    acme.advocate()
    email(acme, due_at=ago(minutes=42))
    email(acme, due_at=ago(minutes=16))
    for client in (as_manager, as_admin):
        for path in ("/emails", "/"):
            page = client.get(path).text
            assert "Emails are late" in page, path
            assert "The oldest has been waiting for 42 minutes. Is a mail worker running?" in page, path


def test_it_is_late_after_as_many_minutes_as_the_workspace_says(acme: World) -> None:
    email(acme, due_at=ago(minutes=42))
    assert raised(acme) == [Alarm.LATE]
    acme.set_outreach_policies(alarm_minutes=43)
    assert raised(acme) == []


@pytest.mark.parametrize(
    "waits",
    [
        {"due_at": utc_now() + timedelta(hours=9)},
        {"state": EmailState.HELD, "hold_reason": HoldReason.SUPPRESSED, "due_at": None},
        {
            "state": EmailState.HELD,
            "hold_reason": HoldReason.QUIET_HOURS,
            "due_at": utc_now() + timedelta(hours=9),
        },
        {"state": EmailState.ACCEPTED, "due_at": ago(days=3)},
    ],
)
def test_what_waits_for_its_hour_or_has_left_is_not_late(acme: World, waits: dict[str, Any]) -> None:
    email(acme, **waits)
    assert raised(acme) == []


def test_emails_that_the_mail_server_turns_away_are_late_though_each_try_moves_the_next_ahead(
    acme: World, as_manager: Client
) -> None:
    acme.advocate()
    made = email(acme, created_at=ago(days=3))
    turned_away(acme, made)
    assert raised(acme) == [], "it waited for three days, and was tried just now"
    go_back(acme, made, minutes=42)
    turned_away(acme, made)
    assert present(acme.reload(made).due_at) > utc_now()
    assert raised(acme) == [Alarm.LATE]
    for path in ("/emails", "/"):
        page = as_manager.get(path).text
        assert f"We’ve been trying to send the oldest for 42 minutes. {BUSY}" in page, path


def test_what_the_mail_server_turns_away_and_what_nobody_takes_is_one_alarm(acme: World) -> None:
    email(acme, first_rejected_at=ago(minutes=42), due_at=ago(minutes=-5), reply=BUSY)
    email(acme, due_at=ago(minutes=16))
    assert raised(acme) == [Alarm.LATE]


@pytest.mark.parametrize(
    "end",
    [SendOutcome.ACCEPTED, SendOutcome.REFUSED, SendOutcome.UNKNOWN, HoldReason.QUIET_HOURS],
)
def test_what_left_or_waits_for_something_else_is_not_turned_away_any_more(
    acme: World, end: SendOutcome | HoldReason
) -> None:
    acme.advocate()
    made = email(acme, OWN_EMAIL if end is HoldReason.QUIET_HOURS else NEW_LINK)
    go_back(acme, made, hours=1)
    if isinstance(end, SendOutcome):
        turned_away(acme, made, end)
    else:  # of nobody in the program, so it is held
        claimed(acme)
    assert acme.reload(made).first_rejected_at is None
    assert raised(acme) == []


def test_links_to_sign_in_that_do_not_leave_have_an_alarm_of_their_own_which_names_nobody(
    acme: World, as_manager: Client
) -> None:
    """No list shows them, so no number may count them; and nobody gets in."""
    acme.advocate()
    email(acme, SIGN_IN, queue="sign_in", due_at=ago(minutes=10))
    assert raised(acme) == []
    email(acme, SIGN_IN, queue="sign_in", due_at=ago(hours=3))
    assert raised(acme) == [Alarm.SIGN_IN]
    for path in ("/emails", "/"):
        page = as_manager.get(path).text
        assert "Sign-in links aren’t being sent" in page, path
        assert "Emails are late" not in page, path
        assert "ada@example.com" not in page, path


def test_links_to_sign_in_that_are_stale_by_now_raise_no_alarm(acme: World) -> None:
    away = {"queue": "sign_in", "first_rejected_at": ago(minutes=40), "due_at": ago(hours=-3)}
    email(acme, SIGN_IN, created_at=ago(minutes=90), **away)
    assert raised(acme) == []
    email(acme, SIGN_IN, created_at=ago(minutes=41), **away)
    assert raised(acme) == [Alarm.SIGN_IN]


def test_an_email_of_the_queue_for_signing_in_that_staff_may_see_is_late_like_any_other(
    acme: World, as_manager: Client
) -> None:
    email(acme, NEW_LINK, queue="sign_in", due_at=ago(hours=3))
    email(acme, queue="mail", bulk=True, due_at=ago(hours=2))
    assert raised(acme) == [Alarm.LATE]
    assert "The oldest has been waiting for 3 hours." in as_manager.get("/emails").text


@pytest.mark.parametrize(
    "unknown",
    [
        {"state": EmailState.UNKNOWN, "due_at": utc_now()},
        {"state": EmailState.HELD, "hold_reason": HoldReason.DELIVERY_UNKNOWN, "due_at": None},
    ],
)
def test_a_delivery_that_stays_unknown_for_a_day_is_told_of(acme: World, unknown: dict[str, Any]) -> None:
    new = email(acme, claimed_at=ago(hours=23), **unknown)
    assert raised(acme) == []
    old = email(acme, claimed_at=ago(hours=25), **unknown)
    assert raised(acme) == [Alarm.DELIVERY_UNKNOWN]
    assert new.id != old.id


@pytest.mark.parametrize("state", [EmailState.UNKNOWN, EmailState.HELD, EmailState.FAILED])
def test_what_no_list_shows_is_in_no_number(acme: World, as_manager: Client, state: EmailState) -> None:
    acme.advocate()
    due = utc_now() if state is EmailState.UNKNOWN else None
    email(acme, SIGN_IN, queue="sign_in", state=state, due_at=due, claimed_at=ago(hours=30))
    assert raised(acme) == []
    assert "wasn’t sent" not in as_manager.get("/").text
    email(acme, NEW_LINK, state=EmailState.FAILED, due_at=None)
    assert "1 email wasn’t sent" in as_manager.get("/").text


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, []), (1, []), (2, [Alarm.COMPLAINTS]), (4, [Alarm.COMPLAINTS]), (5, [Alarm.BLOCKED])],
)
def test_complaints_are_told_of_when_they_hold_emails_back_and_not_before(
    acme: World, number: int, told: list[Alarm]
) -> None:
    complaints(acme, number)
    complaints(acme, 100, on=ago(days=40).date())
    assert raised(acme) == told
    with acme.session() as session:
        found = alarms.mail_health(session)
        gathered = queries.sending_context(session, [email(acme, OWN_EMAIL)])
    assert found.complaint_rate == gathered.complaint_rate, "the page and the claim count the same"


def test_a_pause_by_complaints_says_what_it_means_and_what_to_do(acme: World, as_manager: Client) -> None:
    complaints(acme, 2)
    page = as_manager.get("/emails").text
    second = "A single complaint in 30 days never counts"
    for words in (
        "Bulk email is paused",
        "0.13%",
        "bulk email resumes",
        "See which were marked",
        second,
    ):
        assert words in page, words


def test_the_home_page_shows_alarms_in_eight_questions(acme: World, as_manager: Client) -> None:
    acme.advocate()
    email(acme, due_at=ago(minutes=42))
    complaints(acme, 5)
    with statements() as sent:
        page = as_manager.get("/").text
    assert len(sent) <= 8, sent
    assert "Two things need you" in page
    assert "Only requested emails are sent" in page


def test_the_ticker_says_so_once_in_ten_minutes(acme: World, globex: World) -> None:
    email(acme, due_at=ago(minutes=42))
    email(globex, due_at=ago(hours=-11), first_rejected_at=ago(hours=2), reply=BUSY)
    email(globex, SIGN_IN, queue="sign_in", due_at=ago(minutes=20))
    slot = next(one for one in schedule.SCHEDULES if one.name == "late emails")
    with system_session(read_only=True) as session:
        assert {acme.id, globex.id} <= set(tenants_with_late_emails(session))
    with capture_logs() as logs:
        for world in (acme, globex):
            with world.session() as session:
                log_late_emails(session)
    assert [(log["event"], log["workspace"], log["minutes"], log.get("text", "")) for log in logs] == [
        ("emails are late", str(acme.id), 42, ""),
        ("links to sign in are late", str(globex.id), 20, ""),
        ("emails are late", str(globex.id), 120, BUSY),
    ]
    now = utc_now()
    assert slot.slot(now) <= now < slot.slot(now) + timedelta(minutes=10)
