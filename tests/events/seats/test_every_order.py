"""Seats and wait list in whatever order things happen: guests, the team, providers and the clock.

Never oversold, in order, nobody offered who cancelled, no seat idle while somebody could be offered it, and no offer
lapses whose email reached nobody.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from portal.declarations.answers import AnswerRefused
from portal.declarations.email_kinds import EmailClass
from portal.events import queries
from portal.events.email_keys import offer_key
from portal.events.guest_models import EventGuest, GuestState
from portal.events.models import Event
from portal.events.seats import answers, capacity, offer_emails, offers
from portal.events.seats.capacity import FewerSeatsThanTaken
from portal.events.seats.offer_times import MOST_MISSED_OFFERS, UNTAKEN_FOR, is_last_day
from portal.outreach.models import Email, EmailState
from tenants.clock import utc_now
from tests.clock_travel import travel_to
from tests.events.events import contacts, event, say_yes
from tests.present import present
from tests.world import World

S = GuestState
GUESTS = 7
Rows = dict[UUID, EventGuest]
IN_NO_LINE = frozenset({S.INVITED, S.MAYBE, S.DECLINED, S.CANCELLED, S.LAPSED, S.ACCEPTED})


class SeatsAndWaitList(RuleBasedStateMachine):
    world: ClassVar[World]
    guests = Bundle("guests")

    @initialize(target=guests, seats=st.integers(1, 5), days=st.integers(3, 20))
    def begin(self, seats: int, days: int) -> Any:
        starts = utc_now() + timedelta(days=days)
        self.event = event(self.world, capacity=seats, plus_ones=2, starts_at=starts)
        invited = contacts(self.world, self.event, GUESTS)
        for number, guest in enumerate(invited[1:]):  # most have said yes, so that there is a line
            say_yes(self.world, guest, party=1 + number % 2)
        self.before: Rows = self.rows()
        self.told: set[UUID] = set()  # whose present offer a provider took
        return multiple(*(guest.id for guest in invited))

    def rows(self) -> Rows:
        with self.world.session() as session:
            mine = select(EventGuest).where(
                EventGuest.event_id == self.event.id, EventGuest.host_id.is_(None)
            )
            return {row.id: row for row in session.scalars(mine)}

    @rule(guest=guests, party=st.integers(1, 3))
    def say_yes(self, guest: UUID, party: int) -> None:
        with suppress(AnswerRefused):
            say_yes(self.world, self.before[guest], party=party)

    @rule(guest=guests, is_maybe=st.booleans())
    def say_no_or_maybe(self, guest: UUID, is_maybe: bool) -> None:
        say = answers.say_maybe if is_maybe else answers.say_no
        with suppress(AnswerRefused), self.world.session() as session:
            say(session, queries.lock_guest(session, guest))

    @rule(seats=st.integers(1, 8), takes_seats_back=st.booleans())
    def change_capacity(self, seats: int, takes_seats_back: bool) -> None:
        with suppress(FewerSeatsThanTaken), self.world.session() as session:
            locked = queries.lock_event(session, self.event.id)
            capacity.change_capacity(session, locked, seats, by=None, takes_seats_back=takes_seats_back)

    @rule(
        state=st.sampled_from([EmailState.ACCEPTED, EmailState.ACCEPTED, EmailState.BOUNCED, EmailState.HELD])
    )
    def providers_answer(self, state: EmailState) -> None:
        """Of all offers whose emails were not heard of."""
        for guest in self.before.values():
            if guest.state is S.OFFERED and guest.id not in self.told:
                self.write_email(guest, state)

    def write_email(self, guest: EventGuest, state: EmailState) -> None:
        with self.world.session() as session:
            if session.scalar(select(Email.id).where(Email.occasion == offer_key(guest))):
                return
            sent = {} if state is EmailState.HELD else {"sent_at": utc_now()}
            held = {"hold_reason": "quiet_hours"} if state is EmailState.HELD else {}
            session.add(
                Email(
                    kind="event_offer",
                    email_class=EmailClass.TRANSACTIONAL,
                    occasion=offer_key(guest),
                    recipient=guest.email,
                    recipient_norm=guest.email_norm or "",
                    subject_type=EventGuest.__tablename__,
                    subject_id=guest.id,
                    state=state,
                    **sent,
                    **held,
                )
            )

    @rule(hours=st.sampled_from([1, 2, 3, 9, 30, 49]))
    def time_passes(self, hours: int) -> None:
        travel_to(utc_now() + timedelta(hours=hours))
        for _ in range(2):  # what is due twice in a row, as when an offer was taken long ago
            with self.world.session() as session:
                due = offer_emails.due_guests(session)
            for guest_id in due:
                with self.world.session() as session:
                    offers.look_at_offer(session, guest_id)
                self.holds()  # each seat that passes on is given to the first whom it is enough for
        with self.world.session() as session:
            lines = offers.events_with_a_line(session)
        for event_id in lines:
            with self.world.session() as session:
                offers.look_at_line(session, event_id)
        self.no_offer_hangs(self.rows())

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "event"):
            return
        now, after = self.rows(), self.world.reload(self.event)
        self.never_oversold(after, now)
        self.nobody_is_offered_who_left_the_line(now)
        self.nobody_lapsed_unseen(now)
        if utc_now() < after.starts_at and not is_last_day(after.starts_at, utc_now()):
            self.no_seat_is_idle(after, now)
        self.in_order(after, now)
        self.before = now
        self.told = {one.id for one in now.values() if one.state is S.OFFERED and one.offer_until}

    def never_oversold(self, after: Event, now: Rows) -> None:
        assert after.seats_taken == sum(row.seats_held for row in now.values())
        assert after.seats_taken <= (after.capacity or 0)

    def nobody_is_offered_who_left_the_line(self, now: Rows) -> None:
        for row in now.values():
            if row.state is S.OFFERED:
                assert self.before[row.id].state not in IN_NO_LINE - {S.ACCEPTED}, row.name
                assert self.before[row.id].state is not S.ACCEPTED or row.is_priority

    def nobody_lapsed_unseen(self, now: Rows) -> None:
        for row in now.values():
            if row.state is S.LAPSED and self.before[row.id].state is not S.LAPSED:
                with self.world.session() as session:
                    told = offer_emails.of_guest(session, row)
                assert told.is_with_guest, row.name

    def no_offer_hangs(self, now: Rows) -> None:
        """One that reached nobody in two hours, or whose email came back, has passed on."""
        for row in now.values():
            if row.state is S.OFFERED and row.offered_at and utc_now() - row.offered_at >= UNTAKEN_FOR:
                with self.world.session() as session:
                    assert offer_emails.of_guest(session, row).is_with_guest, row.name
                assert utc_now() < present(row.offer_until), row.name

    def no_seat_is_idle(self, after: Event, now: Rows) -> None:
        free = after.seats_free or 0
        could = [row for row in now.values() if can_be_offered(row) and row.party <= free]
        assert could == []

    def in_order(self, after: Event, now: Rows) -> None:
        """Whoever stood before somebody who is offered seats now, and isn't, needed more than there were."""
        new = [
            row for row in now.values() if row.state is S.OFFERED and row.offers > self.before[row.id].offers
        ]
        for offered in new:
            for row in now.values():
                if row.state is S.WAITLISTED and can_be_offered(row) and order(row) < order(offered):
                    later = sum(one.party for one in new if order(one) > order(row))
                    assert row.party > (after.seats_free or 0) + later or is_new_in_line(self.before[row.id])


def can_be_offered(row: EventGuest) -> bool:
    return row.state is S.WAITLISTED and row.missed_offers < MOST_MISSED_OFFERS


def is_new_in_line(before: EventGuest) -> bool:
    """It stands there since this very change, so nothing was decided over its head."""
    return before.state is not S.WAITLISTED


def order(row: EventGuest) -> tuple[int, bool, int]:
    return row.missed_offers, not row.is_priority, row.place or 0


def test_seats_are_kept_in_whatever_order_things_happen(acme: World) -> None:
    SeatsAndWaitList.world = acme
    checked = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        phases=(Phase.reuse, Phase.generate),  # to make an example small takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(SeatsAndWaitList, settings=checked)
