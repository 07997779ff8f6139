"""Nobody has two calls at once, and no time is offered to two prospects."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from portal import links
from portal.asks.models import Ask, AskKind, AskState
from portal.policies import change
from portal.references import policies
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import bookings, rescheduling_actions
from portal.references.models import Meeting, MeetingSlot, MeetingState, ReferenceRequest, RequestState, Side
from tenants.clock import utc_now
from tenants.database import database
from tests.client import Client, new_client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox, paths
from tests.references.calls import Call
from tests.references.steps import asked, filed, moment, signs_in_again
from tests.world import World

NINE = (utc_now() + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Offer:
    """Times of one advocate that one prospect may pick from."""

    world: World
    meeting: Meeting

    @property
    def page(self) -> str:
        return f"/s/{links.token(CallLinkPurpose.SLOT, self.world.tenant_id, self.meeting.id)}"

    def picks(self, at: datetime) -> tuple[int, str]:
        given = {"slot": at.isoformat(), "name": "Peter Gibbons", "zone": "UTC"}
        answer = new_client(self.world.app).post(self.page, given)
        return answer.status_code, answer.text

    @property
    def state(self) -> MeetingState:
        found: Meeting = self.world.reload(self.meeting)
        return found.state


def offers(world: World, *all_times: list[datetime]) -> list[Offer]:
    """Of one person, to a prospect each: as they were written before times were compared."""
    ada, made = world.advocate(), []
    for number, times in enumerate(all_times):
        request = world.request(state=RequestState.ASKED, prospect=f"Prospect {number}")
        with world.session() as session:
            ask = Ask(kind=AskKind.CALL, minutes=20, state=AskState.ACCEPTED, due_on=utc_now().date())
            ask.advocate_id, ask.account_id, ask.sent_at = ada.id, ada.account_id, utc_now()
            ask.subject_type, ask.subject_id = ReferenceRequest.__tablename__, request.id
            session.add(ask)
            session.flush()
            meeting = Meeting(request_id=request.id, ask_id=ask.id, advocate_id=ada.id, minutes=20)
            meeting.prospect_email = f"peter{number}@initech.example"
            session.add(meeting)
            session.flush()
            session.add_all(MeetingSlot(meeting_id=meeting.id, starts_at=at) for at in times)
        made.append(Offer(world, meeting))
    return made


@pytest.mark.parametrize("minutes_later", [0, 34])
def test_of_two_prospects_who_pick_one_moment_one_wins_and_the_other_gets_the_rest(
    acme: World, minutes_later: int
) -> None:
    second, rest = NINE + timedelta(minutes=minutes_later), NINE + timedelta(hours=3)
    both = offers(acme, [NINE, rest], [second, rest + timedelta(hours=2)])
    together = Barrier(2)

    def pick(offer: Offer, at: datetime) -> tuple[int, str]:
        together.wait()
        return offer.picks(at)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(pick, both, [NINE, second]))
    assert sorted(status for status, _ in answers) == [303, 409]
    loser = next(number for number, (status, _) in enumerate(answers) if status == 409)
    page = answers[loser][1]
    assert "That time was taken a moment ago. These are the times that are left." in page
    assert (both[loser].state, both[1 - loser].state) == (MeetingState.OFFERED, MeetingState.SCHEDULED)
    assert len(re.findall(r'name="slot" value', page)) == 1
    assert 'value="Peter Gibbons"' in page


def test_fifteen_minutes_lie_between_two_calls(acme: World) -> None:
    first, second = offers(acme, [NINE], [NINE + timedelta(minutes=35)])
    assert [first.picks(NINE)[0], second.picks(NINE + timedelta(minutes=35))[0]] == [303, 303]


def test_a_workspace_may_want_a_longer_pause(acme: World, as_admin: Client) -> None:
    with acme.session() as session:
        change(session, policies.PAUSE_MINUTES, 60, by=as_admin.member)
    first, second = offers(acme, [NINE], [NINE + timedelta(minutes=79), NINE + timedelta(minutes=80)])
    assert first.picks(NINE)[0] == 303
    assert second.picks(NINE + timedelta(minutes=79))[0] == 409
    assert second.picks(NINE + timedelta(minutes=80))[0] == 303


def test_who_finds_all_times_taken_may_ask_for_others(acme: World) -> None:
    first, second = offers(acme, [NINE], [NINE])
    first.picks(NINE)
    assert "These times have just been taken" in second.picks(NINE)[1]
    public = new_client(acme.app)
    assert "These times have just been taken" in public.get(second.page).text
    assert public.post(f"{second.page}/none", {"note": "Any morning"}).status_code == 303


def test_a_call_that_was_moved_or_called_off_frees_its_time(acme: World) -> None:
    first, second, third = offers(acme, [NINE], [NINE], [NINE])
    assert [first.picks(NINE)[0], second.picks(NINE)[0]] == [303, 409]
    with acme.session() as session:
        rescheduling_actions.request_another_time(session, first.meeting.id, Side.PROSPECT)
    assert second.picks(NINE)[0] == 303
    with acme.session() as session:
        rescheduling_actions.cancel_by_side(session, second.meeting.id, Side.ADVOCATE)
    assert third.picks(NINE)[0] == 303


def test_two_people_may_talk_at_the_same_time(acme: World, globex: World) -> None:
    assert [one.picks(NINE)[0] for world in (acme, acme, globex) for one in offers(world, [NINE])] == [
        303
    ] * 3


def test_the_database_takes_no_second_call_at_one_time_whoever_writes_it(acme: World) -> None:
    first, second = offers(acme, [NINE], [NINE])
    first.picks(NINE)
    with acme.session() as session:
        call = session.get_one(Meeting, (acme.tenant_id, second.meeting.id))
        call.state, call.starts_at = MeetingState.SCHEDULED, NINE + timedelta(minutes=10)
        with pytest.raises(IntegrityError, match="ex_meetings_one_at_a_time"):
            session.flush()
        session.rollback()


def test_a_clash_that_only_the_database_sees_is_said_in_words(acme: World) -> None:
    first, second = offers(acme, [NINE], [NINE])
    first.picks(NINE)
    with acme.session() as session:
        call = session.get_one(Meeting, (acme.tenant_id, second.meeting.id))
        call.advocate_id, unseen = acme.advocate().id, call.advocate_id
        with without_looking(call, unseen), pytest.raises(bookings.TimeTaken):
            bookings.book(session, call, NINE)
    assert second.state is MeetingState.OFFERED


@contextmanager
def without_looking(call: Meeting, advocate_id: UUID) -> Iterator[None]:
    """Somebody else's call when we look, this person's when we write: no lock was held."""

    def back(*_: object) -> None:
        call.advocate_id = advocate_id

    event.listen(call.__class__, "before_update", back)
    try:
        yield
    finally:
        event.remove(call.__class__, "before_update", back)


def test_the_hour_that_comes_twice_is_two_hours(acme: World) -> None:
    """In Stockholm 02:30 comes twice on 31 October 2027: an hour apart they are no clash."""
    once, again = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    first, second, third = offers(acme, [once], [again], [again - timedelta(minutes=26)])
    assert [first.picks(once)[0], second.picks(again)[0]] == [303, 303]
    assert third.picks(again - timedelta(minutes=26))[0] == 409


def test_a_time_offered_to_one_prospect_is_not_offered_to_the_next(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, pages = acme.advocate(email="ada@wabtec.example"), list[str]()
    for prospect in ("Initech", "Umbrella"):
        given = {"override_reason": "Both decide this week"} if pages else {}
        request = filed(acme, as_rep, prospect=prospect, contact_email=f"peter@{prospect.lower()}.example")
        data = {"advocate_id": ada.id} | given
        assert as_manager.post(f"/requests/{request.id}/asks", data).status_code == 303
        run_jobs()
        pages.append(paths(mailbox.last(ada.email), "/a/")[0])
    times = re.findall(r'name="slot" value="([^"]+)"', client.get(pages[0]).text)[:3]
    assert client.post(pages[0], {"slot": times}).status_code == 303
    page = client.get(pages[1]).text
    assert "Offered to Initech" in page
    assert not set(times) & set(re.findall(r'name="slot" value="([^"]+)"', page))
    refused = client.post(pages[1], {"slot": times})
    assert refused.status_code == 422
    assert "is too close to a time you offered Initech" in refused.text
    free = re.findall(r'name="slot" value="([^"]+)"', page)[:3]
    assert client.post(pages[1], {"slot": free}).status_code == 303
    run_jobs()
    slot = paths(mailbox.last("peter@initech.example"), "/s/")[0]
    client.post(slot, {"slot": times[0], "name": "Peter", "zone": "UTC"})
    run_jobs()
    with acme.session() as session:
        (own,) = bookings.calls_of_advocate(session, ada.id)
        assert (own.starts_at, own.prospect) == (moment(times[0]), "Initech")
        taken = bookings.bookings_of_advocate(session, ada.id)
    assert [one.is_confirmed for one in taken].count(True) == 1
    assert len(taken) == 1 + len(free)


def test_a_favor_logged_by_a_rep_takes_no_time_that_lies_ahead(call: Call) -> None:
    yesterday = (utc_now() - timedelta(days=1)).date().isoformat()
    given = {"prospect": "Umbrella", "kind": "call", "needed_by": yesterday, "product": "Ledger Pro"}
    given |= {"industry": "Industrials", "region": "NA", "advocate": call.ada.email}
    assert call.rep.post("/requests/new/off-platform", given).status_code == 303
    assert call.agreed().state is RequestState.SCHEDULED


LOCKED = re.compile(r"FROM (\w+).*FOR (?:NO KEY )?UPDATE", re.DOTALL)
ORDER = ["reference_requests", "accounts", "advocates", "asks", "meetings"]


@contextmanager
def locks() -> Iterator[list[list[str]]]:
    """The tables of which rows were locked, transaction by transaction, in order; what is locked again is left out."""
    seen: list[list[str]] = []

    def begins(_: object) -> None:
        seen.append([])

    def runs(_c: object, _k: object, statement: str, *_: object) -> None:
        if (found := LOCKED.search(statement)) and found[1] in ORDER and found[1] not in seen[-1]:
            seen[-1].append(found[1])

    event.listen(database.engine, "begin", begins)
    event.listen(database.engine, "before_cursor_execute", runs)
    try:
        yield seen
    finally:
        event.remove(database.engine, "begin", begins)
        event.remove(database.engine, "before_cursor_execute", runs)


def test_whatever_is_done_with_a_call_locks_in_one_order(call: Call) -> None:
    with locks() as seen:
        call.agreed()
        signs_in_again(call.manager, call.rep)
        base = f"/requests/{call.request.id}"
        call.rep.follow(call.rep.post(f"{base}/meetings/{call.meeting.id}/place", {"dial_in": "x"}))
        page = paths(call.box.last("peter@initech.example"), "/s/")[0]
        call.public.post(f"{page}/another-time", {"note": ""})
        call.jobs()
        other = paths(call.box.last(call.ada.email), "/times/")[0]
        times = re.findall(r'name="slot" value="([^"]+)"', call.public.get(other).text)[-3:]
        call.public.post(other, {"slot": times})
        samir = {"name": "Samir", "email": "samir@initech.example", "time_zone": "America/Chicago"}
        call.rep.follow(call.rep.post(f"{base}/contact", samir))
        call.manager.post(f"{base}/asks/{call.ask.id}/withdrawal", {"reason": "Ada is ill"})
        asked(call.manager, call.request, call.world.advocate())
        call.rep.follow(call.rep.post(f"{base}/withdrawal", {"reason": "They bought elsewhere"}))
        call.jobs()
    assert any("meetings" in tables for tables in seen)
    for tables in seen:
        assert tables == sorted(tables, key=ORDER.index)


def test_the_later_of_two_calls_from_before_is_marked_for_the_desk(call: Call) -> None:
    call.agreed()
    with call.world.session() as session:
        session.scalars(select(Meeting)).one().double_booked = True
    assert "has another call at this time" in call.manager.get(f"/requests/{call.request.id}").text
