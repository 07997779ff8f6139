"""From the invitation to the records: the ledger follows the guests, and attendance counts whom an email reached."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import policies
from portal.advocates import actions as people
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.campaigns import actions as campaigns
from portal.campaigns.models import Campaign
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.declarations.metrics import CountWindows
from portal.errors import Conflict
from portal.events import actions, invitations, queries
from portal.events.guest_models import AttendanceSource, EventGuest, GuestSource, GuestState
from portal.events.invitations import Wave
from portal.events.metrics import PARTS, count
from portal.events.models import Event, EventWave
from portal.events.seats import answers
from portal.outreach.models import Email
from portal.segments.audience import Audience
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.events.events import (
    ask_everybody,
    ask_of,
    contact,
    event,
    guest_of,
    invite,
    say_no,
    say_yes,
    states,
    switch_on,
)
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.world import World, again


@pytest.fixture
def dana(acme: World) -> Membership:
    switch_on(acme)
    return acme.member(Role.MANAGER, name="Dana Okafor")


def say_maybe(world: World, guest: EventGuest) -> None:
    with world.session() as session:
        answers.say_maybe(session, queries.lock_guest(session, guest.id))


def due_waves(world: World) -> Sequence[UUID]:
    with world.session() as session:
        return invitations.due_waves(session)


def state_of(world: World, guest: EventGuest) -> AskState:
    return ask_of(world, guest).state


def test_a_wave_invites_each_once_and_a_second_one_only_who_is_new(
    acme: World, dana: Membership, run_jobs: Jobs
) -> None:
    dinner, ada, bo = event(acme), acme.advocate(), acme.advocate()
    invite(acme, dinner, [ada], dana)
    invite(acme, dinner, [ada, bo], dana)
    run_jobs()
    with acme.session() as session:
        waves = session.scalars(select(EventWave.people).order_by(EventWave.id)).all()
    assert waves == [1, 1]
    assert [len(Mailbox(acme).to(one.email)) for one in (ada, bo)] == [1, 1]
    invited = guest_of(acme, dinner, ada)
    assert (invited.state, invited.reached_at is not None) == (GuestState.INVITED, True)
    there = dinner.starts_at.astimezone(ZoneInfo(ada.time_zone))
    assert ask_of(acme, invited).due_on == there.date()


def test_a_wave_of_a_size_is_drawn_and_one_of_later_waits(
    acme: World, dana: Membership, travel: Travel
) -> None:
    dinner, everybody = event(acme), [acme.advocate() for _ in range(4)]
    invite(acme, dinner, everybody, dana, size=3)
    invite(acme, dinner, everybody, dana, invite_at=utc_now() + timedelta(days=2))
    assert len(guests(acme, dinner)) == 3
    travel(days=2, hours=1)
    with acme.session() as session:
        (wave,) = invitations.due_waves(session)
        invitations.send_wave(session, wave)
    ask_everybody(acme)
    assert len(guests(acme, dinner)) == 4


def guests(world: World, of: Event) -> list[EventGuest]:
    with world.session() as session:
        return list(session.scalars(select(EventGuest).where(EventGuest.event_id == of.id)))


def test_waves_that_add_up_to_many_wait_for_a_second_person(acme: World, dana: Membership) -> None:
    dinner, ada, bo, second = event(acme), acme.advocate(), acme.advocate(), acme.member(Role.MANAGER)
    with acme.session() as session:
        policies.change(session, APPROVAL_ABOVE, 1, by=acme.member(Role.ADMIN))
    invite(acme, dinner, [ada], dana)
    invite(acme, dinner, [bo], dana)
    with acme.session() as session:
        assert [guest.advocate_id for guest in session.scalars(select(EventGuest))] == [ada.id]
        assert invitations.due_waves(session) == []
        campaigns.approve(session, session.scalars(select(Campaign.id)).one(), by=second)
    for wave_id in due_waves(acme):
        with acme.session() as session:
            invitations.send_wave(session, wave_id)
    ask_everybody(acme)
    with acme.session() as session:
        assert {guest.advocate_id for guest in session.scalars(select(EventGuest))} == {ada.id, bo.id}


def test_the_ask_follows_whatever_the_guest_says(acme: World, dana: Membership, run_jobs: Jobs) -> None:
    dinner, ada = event(acme, capacity=1), acme.advocate()
    invite(acme, dinner, [ada], dana)
    run_jobs()
    guest = guest_of(acme, dinner, ada)
    followed = []
    for say in (say_maybe, say_yes, say_no, say_yes, say_maybe, say_yes):
        say(acme, guest)
        followed.append(state_of(acme, guest).value)
    assert followed == ["sent", "accepted", "declined", "accepted", "declined", "accepted"]
    run_jobs()
    assert acme.reload(dinner).seats_taken == 1


def test_who_waits_said_yes_and_an_answer_stops_reminders(
    acme: World, dana: Membership, run_jobs: Jobs, travel: Travel
) -> None:
    dinner, ada, bo = event(acme, capacity=1), acme.advocate(), acme.advocate()
    say_yes(acme, contact(acme, dinner))
    invite(acme, dinner, [ada, bo], dana)
    run_jobs()
    waiting = guest_of(acme, dinner, ada)
    assert say_yes(acme, waiting) is GuestState.WAITLISTED
    assert state_of(acme, waiting) is AskState.ACCEPTED
    run_jobs()
    travel(days=6)
    run_jobs()
    assert (reminders(acme, ada), reminders(acme, bo)) == (0, 1)


def reminders(world: World, person: Advocate) -> int:
    with world.session() as session:
        mine = (Email.kind == "event_invitation_reminder", Email.advocate_id == person.id)
        return len(session.scalars(select(Email.id).where(*mine)).all())


def test_whoever_leaves_the_program_frees_the_seat_for_the_next(
    acme: World, dana: Membership, run_jobs: Jobs
) -> None:
    dinner, ada = event(acme, capacity=1), acme.advocate()
    invite(acme, dinner, [ada], dana)
    coming, waiting = guest_of(acme, dinner, ada), contact(acme, dinner)
    say_yes(acme, coming)
    say_yes(acme, waiting)
    with acme.session() as session:
        people.depart(session, again(session, ada))
    run_jobs()
    assert states(acme, [coming, waiting])[0] == "removed"
    assert acme.reload(waiting).offers == 1


def test_a_canceled_event_asks_nobody_any_more(acme: World, dana: Membership, run_jobs: Jobs) -> None:
    dinner, ada, bo = event(acme), acme.advocate(), acme.advocate()
    invite(acme, dinner, [ada, bo], dana)
    say_yes(acme, guest_of(acme, dinner, ada))
    with acme.session() as session:
        actions.cancel(session, dinner.id, "Our host is ill.", by=dana)
    run_jobs()
    with acme.session() as session:
        ended = session.scalars(select(Ask.state).where(Ask.subject_id == dinner.id)).all()
    assert ended == [AskState.WITHDRAWN] * 2
    with acme.session() as session, pytest.raises(Conflict):
        invitations.plan_wave(session, dinner.id, Wave(audience=Audience()), by=dana)


def test_records_close_and_attendance_counts_whom_an_email_reached(
    acme: World, dana: Membership, run_jobs: Jobs, travel: Travel
) -> None:
    dinner = event(acme, starts_at=utc_now() + timedelta(days=2))
    came, missed, silent = (acme.advocate() for _ in range(3))
    invite(acme, dinner, [came, missed, silent], dana)
    run_jobs()
    for person in (came, missed):
        say_yes(acme, guest_of(acme, dinner, person))
    walked_in = contact(acme, dinner, state=GuestState.LISTED, source=GuestSource.WALK_IN, invited_at=None)
    travel(days=3)
    for guest in (guest_of(acme, dinner, came), walked_in):
        with acme.session() as session:
            here = queries.lock_guest(session, guest.id)
            here.guest.attended_at, here.guest.attendance_source = dinner.starts_at, AttendanceSource.DOOR
            here.guest.attendance_changed_at, here.event.has_record = utc_now(), True
    counted = {"invited": 3, "attended": 1, "accepted": 2, "accepted-attended": 1, "no-show": 1}
    assert attendance(acme) == (counted | {"walk-ins": 1, "plus-ones": 0}, False)
    travel(days=11)
    run_jobs()
    ends = [state_of(acme, guest_of(acme, dinner, person)) for person in (came, missed, silent)]
    assert ends == [AskState.COMPLETED, AskState.NOT_HELD, AskState.EXPIRED]
    with acme.session() as session:
        here = queries.lock_guest(session, guest_of(acme, dinner, silent).id)
        here.guest.attended_at, here.guest.attendance_source = dinner.starts_at, AttendanceSource.FILE
        here.guest.attendance_changed_at = utc_now()
    numbers, is_corrected = attendance(acme)
    assert (numbers["attended"], is_corrected) == (2, True)


def attendance(world: World) -> tuple[dict[str, int], bool]:
    """Of all months, and whether something was corrected after its records closed."""
    now = utc_now()
    with world.session() as session:
        windows = CountWindows([now - timedelta(days=400), now + timedelta(days=1)], [])
        row = session.execute(count(session, windows)).one()
    return dict(zip(PARTS, row.numbers, strict=True)), row.corrected_at is not None


def test_nobody_answers_a_canceled_event(acme: World, dana: Membership) -> None:
    dinner = event(acme)
    guest = contact(acme, dinner)
    with acme.session() as session:
        actions.cancel(session, dinner.id, by=dana)
    with pytest.raises(Conflict):
        say_no(acme, guest)
