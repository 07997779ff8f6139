"""Times offered, picked, moved and cancelled; and what the two sides say afterwards."""

import re
from datetime import timedelta

from icalendar import Calendar

from portal.advocates import actions as people
from portal.advocates import queries as people_of
from portal.asks import actions as asks
from portal.asks.models import AskState
from portal.references.models import Meeting, MeetingState, RequestState
from tests.fixture_types import Travel
from tests.mailbox import paths
from tests.references.calls import ADA, Call
from tests.references.steps import PETER, moment, picks, says_after, signs_in_again, until


def test_a_time_is_picked_once(call: Call) -> None:
    page = picks(call.public, call.box, call.times[0])
    again = call.public.post(page, {"slot": call.times[1], "name": "Peter Gibbons", "zone": "UTC"})
    assert again.status_code == 409
    assert call.meeting.starts_at is not None
    assert call.meeting.starts_at.isoformat() == call.times[0]


def test_a_time_nobody_offered_is_refused(call: Call) -> None:
    page = paths(call.box.last(PETER), "/s/")[0]
    for slot in ("2030-01-01T10:00:00+00:00", "0001-01-01T00:00:00+14:00", "tomorrow", ""):
        answer = call.public.post(page, {"slot": slot, "name": "Peter Gibbons", "zone": "UTC"})
        assert answer.status_code in {409, 422}
    assert call.meeting.state is MeetingState.OFFERED


def test_cancelling_clears_both_calendars_and_looks_for_somebody_else(call: Call) -> None:
    call.agreed()
    call.manager.post(f"/requests/{call.request.id}/asks/{call.ask.id}/withdrawal", {"reason": "Ada is ill"})
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.MATCHING, MeetingState.CANCELLED)
    for who in (ADA, PETER):
        (email,) = [one for one in call.box.to(who) if one.subject.startswith("Canceled")]
        calendar = Calendar.from_ical(email.calendar)
        (event,) = calendar.walk("VEVENT")
        assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == (
            "CANCEL",
            1,
            f"{call.meeting.id}@goodword",
        )


def test_a_time_that_is_off_before_its_email_left_is_not_announced_any_more(call: Call) -> None:
    picks(call.public, call.box, call.times[0])
    call.manager.post(f"/requests/{call.request.id}/asks/{call.ask.id}/withdrawal", {"reason": "Ada is ill"})
    call.jobs()
    for who in (ADA, PETER):
        subjects = [one.subject for one in call.box.to(who)]
        assert [words for words in subjects if words.startswith("Confirmed")] == []
        assert [words for words in subjects if words.startswith("Canceled")]


def test_where_they_talk_reaches_both_calendars(call: Call) -> None:
    call.agreed()
    path = f"/requests/{call.request.id}/meetings/{call.meeting.id}/place"
    call.rep.follow(call.rep.post(path, {"dial_in": "https://meet.example/42"}))
    call.jobs()
    for who in (ADA, PETER):
        (event,) = Calendar.from_ical(call.box.last(who).calendar).walk("VEVENT")
        assert (event["SEQUENCE"], event["LOCATION"]) == (1, "https://meet.example/42")


def test_when_no_time_fits_the_advocate_is_asked_for_others(call: Call) -> None:
    first = paths(call.box.last(PETER), "/s/")[0]
    call.public.follow(call.public.post(f"{first}/none", {"note": "Only the week after"}))
    call.jobs()
    other = paths(call.box.last(ADA), "/times/")[0]
    page = call.public.get(other).text
    assert "Could you offer Initech other times?" in page
    assert call.public.post(other, {"slot": call.times}).status_code == 303
    call.jobs()
    assert call.public.get(first).status_code == 410
    assert paths(call.box.last(PETER), "/s/")[0] != first
    call.agreed()
    assert call.state is RequestState.SCHEDULED


def test_who_cannot_any_more_says_so_and_is_left_alone(call: Call) -> None:
    call.public.post(f"{paths(call.box.last(PETER), '/s/')[0]}/none", {"note": ""})
    call.jobs()
    other = paths(call.box.last(ADA), "/times/")[0]
    assert call.public.post(f"{other}/cancellation").status_code == 303
    assert (call.state, call.ask.state) == (RequestState.MATCHING, AskState.NOT_HELD)
    assert call.public.post(f"{other}/cancellation").status_code == 409


def test_both_say_it_did_not_take_place(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    for who in (ADA, PETER):
        says_after(call.public, call.box, who, "not_held")
    assert (call.state, call.meeting.state, call.ask.state) == (
        RequestState.MATCHING,
        MeetingState.NOT_HELD,
        AskState.NOT_HELD,
    )


def test_a_call_that_moved_wants_new_times(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    for who in (ADA, PETER):
        says_after(call.public, call.box, who, "moved")
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.ASKED, MeetingState.MOVED)
    assert paths(call.box.last(ADA), "/times/")


def test_a_call_that_moved_and_has_new_times_can_still_be_taken_back(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    for who in (ADA, PETER):
        says_after(call.public, call.box, who, "moved")
    call.jobs()
    other = paths(call.box.last(ADA), "/times/")[0]
    times = re.findall(r'name="slot" value="([^"]+)"', call.public.get(other).text)[-3:]
    assert call.public.post(other, {"slot": times}).status_code == 303
    calendar = next(found[0] for one in call.box.to(PETER) if (found := paths(one, "/calendar/")))
    signs_in_again(call.rep)
    samir = {"name": "Samir", "email": "samir@initech.example", "time_zone": "America/Chicago"}
    call.rep.follow(call.rep.post(f"/requests/{call.request.id}/contact", samir))
    assert call.public.get(calendar).status_code == 410
    call.rep.follow(
        call.rep.post(f"/requests/{call.request.id}/withdrawal", {"reason": "They bought elsewhere"})
    )
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.WITHDRAWN, MeetingState.CANCELLED)
    assert call.box.last(samir["email"]).subject.startswith("Canceled")


def test_a_link_that_was_replaced_never_leads_to_the_one_that_works(call: Call) -> None:
    old = paths(call.box.last(PETER), "/s/")[0]
    call.public.post(f"{old}/none", {"note": ""})
    for path in (old, f"{old}/times", f"{old}/times?zone=Asia/Tokyo"):
        answer = call.public.get(path)
        assert (answer.status_code, "Location" in answer.headers) == (410, False)


def test_one_answer_decides_when_the_other_side_stays_silent(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    says_after(call.public, call.box, ADA, "held")
    travel(days=2)
    call.jobs()
    assert call.state is RequestState.SCHEDULED
    travel(days=14)
    call.jobs()
    assert (call.state, call.ask.state) == (RequestState.DELIVERED, AskState.COMPLETED)


def test_a_call_that_cannot_be_reminded_of_holds_up_no_other(call: Call, travel: Travel) -> None:
    call.agreed()
    bo, earlier = call.world.advocate(), moment(call.times[0]) - timedelta(hours=1)
    with call.world.session() as session:
        other = asks.propose(session, call.ask.kind, bo, call.request, call.ask.due_on)
        given = {"request_id": call.request.id, "state": MeetingState.SCHEDULED, "minutes": 20}
        given |= {"advocate_id": bo.id, "starts_at": earlier}
        session.add(Meeting(ask_id=other.id, **given))  # without its two sides
    travel(seconds=until(call.times[0], hours=22))
    call.jobs()
    assert call.box.last(PETER).subject.startswith("Tomorrow")


def test_a_manager_settles_what_the_two_sides_tell_differently(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    says_after(call.public, call.box, ADA, "held")
    says_after(call.public, call.box, PETER, "not_held")
    undecided = call.state
    assert undecided is RequestState.SCHEDULED
    signs_in_again(call.manager)
    assert "The two sides disagree" in call.manager.get(f"/requests/{call.request.id}").text
    path = f"/requests/{call.request.id}/meetings/{call.meeting.id}/record"
    call.manager.follow(call.manager.post(path, {"outcome": "held"}))
    assert call.state is RequestState.DELIVERED
    assert call.manager.post(path, {"outcome": "not_held"}).status_code == 409


def test_nobody_is_asked_about_a_call_before_it_was(call: Call) -> None:
    call.agreed()
    assert not [one for one in call.box.to(ADA) if "/after/" in one.text]
    path = f"/requests/{call.request.id}/meetings/{call.meeting.id}/record"
    assert call.manager.post(path, {"outcome": "held"}).status_code == 400


def test_the_calendar_button_gives_each_side_its_own_file(call: Call) -> None:
    call.agreed()
    for who in (ADA, PETER):
        link = paths(call.box.last(who), "/calendar/")[0]
        answer = call.public.get(link)
        assert answer.mimetype == "text/calendar"
        assert who.encode() in answer.data.replace(b"\r\n ", b"")
        assert ({ADA, PETER} - {who}).pop().encode() not in answer.data.replace(b"\r\n ", b"")


def test_the_prospect_sees_the_times_where_they_are(call: Call) -> None:
    page = paths(call.box.last(PETER), "/s/")[0]
    assert "Your time zone: Tokyo, JST." in call.public.get(f"{page}?zone=Asia/Tokyo").text
    part = call.public.get(f"{page}/times?zone=Asia/Tokyo", headers={"HX-Request": "true"}).text
    assert "Your time zone: Tokyo, JST." in part
    assert "<html" not in part
    assert "Your time zone: Chicago" in call.public.get(f"{page}?zone=Mars/Base").text


def test_who_leaves_the_program_is_out_of_every_calendar(call: Call) -> None:
    call.agreed()
    with call.world.session() as session:
        people.depart(session, people_of.get(session, call.ada.id))
    call.jobs()
    assert (call.state, call.meeting.state) == (RequestState.MATCHING, MeetingState.CANCELLED)
    assert [one for one in call.box.to(PETER) if one.subject.startswith("Canceled")]
    assert "didn’t happen" in call.box.last(call.rep.member.email).subject


def test_times_that_went_by_can_be_asked_for_again(call: Call, travel: Travel) -> None:
    travel(days=60)
    page = paths(call.box.last(PETER), "/s/")[0]
    assert "These times have passed" in call.public.get(page).text
    assert call.public.post(f"{page}/none", {"note": "Mornings"}).status_code == 303


def test_a_call_agreed_for_tomorrow_needs_no_second_email(call: Call, travel: Travel) -> None:
    travel(seconds=until(call.times[0], hours=20))
    call.agreed()
    call.jobs()
    assert not [one for one in call.box.to(ADA) if one.subject.startswith("Tomorrow")]
