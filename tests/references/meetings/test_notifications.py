"""Who hears what about a call: nobody is left waiting, nobody reads the same twice."""

import re

from portal.references.models import MeetingState, RequestState
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.references.calls import ADA, Call
from tests.references.steps import PETER, asked, filed, picks, says_after, says_yes, signs_in_again, until
from tests.world import World


def wants_other_times(call: Call) -> tuple[str, list[str]]:
    """Peter can do none of them; returns Ada's page and the times it shows."""
    call.public.post(f"{paths(call.box.last(PETER), '/s/')[0]}/none", {"note": ""})
    call.jobs()
    page = paths(call.box.last(ADA), "/times/")[0]
    return page, re.findall(r'name="slot" value="([^"]+)"', call.public.get(page).text)


def test_the_rep_hears_of_every_yes_and_every_call(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    request = filed(acme, as_rep, references_needed="2")
    for name in ("Ada", "Carlos"):
        person = acme.advocate(first_name=name)
        asked(as_manager, request, person)
        run_jobs()
        time = says_yes(client, mailbox, person)[0]
        run_jobs()
        page = paths(mailbox.last(PETER), "/s/")[0]
        client.post(page, {"slot": time, "name": "Peter Gibbons", "zone": "UTC"})
        run_jobs()
    subjects = [email.subject for email in mailbox.to(as_rep.member.email)]
    assert len([one for one in subjects if "agreed to speak" in one]) == 2
    assert len([one for one in subjects if "call on" in one]) == 2


def test_who_found_no_time_hears_that_there_will_be_none(call: Call) -> None:
    page, _times = wants_other_times(call)
    assert call.public.post(f"{page}/cancellation").status_code == 303
    call.jobs()
    email = call.box.last(PETER)
    assert (email.subject[:9], email.calendar) == ("Canceled:", "")
    assert "no longer need to pick a time" in email.text


def test_times_offered_stand_whatever_an_old_page_sends(call: Call) -> None:
    page, times = wants_other_times(call)
    assert call.public.post(page, {"slot": times[-3:]}).status_code == 303
    late = call.public.post(page, {"slot": times[:3]})
    assert late.status_code == 409
    assert "Times have already been offered" in late.text
    call.jobs()
    shown = call.public.get(paths(call.box.last(PETER), "/s/")[0]).text
    assert all(time in shown for time in times[-3:])


def test_a_call_that_lies_ahead_is_not_handed_over(call: Call) -> None:
    call.agreed()
    path = f"/requests/{call.request.id}/asks/{call.ask.id}/delivery"
    assert call.manager.post(path, {"note": "Done"}).status_code == 409
    assert (call.state, call.meeting.state) == (RequestState.SCHEDULED, MeetingState.SCHEDULED)


def reminders(call: Call) -> list[str]:
    return [one.subject for one in call.box.to(ADA) if one.subject.startswith("Tomorrow")]


def test_a_new_place_brings_no_second_reminder(call: Call, travel: Travel) -> None:
    call.agreed()
    travel(seconds=until(call.times[0], hours=22))
    call.jobs()
    signs_in_again(call.rep)
    path = f"/requests/{call.request.id}/meetings/{call.meeting.id}/place"
    call.rep.follow(call.rep.post(path, {"dial_in": "https://meet.example/42"}))
    call.jobs()
    call.jobs()
    assert len(reminders(call)) == 1


def test_a_call_moved_to_tomorrow_needs_no_reminder_either(call: Call, travel: Travel) -> None:
    call.agreed()
    call.manager.post(f"/requests/{call.request.id}/meetings/{call.meeting.id}/record", {"outcome": "moved"})
    call.jobs()
    page = paths(call.box.last(ADA), "/times/")[0]
    times = re.findall(r'name="slot" value="([^"]+)"', call.public.get(page).text)[-3:]
    call.public.post(page, {"slot": times})
    call.jobs()
    travel(seconds=until(times[0], hours=20))
    picks(call.public, call.box, times[0])
    call.jobs()
    call.jobs()
    assert (call.meeting.state, reminders(call)) == (MeetingState.SCHEDULED, [])


def asked_how_it_went(call: Call, staff: Client) -> list[str]:
    emails = call.box.to(staff.member.email)
    return [one.text for one in emails if one.subject == "How did the call with Initech go?"]


def test_the_desk_and_the_rep_hear_that_the_two_sides_disagree(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    says_after(call.public, call.box, ADA, "held")
    says_after(call.public, call.box, PETER, "not_held")
    call.jobs()
    for staff in (call.rep, call.manager):
        (text,) = asked_how_it_went(call, staff)
        assert "told us different things" in " ".join(text.split())


def test_what_both_sides_wrote_stands_on_the_request_for_the_desk_alone(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    says_after(call.public, call.box, ADA, "held")
    says_after(call.public, call.box, PETER, "not_held")
    path = f"/requests/{call.request.id}"
    signs_in_again(call.manager, call.rep)
    page, for_rep = call.manager.get(path).text, call.rep.get(path).text
    for words in ("It took place.", "It didn’t take place.", "“Candid”"):
        assert (words in page, words in for_rep) == (True, False)
    home = call.manager.get("/").text
    assert "How did the call between Ada" in home
    assert "Record how it went" in home


def test_a_call_of_which_nobody_speaks_goes_to_the_desk_once(call: Call, travel: Travel) -> None:
    call.agreed().is_over(travel)
    call.jobs()
    assert not asked_how_it_went(call, call.manager)
    travel(days=14)
    call.jobs()
    call.jobs()
    for staff in (call.rep, call.manager):
        assert len(asked_how_it_went(call, staff)) == 1
    assert call.state is RequestState.SCHEDULED


def test_a_link_to_a_call_that_arrived_in_pieces_is_sent_again(call: Call) -> None:
    call.agreed()
    whole = paths(call.box.last(ADA), "/call/")[0]
    broken = call.public.get(whole[:-4])
    assert broken.status_code == 410
    again = re.findall(r'action="(/new-link/[^"]+)"', broken.text)[0]
    assert call.public.post(again).status_code == 200
    call.jobs()
    assert paths(call.box.last(ADA), "/call/") == [whole]
