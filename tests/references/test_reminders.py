"""Reminders of asks and calls: once, only while they are of use, and never about what is over."""

from datetime import timedelta

from sqlalchemy import delete, select

from portal.asks import actions as asks
from portal.asks import queries as ledger
from portal.outreach.sequences.models import EmailSequence, SequenceRun
from portal.references.labels import REQUEST_ENDED
from portal.references.meetings import missing_reminders
from portal.references.models import Meeting, MeetingState
from tenants.clock import utc_now
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.references.calls import ADA, Call
from tests.references.steps import PETER, asked, filed, says_yes, signs_in_again, until
from tests.world import World


def subjects(mailbox: Mailbox, who: str, beginning: str) -> list[str]:
    return [one.subject for one in mailbox.to(who) if one.subject.startswith(beginning)]


def ways(world: World, program: str) -> list[str]:
    """How each run of this program stands."""
    its = (
        select(SequenceRun)
        .join(EmailSequence, EmailSequence.id == SequenceRun.sequence_id)
        .where(EmailSequence.program == program)
    )
    with world.session() as session:
        runs = session.scalars(its.order_by(SequenceRun.id)).all()
    return [run.stop_reason.value if run.stop_reason else run.state.value for run in runs]


def test_an_ask_nobody_answers_is_repeated_once_and_its_link_answers_it(
    acme: World,
    as_rep: Client,
    as_manager: Client,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
) -> None:
    ada = acme.advocate(first_name="Ada")
    asked(as_manager, filed(acme, as_rep), ada)
    run_jobs()
    assert subjects(mailbox, ada.email, "Just a reminder") == []
    travel(days=3, minutes=1)
    for _ in range(2):
        run_jobs()
        assert len(subjects(mailbox, ada.email, "Just a reminder: Could you talk to Initech")) == 1
    says_yes(client, mailbox, ada)
    run_jobs()
    assert ways(acme, "asks") == ["answered"]


def test_nobody_is_reminded_who_answered_or_whose_ask_is_over(
    acme: World,
    as_rep: Client,
    as_manager: Client,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
) -> None:
    yes, back, late = (acme.advocate(first_name=name) for name in ("Yes", "Back", "Late"))
    request = filed(acme, as_rep, references_needed="3")
    for person in (yes, back, late):
        asked(as_manager, request, person)
    run_jobs()
    says_yes(client, mailbox, yes)
    with acme.session() as session:
        made = {one.advocate_id: one for one in ledger.open_asks(session, back.id)}
        asks.withdraw(session, made[back.id], REQUEST_ENDED)
        expired = ledger.open_asks(session, late.id)[0]
        expired.due_on -= timedelta(days=30)
    run_jobs()
    travel(days=4)
    run_jobs()
    assert [subjects(mailbox, one.email, "Just a") for one in (yes, back, late)] == [[], [], []]
    assert sorted(ways(acme, "asks")) == ["answered", "withdrawn", "withdrawn"]


def test_both_sides_get_a_word_a_day_and_an_hour_before(call: Call, travel: Travel) -> None:
    call.agreed()
    travel(seconds=until(call.times[0], hours=24) + 1)
    call.jobs()
    travel(seconds=until(call.times[0], hours=1) + 1)
    call.jobs()
    call.jobs()
    for who in (ADA, PETER):
        assert len(subjects(call.box, who, "Tomorrow")) == 1
        assert len(subjects(call.box, who, "In an hour")) == 1
        assert paths(call.box.last(who), "/calendar/")
    assert ways(call.world, "meetings") == ["done", "done"]


def test_a_reminder_names_the_place_that_was_set_meanwhile(call: Call, travel: Travel) -> None:
    call.agreed()
    path = f"/requests/{call.request.id}/meetings/{call.meeting.id}/place"
    call.rep.follow(call.rep.post(path, {"dial_in": "https://meet.example/42"}))
    travel(seconds=until(call.times[0], hours=24) + 1)
    call.jobs()
    assert "https://meet.example/42" in call.box.last(PETER).text


def test_a_call_that_moved_is_reminded_of_at_its_new_time_alone(call: Call, travel: Travel) -> None:
    call.agreed()
    signs_in_again(call.manager)
    call.manager.post(f"/requests/{call.request.id}/meetings/{call.meeting.id}/record", {"outcome": "moved"})
    call.jobs()
    assert ways(call.world, "meetings") == ["withdrawn", "withdrawn"]
    travel(seconds=until(call.times[0], hours=24) + 1)
    call.jobs()
    assert not subjects(call.box, ADA, "Tomorrow")


def test_a_call_agreed_before_there_were_sequences_is_reminded_of_as_well(call: Call, travel: Travel) -> None:
    call.agreed()
    with call.world.session() as session:
        session.execute(delete(SequenceRun).where(SequenceRun.subject_id == call.meeting.id))
    for _ in range(2):
        call.jobs()
        assert ways(call.world, "meetings") == ["waiting", "waiting"]
    travel(seconds=until(call.times[0], hours=24) + 1)
    call.jobs()
    for who in (ADA, PETER):
        assert len(subjects(call.box, who, "Tomorrow")) == 1


def test_a_call_that_fell_away_or_lies_far_off_is_not_put_on_the_way(call: Call) -> None:
    call.agreed()
    with call.world.session() as session:
        session.execute(delete(SequenceRun).where(SequenceRun.subject_id == call.meeting.id))
        far = session.get_one(Meeting, (call.world.tenant_id, call.meeting.id))
        far.starts_at = utc_now() + missing_reminders.LONGEST_REMINDER_LEAD + timedelta(hours=1)
        session.flush()
        assert not missing_reminders.meetings_without_reminder(session)
        far.state = MeetingState.CANCELLED
    with call.world.session() as session:
        missing_reminders.add_reminder(session, call.meeting.id)
    assert ways(call.world, "meetings") == []


def test_a_cancelled_call_is_reminded_of_to_nobody(call: Call, travel: Travel) -> None:
    call.agreed()
    call.manager.post(f"/requests/{call.request.id}/asks/{call.ask.id}/withdrawal", {"reason": "Ada is ill"})
    travel(seconds=until(call.times[0], hours=24) + 1)
    call.jobs()
    assert not subjects(call.box, ADA, "Tomorrow") + subjects(call.box, PETER, "Tomorrow")


def test_a_call_that_was_agreed_is_seen_through_though_the_desk_is_switched_off(
    acme: World, call: Call, as_admin: Client, mailbox: Mailbox, travel: Travel
) -> None:
    call.agreed()
    assert as_admin.post("/settings/programs/references/switch", {"on": "0"}).status_code == 303
    call.is_over(travel)
    for side in (ADA, PETER):
        assert len(subjects(mailbox, side, "How was your call")) == 1, side
