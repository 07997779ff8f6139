"""A yes takes a seat or a place in line, a no frees it for whoever is next, and nothing is ever sold twice."""

from datetime import timedelta

import pytest

from portal.declarations.answers import AnswerRefused
from portal.events import queries
from portal.events.guest_models import GuestState
from portal.events.seats import answers, capacity, leaving
from portal.events.seats.capacity import FewerSeatsThanTaken
from portal.events.seats.leaving import Colleague
from tenants.clock import utc_now
from tests.events.events import contact, contacts, event, places, say_no, say_yes, session_of, states
from tests.fixture_types import Travel
from tests.world import World


def test_the_third_of_two_seats_waits_and_is_offered_the_first_that_is_free(acme: World) -> None:
    dinner = event(acme, capacity=2)
    guests = contacts(acme, dinner, 4)
    assert [say_yes(acme, guest) for guest in guests] == ["accepted", "accepted", "waitlisted", "waitlisted"]
    say_no(acme, guests[0])
    assert states(acme, guests) == ["cancelled", "accepted", "offered", "waitlisted"]
    assert say_yes(acme, guests[2]) is GuestState.ACCEPTED
    assert acme.reload(dinner).seats_taken == 2


def test_a_party_is_seated_whole_or_waits_whole_and_keeps_its_place(acme: World) -> None:
    dinner = event(acme, capacity=3, plus_ones=2)
    one, three, late = contacts(acme, dinner, 3)
    assert say_yes(acme, one) is GuestState.ACCEPTED
    assert say_yes(acme, three, party=3) is GuestState.WAITLISTED
    assert say_yes(acme, late) is GuestState.ACCEPTED, "a single seat is free that a party of three can't use"
    say_no(acme, late)
    assert states(acme, [three]) == ["waitlisted"]
    say_no(acme, one)
    assert states(acme, [three]) == ["offered"]
    assert say_yes(acme, three) is GuestState.ACCEPTED
    with acme.session() as session:
        assert [row.state for row in queries.plus_ones_of(session, three.id)] == ["accepted", "accepted"]
    assert acme.reload(dinner).seats_taken == 3


def test_who_has_a_seat_brings_somebody_only_where_one_is_free(acme: World) -> None:
    dinner = event(acme, capacity=3, plus_ones=1)
    ada, bo, cy = contacts(acme, dinner, 3)
    for guest in (ada, bo):
        say_yes(acme, guest)
    assert say_yes(acme, ada, party=2) is GuestState.ACCEPTED
    with pytest.raises(AnswerRefused):
        say_yes(acme, bo, party=2)
    assert (states(acme, [bo]), acme.reload(bo).party) == (["accepted"], 1)
    assert say_yes(acme, cy) is GuestState.WAITLISTED
    say_yes(acme, ada, party=1)
    assert states(acme, [cy]) == ["offered"]


def test_more_seats_are_offered_in_order_and_fewer_are_refused_with_names(acme: World) -> None:
    dinner = event(acme, capacity=1)
    guests = contacts(acme, dinner, 4)
    for guest in guests:
        say_yes(acme, guest)
    with acme.session() as session:
        capacity.change_capacity(session, queries.lock_event(session, dinner.id), 3, by=None)
    assert states(acme, guests) == ["accepted", "offered", "offered", "waitlisted"]
    say_yes(acme, guests[1])
    with acme.session() as session, pytest.raises(FewerSeatsThanTaken) as refused:
        capacity.change_capacity(session, queries.lock_event(session, dinner.id), 1, by=None)
    losses = refused.value.losses
    assert [one.name for one in losses.everybody] == [guests[2].name, guests[1].name]
    with acme.session() as session:
        locked = queries.lock_event(session, dinner.id)
        capacity.change_capacity(session, locked, 1, by=None, takes_seats_back=True)
    assert states(acme, guests) == ["accepted", "waitlisted", "waitlisted", "waitlisted"]
    say_no(acme, guests[0])
    assert states(acme, guests)[1] == "offered", "who had a seat is the first to get one again"


def test_on_the_last_day_nobody_is_offered_a_seat_and_the_first_yes_wins(acme: World, travel: Travel) -> None:
    dinner = event(acme, capacity=1, starts_at=utc_now() + timedelta(days=3))
    guests = contacts(acme, dinner, 3)
    for guest in guests:
        say_yes(acme, guest)
    travel(days=2, hours=1)
    say_no(acme, guests[0])
    assert states(acme, guests) == ["cancelled", "waitlisted", "waitlisted"]
    assert acme.reload(dinner).called_at is not None
    assert [say_yes(acme, guest) for guest in (guests[2], guests[1])] == ["accepted", "waitlisted"]
    assert acme.reload(dinner).called_at is None


def test_answers_are_taken_until_the_start(acme: World, travel: Travel) -> None:
    dinner = event(acme, starts_at=utc_now() + timedelta(hours=2))
    guest = contact(acme, dinner)
    say_yes(acme, guest)
    say_no(acme, guest)
    say_yes(acme, guest)
    travel(hours=3)
    with pytest.raises(AnswerRefused):
        say_no(acme, guest)
    assert states(acme, [guest]) == ["accepted"]


def test_a_colleague_takes_the_seat_and_the_page_is_theirs_alone(acme: World) -> None:
    dinner = event(acme, capacity=1, allows_delegates=True)
    ada, bo = contact(acme, dinner, note="No photos"), contact(acme, dinner)
    say_yes(acme, ada)
    say_yes(acme, bo)
    with acme.session() as session:
        here = queries.lock_guest(session, ada.id)
        leaving.give_to_colleague(session, here, Colleague("Cy Dahl", "cy@customer.example"))
    taken = acme.reload(ada)
    assert (taken.state, taken.name, taken.note, taken.link_version) == ("accepted", "Cy Dahl", "", 2)
    assert states(acme, [bo]) == ["waitlisted"]
    with acme.session() as session, pytest.raises(AnswerRefused):
        leaving.give_to_colleague(session, queries.lock_guest(session, ada.id), Colleague("Bo", bo.email))


def test_a_full_session_is_waited_for_while_another_one_is_kept(acme: World) -> None:
    day = event(acme)
    popular, other = session_of(acme, day, "Popular", 1), session_of(acme, day, "Other", None)
    ada, bo = contacts(acme, day, 2)
    say_yes(acme, ada, sessions=[popular.id])
    say_yes(acme, bo, sessions=[popular.id, other.id])
    assert places(acme, bo) == {"Popular": "waiting", "Other": "taken"}
    say_no(acme, ada)
    assert places(acme, bo) == {"Popular": "offered", "Other": "taken"}
    assert (acme.reload(popular).seats_taken, acme.reload(other).seats_taken) == (1, 1)
    with acme.session() as session:
        here = queries.lock_guest(session, bo.id)
        answers.take_place(session, here, popular.id)
    assert places(acme, bo) == {"Popular": "taken", "Other": "given_up"}
    assert (acme.reload(popular).seats_taken, acme.reload(other).seats_taken) == (1, 0)


def test_two_sessions_at_once_are_refused_and_nothing_changes(acme: World) -> None:
    day = event(acme)
    one, other = session_of(acme, day, "One", None), session_of(acme, day, "Other", None)
    ada = contact(acme, day)
    with pytest.raises(AnswerRefused):
        say_yes(acme, ada, sessions=[one.id, other.id])
    assert (states(acme, [ada]), acme.reload(one).seats_taken) == (["invited"], 0)
