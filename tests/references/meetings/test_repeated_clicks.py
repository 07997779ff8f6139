"""Whoever holds a link of a call may press as often as they like: each state makes one email per side at most."""

import re

import pytest

from portal import links
from portal.references.link_purposes import CallLinkPurpose
from portal.references.models import MeetingState
from tests.mailbox import paths
from tests.references.calls import ADA, Call
from tests.references.steps import PETER

OWN_PAGE = re.compile(r"/(?:s|call)/[^/?]+")
TIMES = 5


def presses(call: Call, page: str, act: str, **also: str) -> tuple[int, int, int]:
    """Five times, each time where the last answer leads, with words of its own: emails to Ada, to Peter and the rep."""
    before = counted(call)
    for number in range(TIMES):
        words = {"note": f"Words {number}", "word": f"Words {number}"}
        answer = call.public.post(f"{page}/{act}", words | also)
        assert answer.status_code < 500
        if found := OWN_PAGE.search(answer.headers.get("Location", "")):
            page = found[0]
        if number in {0, TIMES - 1}:
            call.jobs()
    ada, peter, rep = (now - then for now, then in zip(counted(call), before, strict=True))
    return ada, peter, rep


def counted(call: Call) -> list[int]:
    return [len(call.box.to(email)) for email in (ADA, PETER, call.rep.member.email)]


def page_of(call: Call, who: str) -> str:
    kind = "/call/" if who == ADA else "/s/"
    return next(found[0] for one in reversed(call.box.to(who)) if (found := paths(one, kind)))


def test_none_of_the_times_fits_and_the_advocate_is_asked_once(call: Call) -> None:
    assert presses(call, page_of(call, PETER), "none") == (1, 0, 1)
    assert call.meeting.link_version == 2
    assert "> Words 0" in call.box.last(ADA).text
    other = paths(call.box.last(ADA), "/times/")[0]
    assert call.public.post(other, {"slot": call.times}).status_code == 303, "the link Ada got still works"
    call.jobs()
    assert presses(call, page_of(call, PETER), "none") == (1, 0, 1), "of other times"


def test_a_call_that_was_moved_is_waited_for_whichever_button_is_pressed(call: Call) -> None:
    call.agreed()
    assert presses(call, page_of(call, PETER), "another-time") == (1, 1, 1)
    newest = links.token(
        CallLinkPurpose.SLOT, call.world.tenant_id, call.meeting.id, call.meeting.link_version
    )
    assert "Other times are on their way" in call.public.get(f"/s/{newest}").text
    assert presses(call, f"/s/{newest}", "none") == (0, 0, 0)
    assert call.meeting.state is MeetingState.MOVED


@pytest.mark.parametrize(
    ("who", "act", "told"),
    [
        (ADA, "another-time", (1, 1, 1)),
        (ADA, "cancellation", (1, 1, 1)),
        (PETER, "cancellation", (1, 1, 1)),
        (PETER, "new-link", (0, 1, 0)),
    ],
)
def test_every_other_button_of_a_call_writes_once(
    call: Call, who: str, act: str, told: tuple[int, int, int]
) -> None:
    call.agreed()
    assert presses(call, page_of(call, who), act, later="y") == told
