"""A call whose time does not hold: nobody waits forever, every page says what is true, nothing is lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.declarations.email_kinds import EmailKind
from portal.outreach.models import Email, EmailState, HoldReason
from portal.references import queries
from portal.references.meetings import actions, awaiting_times
from portal.references.meetings.time_emails import NEW_TIMES, SLOTS_FOR_PROSPECT
from portal.references.models import MeetingState, RequestState
from tenants.clock import utc_now
from tests.fixture_types import Travel
from tests.mailbox import paths
from tests.references.calls import ADA, CANCELED, MOVED, STILL_NONE, STILL_WANTED, Call, asks_to, leads_to
from tests.references.meetings.test_rescheduling import moves, page_of, times_on
from tests.references.steps import PETER, picks, signs_in_again

NOTE = "Only the week after"
LEAVING = "I am leaving Wabtec"
BY_ADA, BY_PETER = (
    "You asked for another time.",
    "Peter Gibbons asked for another time",
)  # who gave up the old one
YES = "agreed to speak"  # in the subject that tells the rep of it


def later(call: Call) -> str:
    """Ada needs another time and will say later which; returns the page where she offers them."""
    call.public.post(f"{page_of(call, ADA)}/another-time", {"later": "y", "word": ""})
    call.jobs()
    return paths(call.box.last(ADA), "/times/")[0]


def prospect_moves(call: Call) -> str:
    call.public.post(f"{page_of(call, PETER)}/another-time", {"note": NOTE})
    call.jobs()
    return paths(call.box.last(ADA), "/times/")[0]


def flat(call: Call, path: str) -> str:
    return " ".join(call.public.get(path).text.split())


@pytest.mark.parametrize("how", [later, prospect_moves])
def test_a_call_without_times_reminds_once_and_then_reaches_rep_and_desk(
    call: Call, travel: Travel, how: Callable[[Call], str]
) -> None:
    call.agreed()
    page = how(call)
    asked = len(call.box.to(ADA))
    travel(days=4)
    call.jobs()
    (reminder,) = call.box.to(ADA)[asked:]
    assert (NOTE in reminder.text, paths(reminder, "/times/")) == (how is prospect_moves, [page])
    staff = [call.rep.member.email, call.manager.member.email]
    assert not [one for who in staff for one in call.box.to(who) if one.subject == STILL_NONE]
    travel(days=5)
    call.jobs()
    told = [len([one for one in call.box.to(who) if one.subject == STILL_NONE]) for who in staff]
    assert (told, len(call.box.to(ADA))) == ([1, 1], asked + 1)
    signs_in_again(call.manager)
    assert "We asked Ada Lindqvist for other times" in call.manager.get("/requests").text


def test_times_that_came_need_no_reminder(call: Call, travel: Travel) -> None:
    call.agreed()
    page = later(call)
    call.public.post(page, {"slot": times_on(call, page)[-3:]})
    call.jobs()
    before = len(call.box.to(ADA))
    travel(days=4)
    call.jobs()
    assert len(call.box.to(ADA)) == before


def test_a_reminder_that_still_waits_when_the_times_come_never_leaves(call: Call, travel: Travel) -> None:
    call.agreed()
    page = later(call)
    travel(days=4)
    with call.world.session() as session:
        awaiting_times.chase_missing_times(session, call.meeting.id)
    assert written(call, NEW_TIMES).state is EmailState.QUEUED
    call.public.post(page, {"slot": times_on(call, page)[-3:]})
    call.jobs()
    assert call.meeting.state is MeetingState.OFFERED
    assert written(call, NEW_TIMES).hold_reason is HoldReason.OBSOLETE


def test_times_to_pick_from_never_leave_after_one_was_picked(call: Call) -> None:
    with call.world.session() as session:
        actions.send_new_link(session, queries.meeting(session, call.meeting.id))
    call.agreed()
    assert written(call, SLOTS_FOR_PROSPECT).hold_reason is HoldReason.OBSOLETE


def written(call: Call, kind: EmailKind) -> Email:
    """The newest of its kind."""
    newest = select(Email).where(Email.kind == kind.name).order_by(Email.created_at.desc(), Email.id.desc())
    with call.world.session() as session:
        return session.scalars(newest.limit(1)).one()


@pytest.mark.parametrize("way", ["cancellation", "another-time", "none"])
def test_words_of_a_prospect_whose_link_is_an_old_one_stay_on_the_page(call: Call, way: str) -> None:
    call.agreed()
    page = page_of(call, PETER)
    prospect_moves(call)
    told = call.public.post(f"{page}/{way}", {"note": "We <chose> another vendor"})
    assert (told.status_code, call.meeting.state) == (410, MeetingState.MOVED)
    assert "We &lt;chose&gt; another vendor" in told.text
    assert asks_to(told.text, f"{page}/new-link")


def test_who_cannot_come_reads_first_what_that_does_and_may_say_why(call: Call) -> None:
    call.agreed()
    page = prospect_moves(call)
    assert leads_to(call.public.get(page).text, f"{page}/cancellation")
    asked = flat(call, f"{page}/cancellation")
    assert asks_to(asked, f"{page}/cancellation")
    for words in ("We’ll tell Peter by email", "We’ll tell Rep No", "They’ll look for someone else"):
        assert words in asked
    before = call.meeting
    assert before.state is MeetingState.MOVED
    call.public.follow(call.public.post(f"{page}/cancellation", {"note": LEAVING}))
    call.jobs()
    assert call.meeting.state is MeetingState.CANCELLED
    assert LEAVING in call.box.last(call.rep.member.email).text


def test_an_old_link_to_a_call_that_is_off_says_so_and_promises_none(call: Call) -> None:
    call.agreed()
    old = page_of(call, PETER)
    page = prospect_moves(call)
    assert asks_to(call.public.get(old).text, f"{old}/new-link")
    call.public.post(f"{page}/cancellation", {"note": ""})
    for answer in (call.public.get(old), call.public.post(f"{old}/new-link", {})):
        assert (answer.status_code, CANCELED in answer.text, MOVED in answer.text) == (410, True, False)
        assert "/new-link" not in answer.text


def test_an_old_link_says_that_the_call_is_off_when_the_request_is_over(call: Call) -> None:
    call.agreed()
    old = page_of(call, PETER)
    prospect_moves(call)
    call.rep.follow(call.rep.post(f"/requests/{call.request.id}/withdrawal", {"reason": "Bought elsewhere"}))
    assert CANCELED in call.public.get(old).text


def test_a_cancellation_from_another_tab_works_after_another_time_was_asked_for(call: Call) -> None:
    call.agreed()
    tab = f"{page_of(call, ADA)}/cancellation"
    later(call)
    done = call.public.follow(call.public.post(tab, {"note": LEAVING}))
    assert CANCELED in done.text
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.MATCHING, MeetingState.CANCELLED)
    assert LEAVING in call.box.last(call.rep.member.email).text


def test_a_cancellation_that_came_too_late_says_so_and_keeps_the_words(call: Call) -> None:
    call.agreed()
    tab = f"{page_of(call, ADA)}/cancellation"
    moves(call)
    refused = call.public.post(tab, {"note": LEAVING})
    assert (refused.status_code, call.meeting.state) == (409, MeetingState.OFFERED)
    assert LEAVING in refused.text
    assert leads_to(refused.text, tab.removesuffix("/cancellation")), "where the call stands"


def test_words_from_an_old_page_for_other_times_stay_as_well(call: Call) -> None:
    call.agreed()
    page = later(call)
    call.public.post(page, {"slot": times_on(call, page)[-3:]})
    call.jobs()
    call.public.post(f"{page_of(call, PETER)}/none", {"note": ""})
    refused = call.public.post(f"{page}/cancellation", {"note": LEAVING})
    assert (refused.status_code, call.meeting.state) == (409, MeetingState.OFFERED)
    assert LEAVING in refused.text


def test_the_rep_hears_of_one_yes_and_then_of_other_times(call: Call) -> None:
    call.agreed()
    moves(call)
    call.jobs()
    subjects = [one.subject for one in call.box.to(call.rep.member.email)]
    assert len([one for one in subjects if YES in one]) == 1
    page = prospect_moves_again(call)
    call.public.post(page, {"slot": times_on(call, page)[-3:]})
    call.jobs()
    subjects = [one.subject for one in call.box.to(call.rep.member.email)]
    assert len([one for one in subjects if YES in one]) == 1
    assert "Other times for Initech" in subjects
    story = call.manager.get(f"/requests/{call.request.id}").text
    assert story.count("said yes and offered") == 1
    assert "Ada Lindqvist offered other times (3)" in story


def prospect_moves_again(call: Call) -> str:
    """After Ada's own times were picked."""
    picks(call.public, call.box, times_on(call, page_of(call, PETER))[0])
    call.jobs()
    return prospect_moves(call)


def test_the_page_for_other_times_says_who_wants_them_and_leaves_out_the_one_given_up(call: Call) -> None:
    call.agreed()
    page = prospect_moves(call)
    shown = flat(call, page)
    assert (BY_PETER in shown, BY_ADA in shown, NOTE in shown) == (True, False, True)
    assert call.times[0] not in times_on(call, page)


def test_who_asked_for_another_time_is_told_so(call: Call) -> None:
    call.agreed()
    shown = flat(call, later(call))
    assert (BY_ADA in shown, BY_PETER in shown) == (True, False)


def test_a_prospect_whom_no_time_fits_is_quoted(call: Call) -> None:
    call.public.post(f"{page_of(call, PETER)}/none", {"note": f"{NOTE}, see https://evil.example"})
    call.jobs()
    shown = flat(call, paths(call.box.last(ADA), "/times/")[0])
    for words in ("None of the times worked for Peter Gibbons", f"{NOTE}, see […]"):
        assert words in shown


def typed(*times: str) -> dict[str, str]:
    return {f"other_{n}": time for n, time in enumerate(times, 1)}


def test_each_time_that_went_by_or_is_too_far_is_named(call: Call) -> None:
    call.agreed()
    page = prospect_moves(call)
    good, past, far = (f"{utc_now() + timedelta(days=days):%Y-%m-%dT10:00}" for days in (10, -3, 200))
    refused = call.public.post(page, typed(past, good, far))
    assert refused.status_code == 422
    for label, wrong in (
        ("Another time", "has already passed"),
        ("And one more", "is more than 90 days away"),
    ):
        assert re.search(rf"{label}: [^<]*10:00[^<]* {wrong}", refused.text)
    assert "Please pick at least" not in refused.text


def test_times_that_overlap_are_no_choice(call: Call) -> None:
    call.agreed()
    page = prospect_moves(call)
    day = f"{utc_now() + timedelta(days=10):%Y-%m-%d}"
    refused = call.public.post(page, typed(*(f"{day}T10:{minute}" for minute in ("00", "05", "10"))))
    assert (refused.status_code, call.meeting.state) == (422, MeetingState.MOVED)
    assert "overlap, as the call takes 20 minutes" in refused.text
    apart = call.public.post(page, typed(*(f"{day}T1{hour}:00" for hour in "012")))
    assert apart.status_code == 303


def test_a_second_pick_in_another_tab_shows_the_call_as_it_stands(call: Call) -> None:
    call.agreed()
    page = page_of(call, PETER)
    late = call.public.post(page, {"slot": call.times[1], "name": "Peter", "zone": "America/Chicago"})
    assert late.status_code == 409
    assert leads_to(late.text, f"{page}/another-time"), "it is the page of the call as it was agreed"
    assert call.meeting.state is MeetingState.SCHEDULED


def test_a_missing_time_is_asked_for_in_plain_words(call: Call) -> None:
    refused = call.public.post(page_of(call, PETER), {"name": "Peter", "zone": "America/Chicago"})
    assert ("Please pick a time first." in refused.text, "Slot:" in refused.text) == (True, False)


def test_after_the_prospect_cannot_come_the_rep_reads_one_question(call: Call) -> None:
    call.agreed()
    call.public.post(f"{page_of(call, PETER)}/cancellation", {"note": ""})
    page = call.rep.get(f"/requests/{call.request.id}").text
    assert page.count(STILL_WANTED) == 1
    assert "No one fits" not in page


def test_times_stand_in_the_order_of_the_day(call: Call) -> None:
    """Those that other calls have taken too."""
    call.agreed()
    page = call.public.get(f"{page_of(call, ADA)}/another-time").text
    days = [re.findall(r"<b>([\d:]+)</b>", day) for day in page.split("<fieldset")[1:]]
    assert any("taken" in day for day in page.split("<fieldset")[1:])
    assert all(day == sorted(day) for day in days)
