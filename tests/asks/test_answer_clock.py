"""The time to answer runs from the moment the email leaves, in days of its reader, and no ask runs out before."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from jobs import mail
from jobs.asks import expire_overdue
from jobs.worker_context import open_worker_context
from portal import policies
from portal.advocates.models import Advocate, AdvocateState
from portal.asks import actions
from portal.asks.models import Ask, AskState
from portal.declarations.email_content import SignedLink
from portal.declarations.sending import send
from portal.gateways.queue import JobQueue, WorkQueue
from portal.links import LinkPurpose
from portal.outreach.email_content import load_fields
from portal.outreach.models import Email, EmailState
from portal.outreach.sequences.models import SequenceRun
from portal.references.asking.emails import ASK
from portal.references.emails import advocate_recipient
from portal.web.dispatch import Portal
from tenants.models import Role
from tests.asks.dinners import DINNERS, KIND, declared
from tests.clock_travel import travel_to
from tests.fixture_types import Jobs
from tests.present import present
from tests.references.steps import asked, filed
from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (23, 24, 25, 26, 27))
NEXT_MONDAY, NEXT_TUESDAY, NEXT_WEDNESDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)


def at(day: date, hour: int) -> None:
    """It is this hour in Berlin, for web and workers alike."""
    travel_to(datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN))


@pytest.fixture(autouse=True)
def monday_morning(app: Portal) -> None:
    at(MONDAY, 9)


def asks(acme: World, advocate: Advocate, needed_by: date = date(2026, 12, 18)) -> Ask:
    """A manager asks this person for a call, now; the desk promises three working days to answer."""
    request = filed(acme, acme.signed_in(Role.REP), needed_by=needed_by.isoformat())
    asked(acme.signed_in(Role.MANAGER), request, advocate)
    with acme.session() as session:
        return session.scalars(select(Ask).where(Ask.subject_id == request.id)).one()


def words_and_reminder(acme: World, ask: Ask) -> tuple[date, date, datetime]:
    """The day its email names, the day its reminder will name, and when that is written."""
    with acme.session() as session:
        email = session.scalars(select(Email).where(Email.occasion == f"ask:{ask.id}:sent")).one()
        run = session.scalars(select(SequenceRun).where(SequenceRun.subject_id == ask.id)).one()
    return load_fields(email.fields)["due_on"], load_fields(run.fields)["due_on"], present(run.next_at)


def test_an_ask_of_the_morning_is_due_as_it_was_promised(acme: World, run_jobs: Jobs) -> None:
    ask = asks(acme, acme.advocate())
    run_jobs()
    after = acme.reload(ask)
    assert (ask.due_on, after.due_on) == (THURSDAY, THURSDAY)
    assert abs(present(after.emailed_at) - present(after.sent_at)) < timedelta(minutes=5)


def test_what_waits_for_the_readers_morning_counts_from_it(acme: World, run_jobs: Jobs) -> None:
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=18, weekdays_only=1)
    at(MONDAY, 20)
    ask = asks(acme, acme.advocate())
    assert ask.due_on == THURSDAY
    run_jobs()
    assert acme.reload(ask).due_on == FRIDAY
    said, reminded, reminder_at = words_and_reminder(acme, ask)
    assert (said, reminded) == (FRIDAY, FRIDAY), "the email names the day that is true when it is read"
    assert reminder_at.astimezone(BERLIN) == datetime(2026, 11, 27, 8, tzinfo=BERLIN)
    at(TUESDAY, 8)
    run_jobs()
    assert acme.reload(ask).due_on == FRIDAY


def test_an_email_on_hold_takes_the_days_along_but_not_past_the_day_it_is_needed(
    acme: World, run_jobs: Jobs
) -> None:
    ada, bo = acme.advocate(), acme.advocate()
    first = asks(acme, ada)
    second = asks(acme, bo, needed_by=FRIDAY)
    for person in (ada, bo):
        pause(acme, person, NEXT_MONDAY)
    run_jobs()
    assert acme.reload(first).due_on == date(2026, 12, 3), "three working days after Monday"
    assert acme.reload(second).due_on == FRIDAY
    at(date(2026, 11, 28), 9)
    expire_overdue(acme.tenant_id)
    assert [acme.reload(ask).state for ask in (first, second)] == [AskState.SENT, AskState.EXPIRED]


def pause(world: World, person: Advocate, until: date) -> None:
    with world.session() as session:
        row = session.get_one(type(person), (person.tenant_id, person.id))
        row.state, row.paused_at, row.paused_until = AdvocateState.PAUSED, row.enrolled_at, until


def test_no_ask_runs_out_while_its_email_is_still_on_its_way(acme: World, run_jobs: Jobs) -> None:
    ask = asks(acme, acme.advocate())
    at(date(2026, 12, 8), 9)
    expire_overdue(acme.tenant_id)
    assert acme.reload(ask).state is AskState.SENT
    open_worker_context(acme.settings, JobQueue(acme.settings.redis_url))
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    expire_overdue(acme.tenant_id)
    assert acme.reload(ask).state is AskState.SENT, "it left, and nobody has counted the days yet"
    run_jobs()
    assert (acme.reload(ask).state, acme.reload(ask).due_on) == (AskState.SENT, date(2026, 12, 11))
    at(date(2026, 12, 12), 9)
    expire_overdue(acme.tenant_id)
    assert acme.reload(ask).state is AskState.EXPIRED


def test_days_are_those_of_the_reader(acme: World, run_jobs: Jobs) -> None:
    honolulu, auckland = ZoneInfo("Pacific/Honolulu"), ZoneInfo("Pacific/Auckland")
    far_west = acme.advocate(time_zone=honolulu.key)
    far_east = acme.advocate(time_zone=auckland.key)
    at(TUESDAY, 2)  # Monday afternoon in Honolulu
    west = asks(acme, far_west)
    at(TUESDAY, 16)  # Wednesday morning in Auckland
    east = asks(acme, far_east)
    run_jobs()
    assert [acme.reload(ask).due_on for ask in (west, east)] == [FRIDAY, NEXT_MONDAY]
    at(date(2026, 11, 28), 9)  # still Friday in Honolulu
    expire_overdue(acme.tenant_id)
    assert acme.reload(west).state is AskState.SENT
    at(date(2026, 11, 28), 11)
    expire_overdue(acme.tenant_id)
    assert acme.reload(west).state is AskState.EXPIRED
    at(NEXT_MONDAY, 13)  # Tuesday in Auckland
    expire_overdue(acme.tenant_id)
    assert acme.reload(east).state is AskState.EXPIRED


def invited(acme: World, ada: Advocate) -> tuple[Ask, Email]:
    """Of another program, which promises no days of its own."""
    admin, record = acme.member(Role.ADMIN), acme.deal()
    with acme.session() as session:
        policies.change(session, DINNERS.switch, 1, by=admin)
        ask = actions.propose(session, KIND, ada, record, date(2026, 12, 3), helps_name="Porto")
        actions.send(session, ask, admin)
        send(
            session,
            ASK,
            advocate_recipient(ada),
            f"invited:{ask.id}",
            about=(ask.__tablename__, ask.id),
            fields={"due_on": ask.due_on},
            links={"answer": SignedLink(LinkPurpose.ANSWER, ask.id)},
            purpose=KIND.purpose.value,
        )
        return ask, session.scalars(select(Email).where(Email.occasion == f"invited:{ask.id}")).one()


def test_an_ask_of_another_program_keeps_its_number_of_days(acme: World, run_jobs: Jobs) -> None:
    at(MONDAY, 20)
    acme.set_outreach_policies(send_from_hour=8, send_until_hour=18, weekdays_only=1)
    with declared(DINNERS):
        ask, email = invited(acme, acme.advocate())
        run_jobs()
        assert acme.reload(email).state is EmailState.HELD
        assert acme.reload(ask).due_on == date(2026, 12, 4)
        assert load_fields(acme.reload(email).fields)["due_on"] == date(2026, 12, 4)
        run_jobs()
        assert acme.reload(ask).due_on == date(2026, 12, 4), "said again it changes nothing"
