"""A yes takes a seat or a place in line, a no frees it for whoever is next, and nothing is ever sold twice."""

from datetime import timedelta

import pytest

from portal.declarations.answers import AnswerRefused
from portal.events import queries
from portal.events.agenda_models import EventSession
from portal.events.guest_models import GuestState, SessionPlace
from portal.events.seats import answers, capacity, leaving
from portal.events.seats.capacity import FewerSeatsThanTaken
from portal.events.seats.leaving import Colleague
from tenants.clock import utc_now
from tests.events.events import contact, contacts, event, save, say_no, say_yes, states
from tests.fixture_types import Travel
from tests.world import World


def test_the_third_of_two_seats_waits_and_is_offered_the_first_that_is_free(world: World) -> None:
    dinner = event(world, capacity=2)
    guests = contacts(world, dinner, 4)
    assert [say_yes(world, guest) for guest in guests] == ["accepted", "accepted", "waitlisted", "waitlisted"]
    say_no(world, guests[0])
    assert states(world, guests) == ["cancelled", "accepted", "offered", "waitlisted"]
    assert say_yes(world, guests[2]) is GuestState.ACCEPTED
    assert world.reload(dinner).seats_taken == 2


def test_a_party_is_seated_whole_or_waits_whole_and_keeps_its_place(world: World) -> None:
    dinner = event(world, capacity=3, plus_ones=2)
    one, three, late = contacts(world, dinner, 3)
    assert say_yes(world, one) is GuestState.ACCEPTED
    assert say_yes(world, three, party=3) is GuestState.WAITLISTED
    assert say_yes(world, late) is GuestState.ACCEPTED, (
        "a single seat is free that a party of three can't use"
    )
    say_no(world, late)
    assert states(world, [three]) == ["waitlisted"]
    say_no(world, one)
    assert states(world, [three]) == ["offered"]
    assert say_yes(world, three) is GuestState.ACCEPTED
    with world.session() as session:
        assert [row.state for row in queries.plus_ones_of(session, three.id)] == ["accepted", "accepted"]
    assert world.reload(dinner).seats_taken == 3


def test_who_has_a_seat_brings_somebody_only_where_one_is_free(world: World) -> None:
    dinner = event(world, capacity=3, plus_ones=1)
    ada, bo, cy = contacts(world, dinner, 3)
    for guest in (ada, bo):
        say_yes(world, guest)
    assert say_yes(world, ada, party=2) is GuestState.ACCEPTED
    with pytest.raises(AnswerRefused):
        say_yes(world, bo, party=2)
    assert (states(world, [bo]), world.reload(bo).party) == (["accepted"], 1)
    assert say_yes(world, cy) is GuestState.WAITLISTED
    say_yes(world, ada, party=1)
    assert states(world, [cy]) == ["offered"]


def test_more_seats_are_offered_in_order_and_fewer_are_refused_with_names(world: World) -> None:
    dinner = event(world, capacity=1)
    guests = contacts(world, dinner, 4)
    for guest in guests:
        say_yes(world, guest)
    with world.session() as session:
        capacity.change_capacity(session, queries.lock_event(session, dinner.id), 3, by=None)
    assert states(world, guests) == ["accepted", "offered", "offered", "waitlisted"]
    say_yes(world, guests[1])
    with world.session() as session, pytest.raises(FewerSeatsThanTaken) as refused:
        capacity.change_capacity(session, queries.lock_event(session, dinner.id), 1, by=None)
    losses = refused.value.losses
    assert [one.name for one in losses.everybody] == [guests[2].name, guests[1].name]
    with world.session() as session:
        locked = queries.lock_event(session, dinner.id)
        capacity.change_capacity(session, locked, 1, by=None, takes_seats_back=True)
    assert states(world, guests) == ["accepted", "waitlisted", "waitlisted", "waitlisted"]
    say_no(world, guests[0])
    assert states(world, guests)[1] == "offered", "who had a seat is the first to get one again"


def test_on_the_last_day_nobody_is_offered_a_seat_and_the_first_yes_wins(
    world: World, travel: Travel
) -> None:
    dinner = event(world, capacity=1, starts_at=utc_now() + timedelta(days=3))
    guests = contacts(world, dinner, 3)
    for guest in guests:
        say_yes(world, guest)
    travel(days=2, hours=1)
    say_no(world, guests[0])
    assert states(world, guests) == ["cancelled", "waitlisted", "waitlisted"]
    assert world.reload(dinner).called_at is not None
    assert [say_yes(world, guest) for guest in (guests[2], guests[1])] == ["accepted", "waitlisted"]
    assert world.reload(dinner).called_at is None


def test_answers_are_taken_until_the_start(world: World, travel: Travel) -> None:
    dinner = event(world, starts_at=utc_now() + timedelta(hours=2))
    guest = contact(world, dinner)
    say_yes(world, guest)
    say_no(world, guest)
    say_yes(world, guest)
    travel(hours=3)
    with pytest.raises(AnswerRefused):
        say_no(world, guest)
    assert states(world, [guest]) == ["accepted"]


def test_a_colleague_takes_the_seat_and_the_page_is_theirs_alone(world: World) -> None:
    dinner = event(world, capacity=1, allows_delegates=True)
    ada, bo = contact(world, dinner, note="No photos"), contact(world, dinner)
    say_yes(world, ada)
    say_yes(world, bo)
    with world.session() as session:
        here = queries.lock_guest(session, ada.id)
        leaving.give_to_colleague(session, here, Colleague("Cy Dahl", "cy@customer.example"))
    taken = world.reload(ada)
    assert (taken.state, taken.name, taken.note, taken.link_version) == ("accepted", "Cy Dahl", "", 2)
    assert states(world, [bo]) == ["waitlisted"]
    with world.session() as session, pytest.raises(AnswerRefused):
        leaving.give_to_colleague(session, queries.lock_guest(session, ada.id), Colleague("Bo", bo.email))


def session_of(of: object, world: World, title: str, seats: int | None, **facts: object) -> EventSession:
    given = {"event_id": of.id, "starts_at": of.starts_at} | facts
    kept: EventSession = save(world, EventSession(title=title, is_chosen=True, capacity=seats, **given))
    return kept


def test_a_full_session_is_waited_for_while_another_one_is_kept(world: World) -> None:
    day = event(world)
    popular, other = session_of(day, world, "Popular", 1), session_of(day, world, "Other", None)
    ada, bo = contacts(world, day, 2)
    say_yes(world, ada, sessions=[popular.id])
    say_yes(world, bo, sessions=[popular.id, other.id])
    assert places(world, bo) == {"Popular": "waiting", "Other": "taken"}
    say_no(world, ada)
    assert places(world, bo) == {"Popular": "offered", "Other": "taken"}
    assert (world.reload(popular).seats_taken, world.reload(other).seats_taken) == (1, 1)
    with world.session() as session:
        here = queries.lock_guest(session, bo.id)
        answers.take_place(session, here, popular.id)
    assert places(world, bo) == {"Popular": "taken", "Other": "given_up"}
    assert (world.reload(popular).seats_taken, world.reload(other).seats_taken) == (1, 0)


def test_two_sessions_at_once_are_refused_and_nothing_changes(world: World) -> None:
    day = event(world)
    one, other = session_of(day, world, "One", None), session_of(day, world, "Other", None)
    ada = contact(world, day)
    with pytest.raises(AnswerRefused):
        say_yes(world, ada, sessions=[one.id, other.id])
    assert (states(world, [ada]), world.reload(one).seats_taken) == (["invited"], 0)


def places(world: World, guest: object) -> dict[str, str]:
    with world.session() as session:
        rows = session.query(EventSession.title, SessionPlace.state).join(
            SessionPlace, SessionPlace.session_id == EventSession.id
        )
        return {title: state.value for title, state in rows.filter(SessionPlace.guest_id == guest.id)}
