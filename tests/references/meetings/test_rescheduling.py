"""Whoever holds a set call can move it or call it off: the others are told, calendars and the request follow."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from portal.asks.models import AskState
from portal.references.models import MeetingState, RequestState
from tests.client import Client
from tests.fixture_types import Travel
from tests.mailbox import paths
from tests.present import present
from tests.references.calls import ADA, CANCELED, MOVED, STILL_NONE, STILL_WANTED, Call, asks_to, leads_to
from tests.references.steps import PETER, picks, until

WORDS = "My flight was cancelled, sorry"


def page_of(call: Call, who: str) -> str:
    """Where this side finds its call, by the newest email that names it."""
    kind = "/call/" if who == ADA else "/s/"
    return next(found[0] for one in reversed(call.box.to(who)) if (found := paths(one, kind)))


def times_on(call: Call, path: str) -> list[str]:
    return re.findall(r'name="slot" value="([^"]+)"', call.public.get(path).text)


def calendar_of(call: Call, who: str) -> tuple[str, int, str]:
    """Method, sequence and start of the newest file this side got."""
    newest = next(one.calendar for one in reversed(call.box.to(who)) if one.calendar)
    calendar = Calendar.from_ical(newest)
    event = calendar.events[0]
    assert event["UID"] == f"{call.meeting.id}@goodword"
    return str(calendar["METHOD"]), int(str(event["SEQUENCE"])), present(event.start).isoformat()


def heard(call: Call, who: str) -> str:
    return " ".join(" ".join(one.text.split()) for one in call.box.to(who))


def moves(call: Call, times: list[str] | None = None) -> list[str]:
    """Ada needs another time and brings three along."""
    path = f"{page_of(call, ADA)}/another-time"
    new = times or times_on(call, path)[-6:-3]
    response = call.public.post(path, {"slot": new, "word": WORDS})
    assert response.status_code == 303, response.text
    return new


def test_the_advocate_moves_a_call_and_the_prospect_picks_again(call: Call) -> None:
    call.agreed()
    page = page_of(call, ADA)
    shown = call.public.get(f"{page}/another-time").text
    assert asks_to(shown, f"{page}/another-time")
    assert ("Peter" in shown, "Rep No" in shown) == (True, True), "who is told"
    new = moves(call)
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.ASKED, MeetingState.OFFERED)
    assert [calendar_of(call, who)[:2] for who in (ADA, PETER)] == [("CANCEL", 1)] * 2
    assert paths(call.box.last(PETER), "/s/") == [page_of(call, PETER)], "where he picks one"
    assert WORDS in heard(call, call.rep.member.email)
    assert WORDS not in heard(call, PETER) + call.public.get(page_of(call, PETER)).text
    picks(call.public, call.box, new[0])
    call.jobs()
    assert call.state is RequestState.SCHEDULED
    assert [calendar_of(call, who)[:2] for who in (ADA, PETER)] == [("REQUEST", 2)] * 2
    assert call.box.last(ADA).subject.startswith("Confirmed")


def test_the_advocate_may_send_times_later(call: Call) -> None:
    call.agreed()
    path = f"{page_of(call, ADA)}/another-time"
    assert call.public.post(path, {"word": ""}).status_code == 422
    assert call.public.post(path, {"later": "y"}).status_code == 303
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.ASKED, MeetingState.MOVED)
    assert [calendar_of(call, who)[:2] for who in (ADA, PETER)] == [("CANCEL", 1)] * 2
    assert len(times_on(call, paths(call.box.last(ADA), "/times/")[0])) > 3
    assert not times_on(call, page_of(call, PETER)), "there is none to pick yet"


def test_the_prospect_asks_for_another_time_once_however_often_it_is_pressed(call: Call) -> None:
    call.agreed()
    page = page_of(call, PETER)
    assert asks_to(call.public.get(f"{page}/another-time").text, f"{page}/another-time")
    answers = [call.public.post(f"{page}/another-time", {"note": "Mornings, please"}) for _ in range(2)]
    assert call.public.follow(answers[0]).status_code == 200
    assert MOVED in answers[1].text
    call.jobs()
    assert (call.state, call.meeting.state, call.meeting.sequence) == (
        RequestState.ASKED,
        MeetingState.MOVED,
        1,
    )
    email = call.box.last(ADA)
    assert ("Mornings, please" in email.text, calendar_of(call, ADA)[0]) == (True, "CANCEL")
    assert calendar_of(call, PETER)[:2] == ("CANCEL", 1)
    told = [one for one in call.box.to(call.rep.member.email) if "needs another time" in one.subject]
    assert len(told) == 1
    assert "Mornings, please" in told[0].text


@pytest.mark.parametrize("who", [ADA, PETER])
def test_a_side_that_cannot_come_says_so_once_and_the_request_looks_on(call: Call, who: str) -> None:
    call.agreed()
    page, other = page_of(call, who), PETER if who == ADA else ADA
    assert asks_to(call.public.get(f"{page}/cancellation").text, f"{page}/cancellation")
    for _press in range(2):
        response = call.public.post(f"{page}/cancellation", {"note": WORDS})
        assert CANCELED in call.public.follow(response).text
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.MATCHING, MeetingState.CANCELLED)
    assert call.ask.state is AskState.NOT_HELD
    assert [calendar_of(call, side)[:2] for side in (ADA, PETER)] == [("CANCEL", 1)] * 2
    assert (WORDS in heard(call, call.rep.member.email), WORDS in heard(call, other)) == (True, False)
    assert len([one for one in call.box.to(call.rep.member.email) if "is canceled" in one.subject]) == 1


def test_when_the_prospect_cannot_come_the_clock_waits_for_the_rep(call: Call) -> None:
    call.agreed()
    call.public.post(f"{page_of(call, PETER)}/cancellation", {"note": ""})
    assert STILL_WANTED in call.manager.get(f"/requests/{call.request.id}").text
    call.rep.follow(call.rep.post(f"/requests/{call.request.id}/messages", {"text": "Yes, next week"}))
    assert call.world.reload(call.request).waiting_since is None


def test_the_manager_reads_in_the_history_who_did_what_and_why(call: Call) -> None:
    call.agreed()
    new = moves(call)
    call.jobs()
    picks(call.public, call.box, new[0])
    call.jobs()
    call.public.post(f"{page_of(call, PETER)}/cancellation", {"note": "We chose another vendor"})
    page = call.manager.get(f"/requests/{call.request.id}").text
    assert f"Ada Lindqvist needs another time for the call: “{WORDS}”" in page
    assert "The prospect can’t make the call; it was canceled: “We chose another vendor”" in page


def test_nobody_is_asked_to_come_at_or_about_a_time_that_is_off(call: Call, travel: Travel) -> None:
    call.agreed()
    call.public.post(f"{page_of(call, PETER)}/another-time", {"note": ""})
    call.jobs()
    before = [one.id for one in call.box.all()]
    for hours in (24, 1, -3):
        travel(seconds=until(call.times[0], hours=hours) + 1)
        call.jobs()
    still_none = {"Could you offer Initech other times?", STILL_NONE}
    assert {one.subject for one in call.box.all() if one.id not in before} == still_none


def test_links_to_a_call_that_was_moved_say_so(call: Call) -> None:
    call.agreed()
    advocates, prospects = page_of(call, ADA), page_of(call, PETER)
    file = {who: paths(call.box.last(who), "/calendar/")[0] for who in (ADA, PETER)}
    new = moves(call)
    assert MOVED in call.public.get(prospects).text
    moved = call.public.get(advocates).text
    assert (MOVED in moved, leads_to(moved, f"{advocates}/cancellation")) == (True, False)
    assert call.public.get(file[ADA]).mimetype == "text/html", "a page says why there is no file"
    for act in ("another-time", "cancellation"):
        call.public.post(f"{advocates}/{act}", {"slot": new, "later": "y"})
        call.public.post(f"{prospects}/{act}", {"note": ""})
    offered = call.meeting
    assert offered.state is MeetingState.OFFERED
    call.jobs()
    picks(call.public, call.box, new[0])
    call.public.post(f"{advocates}/cancellation", {"note": "From an old tab"})
    assert call.meeting.state is MeetingState.SCHEDULED
    assert not leads_to(call.public.get(advocates).text, f"{advocates}/cancellation"), (
        "an old link only shows it"
    )
    again = call.public.post(f"{prospects}/new-link")
    assert again.status_code == 200
    call.jobs()
    newest = page_of(call, PETER)
    assert leads_to(call.public.get(newest).text, f"{newest}/cancellation")


def test_once_it_has_begun_nothing_is_changed_and_the_page_says_what_to_do(
    call: Call, travel: Travel
) -> None:
    call.agreed()
    pages = {who: page_of(call, who) for who in (ADA, PETER)}
    travel(seconds=until(call.times[0], minutes=-1))
    for page in pages.values():
        assert not leads_to(call.public.get(page).text, f"{page}/cancellation")
        for act in ("another-time", "cancellation"):
            assert call.public.get(f"{page}/{act}").status_code == 303
            assert call.public.post(f"{page}/{act}", {"later": "y"}).status_code in {303, 409}
    assert call.meeting.state is MeetingState.SCHEDULED
    travel(minutes=60)
    for page in pages.values():
        assert "can’t be moved or canceled anymore" in call.public.get(page).text


def test_each_side_reads_what_it_needs_and_nothing_of_the_others(call: Call) -> None:
    call.agreed()
    place = f"/requests/{call.request.id}/meetings/{call.meeting.id}/place"
    call.rep.follow(call.rep.post(place, {"dial_in": "https://meet.example/42"}))
    call.jobs()
    hers, his = (call.public.get(page_of(call, who)).text for who in (ADA, PETER))
    for page in (hers, his):
        for part in ("meet.example/42", "calendar.google.com", "outlook.office.com", ".ics file", "Chicago"):
            assert part in page
        assert "@" not in page.replace("@media", "")
    assert "Peter Gibbons" in hers
    assert "What Peter wants to ask" in hers
    assert "Ada Lindqvist" in his
    assert ("wants to ask" in his, "What you want to ask" in his) == (False, True)
    assert "they’d like to know" not in heard(call, PETER)
    assert "they’d like to know" in heard(call, ADA)


def test_no_calendar_before_a_yes(call: Call) -> None:
    page = call.public.get(paths(call.box.last(PETER), "/s/")[0]).text
    assert not [part for part in ("calendar.google", "outlook.office", ".ics", "/calendar/") if part in page]
    assert not [one for one in call.box.all() if one.calendar]


def test_a_calendar_file_says_its_method_and_that_its_reader_comes(call: Call) -> None:
    call.agreed()
    answer = call.public.get(paths(call.box.last(ADA), "/calendar/")[0])
    assert "method=REQUEST" in answer.headers["Content-Type"]
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    attendee, sender = event["ATTENDEE"], call.box.last(ADA).sender
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")
    assert str(event["ORGANIZER"]).removeprefix("mailto:") in sender


def test_a_prospect_who_needs_no_call_any_more_frees_the_times(call: Call) -> None:
    page = paths(call.box.last(PETER), "/s/")[0]
    assert leads_to(call.public.get(page).text, f"{page}/cancellation")
    response = call.public.post(f"{page}/cancellation", {"note": ""})
    assert CANCELED in call.public.follow(response).text
    call.jobs()
    assert (call.state, call.ask.state) == (RequestState.MATCHING, AskState.NOT_HELD)
    assert call.box.last(ADA).subject.startswith("Canceled")
    assert (call.box.last(ADA).calendar, call.box.last(PETER).calendar) == ("", "")


def test_the_coming_up_page_moves_and_calls_off(call: Call) -> None:
    call.agreed()
    as_ada = ada_signed_in(call)
    page = as_ada.get("/my/coming-up").text
    assert re.search(r'href="/call/[^"]+/another-time"', page)
    assert "calendar.google.com" in page
    (cancellation,) = set(re.findall(r'href="(/call/[^"]+/cancellation)"', page))
    call.public.post(cancellation, {"note": ""})
    assert cancellation not in as_ada.get("/my/coming-up").text


def ada_signed_in(call: Call) -> Client:
    client = call.world.signed_in_advocate(email="spare@wabtec.example", email_norm="spare@wabtec.example")
    with call.world.session() as session:
        spare, ada = session.merge(client.advocate), session.merge(call.ada)
        member, spare.membership_id = spare.membership_id, None
        session.flush()
        ada.membership_id = member
    return client


def test_new_times_may_not_be_the_old_one(call: Call) -> None:
    call.agreed()
    path = f"{page_of(call, ADA)}/another-time"
    free = times_on(call, path)
    assert call.times[0] not in free
    refused = call.public.post(path, {"slot": [call.times[0], *free[:2]]})
    assert (refused.status_code, "too close to your call with Initech" in refused.text) == (422, True)
    assert present(call.meeting.busy_until) - timedelta(minutes=35) == call.meeting.starts_at
