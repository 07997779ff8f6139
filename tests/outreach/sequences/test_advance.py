"""Emails that follow each other: written when their time comes, once, and not after somebody answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from jobs import sequences
from portal.advocates import actions as people
from portal.advocates import queries as people_of
from portal.declarations.email_content import Recipient
from portal.errors import Conflict
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.sequences import advance, control, default_sequences, editor
from portal.outreach.sequences.actions import stop_for_advocate, stop_for_subject
from portal.outreach.sequences.models import EmailSequence, SequenceRun, SequenceState, StopReason
from portal.outreach.sequences.timing import DAY, HOUR
from portal.references.meetings.emails import MEETING_REMINDERS
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.fixture_types import Jobs, Travel
from tests.outreach.sequences.factory import a_sequence, emails, on_the_way
from tests.world import World


def states(world: World, sequence: EmailSequence) -> list[str]:
    return [f"{email.state} {email.hold_reason}".strip() for email in emails(world, sequence)]


def stands(world: World, run: SequenceRun) -> tuple[str, str]:
    now = world.reload(run)
    return now.state.value, now.stop_reason.value if now.stop_reason else ""


def answered(world: World, run: SequenceRun, why: StopReason = StopReason.ANSWERED) -> None:
    with world.session() as session:
        stop_for_subject(session, (run.subject_type, run.subject_id), why)


def manager(world: World) -> Membership:
    return world.member(Role.MANAGER)


def test_each_email_goes_in_its_turn_and_once(
    acme: World, mailbox: Any, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = a_sequence(acme, 0, 7 * DAY, 14 * DAY)
    run = on_the_way(acme, sequence)
    for written in (1, 2, 3, 3):
        run_jobs()
        run_jobs()
        assert states(acme, sequence) == ["accepted"] * written
        travel(days=7, minutes=1)
    assert len(mailbox.to("ada@x.example")) == 3
    assert stands(acme, run) == ("done", "")


@pytest.mark.parametrize("why", [StopReason.ANSWERED, StopReason.WITHDRAWN])
def test_what_was_written_and_has_not_left_does_not_leave_after_an_answer(
    acme: World, mailbox: Any, run_jobs: Jobs, travel: Travel, why: StopReason
) -> None:
    sequence = a_sequence(acme, 0, DAY)
    run, other = on_the_way(acme, sequence), on_the_way(acme, sequence, "bo@x.example")
    sequences.run_due()
    answered(acme, run, why)
    run_jobs()
    travel(days=2)
    run_jobs()
    assert stands(acme, run) == ("stopped", why.value)
    assert not mailbox.to("ada@x.example")
    assert len(mailbox.to("bo@x.example")) == 2
    assert sorted(states(acme, sequence)) == ["accepted", "accepted", "held obsolete"]
    assert stands(acme, other) == ("done", "")


def test_every_email_of_the_way_is_in_the_language_of_its_reader(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = a_sequence(acme, 0, DAY)
    on_the_way(acme, sequence, to=Recipient("ada@x.example", "Ada", locale="de"))
    on_the_way(acme, sequence, "bo@x.example")
    run_jobs()
    travel(days=1, minutes=1)
    run_jobs()
    written = [(one.recipient, one.locale) for one in emails(acme, sequence)]
    assert sorted(written) == [("ada@x.example", "de")] * 2 + [("bo@x.example", "en")] * 2


def test_an_answer_to_the_last_email_is_an_answer(acme: World, run_jobs: Jobs) -> None:
    run = on_the_way(acme, a_sequence(acme, 0))
    run_jobs()
    assert stands(acme, run) == ("done", "")
    answered(acme, run)
    assert stands(acme, run) == ("stopped", "answered")


def test_a_worker_that_falls_in_the_middle_loses_and_doubles_nothing(acme: World) -> None:
    sequence = a_sequence(acme, 0, DAY)
    for number in range(5):
        on_the_way(acme, sequence, f"ada{number}@x.example")
    with acme.session() as session:
        assert advance.advance_sequence(session, sequence.id) == 5
        session.rollback()  # killed before the commit
    assert emails(acme, sequence) == []
    with ThreadPoolExecutor(4) as workers:
        turns = workers.map(lambda _: sequences.advance_sequence(acme.tenant_id, sequence.id), range(8))
    assert sum(turns) == 5
    assert len({email.recipient for email in emails(acme, sequence)}) == 5


def test_of_many_workers_none_writes_more_emails_than_the_limit(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = a_sequence(acme, 0, DAY, max_emails=7)
    runs = [on_the_way(acme, sequence, f"ada{number}@x.example") for number in range(20)]

    def some(_: int) -> int:
        with acme.session() as session:
            return advance.advance_sequence(session, sequence.id, limit=3)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(some, range(12)))
    run_jobs()
    assert states(acme, sequence) == ["accepted"] * 7
    travel(minutes=11)
    run_jobs()
    assert acme.reload(sequence).state is SequenceState.FINISHED
    assert {stands(acme, run) for run in runs} == {("stopped", "limit")}


def test_of_many_answers_at_once_exactly_as_many_count_as_were_wanted(acme: World, run_jobs: Jobs) -> None:
    sequence = a_sequence(acme, 0, DAY, max_answers=3)
    runs = [on_the_way(acme, sequence, f"ada{number}@x.example") for number in range(8)]
    sequences.run_due()
    with ThreadPoolExecutor(4) as answering:
        list(answering.map(lambda run: answered(acme, run), runs))
    assert sorted(stands(acme, run)[1] for run in runs) == ["answered"] * 3 + ["limit"] * 5
    assert acme.reload(sequence).state is SequenceState.FINISHED
    run_jobs()
    assert set(states(acme, sequence)) == {"held obsolete"}


def test_a_pause_holds_what_was_written_and_lets_it_go_on(
    acme: World, mailbox: Any, run_jobs: Jobs, travel: Travel
) -> None:
    sequence, by = a_sequence(acme, 0, DAY), manager(acme)
    on_the_way(acme, sequence)
    sequences.run_due()
    with acme.session() as session:
        control.pause_sequence(session, sequence.id, by=by)
    travel(days=3)
    run_jobs()
    assert states(acme, sequence) == ["held paused"]
    with acme.session() as session:
        control.resume_sequence(session, sequence.id, by=by)
    run_jobs()
    assert states(acme, sequence) == ["accepted"]
    travel(days=1)
    run_jobs()
    assert len(mailbox.to("ada@x.example")) == 2


def test_the_end_of_a_sequence_takes_out_what_waits(acme: World, run_jobs: Jobs) -> None:
    sequence, by = a_sequence(acme, 0, DAY, program="own"), manager(acme)
    run = on_the_way(acme, sequence)
    sequences.run_due()
    with acme.session() as session:
        control.end_sequence(session, sequence.id, by=by)
    run_jobs()
    assert states(acme, sequence) == ["held obsolete"]
    assert stands(acme, run) == ("stopped", "by_hand")
    with pytest.raises(Conflict), acme.session() as session:
        control.end_sequence(session, sequence.id, by=by)


def test_a_word_before_a_moment_is_passed_over_when_it_comes_too_late(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = a_sequence(acme, -DAY, -HOUR)
    fresh = on_the_way(acme, sequence, "fresh@x.example", anchor_at=utc_now() + timedelta(hours=20))
    late = on_the_way(acme, sequence, "late@x.example", anchor_at=utc_now() + timedelta(hours=30))
    run_jobs()
    travel(hours=19, minutes=2)  # nobody worked meanwhile
    run_jobs()
    assert [email.recipient for email in emails(acme, sequence)] == ["fresh@x.example"]
    travel(hours=10)
    run_jobs()
    assert [email.sequence_step for email in emails(acme, sequence)] == [2, 2]
    assert [stands(acme, run) for run in (fresh, late)] == [("done", "")] * 2


def test_reminders_begin_anew_when_the_call_moves(acme: World, run_jobs: Jobs, travel: Travel) -> None:
    sequence, about = a_sequence(acme, -DAY), uuid7()
    soon, later = utc_now() + timedelta(days=1), utc_now() + timedelta(days=9)
    run = on_the_way(acme, sequence, about=about, anchor_at=soon + timedelta(seconds=1))
    travel(seconds=2)
    sequences.run_due()
    moved = on_the_way(acme, sequence, about=about, anchor_at=later)
    run_jobs()
    assert (moved.id, states(acme, sequence)) == (run.id, ["held obsolete"])
    travel(days=8, minutes=1)
    run_jobs()
    assert states(acme, sequence) == ["held obsolete", "accepted"]


def test_a_second_email_waits_until_the_first_has_left(acme: World, run_jobs: Jobs, travel: Travel) -> None:
    ada, sequence = acme.advocate(), a_sequence(acme, 0, 2 * DAY, kind=OWN_EMAIL)
    to = Recipient(ada.email, ada.name, advocate_id=ada.id)
    run = on_the_way(acme, sequence, to=to, about=ada.id, purpose="news")
    sequences.run_due()
    (first,) = emails(acme, sequence)
    with acme.session() as session:
        held = session.get_one(Email, (first.tenant_id, first.id))
        held.state, held.hold_reason = EmailState.HELD, HoldReason.FREQUENCY_CAP
        held.due_at = utc_now() + timedelta(days=6)
    travel(days=3)
    run_jobs()
    assert states(acme, sequence) == ["held frequency_cap"]
    travel(days=3, hours=2)
    run_jobs()
    assert states(acme, sequence) == ["accepted"]
    travel(days=1, hours=2)
    run_jobs()
    assert states(acme, sequence) == ["accepted"] * 2
    assert stands(acme, run) == ("done", "")


def test_other_delays_count_for_whoever_is_on_the_way(acme: World, run_jobs: Jobs, travel: Travel) -> None:
    by, now = manager(acme), utc_now()
    with acme.session() as session:
        sequence = default_sequences.ensure_default_sequence(session, MEETING_REMINDERS)
    far = on_the_way(acme, sequence, "far@x.example", anchor_at=now + timedelta(days=9))
    near = on_the_way(acme, sequence, "near@x.example", anchor_at=now + timedelta(hours=12))
    with acme.session() as session:
        editor.change_delays(
            session, sequence.id, [-2 * DAY, -2 * HOUR], shown_version=sequence.version, by=by
        )
    assert acme.reload(far).next_at == far.anchor_at - timedelta(days=2)
    assert acme.reload(near).next_at == near.anchor_at - timedelta(hours=2)
    with pytest.raises(Conflict), acme.session() as session:
        editor.change_delays(session, sequence.id, [-DAY], shown_version=sequence.version, by=by)


def test_who_leaves_or_wants_no_such_emails_is_on_no_way(acme: World, run_jobs: Jobs) -> None:
    sequence = a_sequence(acme, DAY)
    gone, silent, other = (acme.advocate() for _ in range(3))
    runs = [
        on_the_way(acme, sequence, to=Recipient(one.email, one.name, advocate_id=one.id), purpose=purpose)
        for one, purpose in ((gone, "news"), (silent, "news"), (other, "calls"))
    ]
    with acme.session() as session:
        people.depart(session, people_of.get(session, gone.id))
        stop_for_advocate(session, silent.id, "news", StopReason.UNSUBSCRIBED)
        stop_for_advocate(session, other.id, "news", StopReason.UNSUBSCRIBED)
    run_jobs()
    assert [stands(acme, run) for run in runs] == [
        ("stopped", "left"),
        ("stopped", "unsubscribed"),
        ("waiting", ""),
    ]


def test_every_workspace_has_its_reminders_once(acme: World) -> None:
    with ThreadPoolExecutor(4) as many:

        def furnish(_: int) -> None:
            with acme.session() as session:
                default_sequences.create_default_sequences(session)

        list(many.map(furnish, range(8)))
    with acme.session() as session:
        found = session.scalars(select(EmailSequence).order_by(EmailSequence.program)).all()
    assert [(one.program, one.state) for one in found] == [
        ("asks", SequenceState.RUNNING),
        ("event_guests", SequenceState.RUNNING),
        ("events", SequenceState.RUNNING),
        ("meetings", SequenceState.RUNNING),
        ("surveys", SequenceState.RUNNING),
    ]


def test_a_name_in_two_lines_holds_up_nobody(acme: World, run_jobs: Jobs) -> None:
    """It was kept by a version that took only two signs for the end of a line."""
    sequence = a_sequence(acme, 0)
    run = on_the_way(acme, sequence)
    with acme.session() as session:
        session.get_one(SequenceRun, (run.tenant_id, run.id)).recipient_name = "Ada\u2028Lindqvist"
    run_jobs()
    assert [(one.recipient_name, one.state) for one in emails(acme, sequence)] == [
        ("Ada Lindqvist", "accepted")
    ]
