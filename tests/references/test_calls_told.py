"""Who hears what about a call: nobody is left waiting, nobody reads the same twice."""

import re
from collections.abc import Callable

from portal.references.models import MeetingState, State
from tests.client import Client
from tests.mail import Mailbox, paths
from tests.references.calls import ADA, Call
from tests.references.filing import PETER, asked, filed, says_yes
from tests.world import World

Jobs, Travel = Callable[[], None], Callable[..., None]


def wants_other_times(call: Call) -> tuple[str, list[str]]:
    """Peter can do none of them; returns Ada's page and the times it shows."""
    call.public.post(f"{paths(call.box.last(PETER), '/s/')[0]}/none", {"note": ""})
    call.jobs()
    page = paths(call.box.last(ADA), "/times/")[0]
    return page, re.findall(r'name="slot" value="([^"]+)"', call.public.get(page).text)


def test_the_rep_hears_of_every_yes_and_every_call(
    acme: World, as_rep: Client, as_manager: Client, stranger: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    wanted = filed(acme, as_rep, wanted="2")
    for name in ("Ada", "Carlos"):
        person = acme.advocate(first_name=name)
        asked(as_manager, wanted, person)
        run_jobs()
        time = says_yes(stranger, mailbox, person)[0]
        run_jobs()
        page = paths(mailbox.last(PETER), "/s/")[0]
        stranger.post(page, {"slot": time, "name": "Peter Gibbons", "zone": "UTC"})
        run_jobs()
    subjects = [letter.subject for letter in mailbox.to(as_rep.member.email)]
    assert len([one for one in subjects if "said yes" in one]) == 2
    assert len([one for one in subjects if "set for" in one]) == 2


def test_who_found_no_time_hears_that_there_will_be_none(call: Call) -> None:
    page, _times = wants_other_times(call)
    assert call.public.post(f"{page}/no").status_code == 303
    call.jobs()
    letter = call.box.last(PETER)
    assert (letter.subject[:10], letter.calendar) == ("Cancelled:", "")
    assert "no time to pick any more" in letter.text


def test_times_offered_stand_whatever_an_old_page_sends(call: Call) -> None:
    page, times = wants_other_times(call)
    assert call.public.post(page, {"slot": times[-3:]}).status_code == 303
    late = call.public.post(page, {"slot": times[:3]})
    assert late.status_code == 409
    assert "Times are offered already" in late.text
    call.jobs()
    shown = call.public.get(paths(call.box.last(PETER), "/s/")[0]).text
    assert all(time in shown for time in times[-3:])


def test_a_call_that_lies_ahead_is_not_handed_over(call: Call) -> None:
    call.agreed()
    path = f"/requests/{call.wanted.id}/asks/{call.ask.id}/delivery"
    assert call.manager.post(path, {"note": "Done"}).status_code == 409
    assert (call.state, call.meeting.state) == (State.SCHEDULED, MeetingState.SCHEDULED)
