"""A customer joins, a rep asks, a reference is delivered: on the stack of `make demo`, with its workers.

Two workers are killed in the middle of it, and nothing is lost or done twice.
"""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.e2e import clock
from tests.e2e.day import Day
from tests.e2e.files import Files
from tests.e2e.people import Crowd
from tests.e2e.stack import Demo
from tests.e2e.story import Story
from tests.waiting import eventually

EMAILS = {
    "member_invitation": 3,
    "join_confirmation": 1,
    "enroll_invitation": 27,
    "welcome": 2,
    "request_submitted": 1,
    "request_update": 6,
    "ask": 2,
    "ask_receipt": 2,
    "slots_for_prospect": 1,
    "meeting_confirmed": 2,
    "after_call_question": 2,
    "thanks_outcome": 1,
}
WRITTEN = "SELECT kind, state FROM emails JOIN tenants ON tenants.id = tenant_id WHERE slug = %s"
ARRIVED = "SELECT recipient_norm, subject FROM mailbox JOIN tenants ON tenants.id = tenant_id WHERE slug = %s"
ASLEEP = """SELECT min(due_at) FROM emails JOIN tenants ON tenants.id = tenant_id
    WHERE slug = %s AND emails.state = 'held' AND hold_reason = 'quiet_hours'"""
TIME_ZONES = 24

pytestmark = pytest.mark.browser


def test_a_customer_joins_a_rep_asks_a_reference_is_delivered_though_workers_are_killed(
    demo: Demo, everybody: Crowd, given: Files
) -> None:
    day = Day(demo)
    story = Story(day, everybody, given)
    story.play()
    it_is_morning_everywhere(story)
    every_email_arrived_once(day)


def it_is_morning_everywhere(story: Story) -> None:
    """Some of the 25 who were invited may live where five in Berlin is night: theirs wait for their own morning."""

    def left(morning: datetime) -> bool:
        return story.day.demo.rows(ASLEEP, story.day.slug) != [(morning,)]

    for _ in range(TIME_ZONES):
        ((morning,),) = story.day.demo.rows(ASLEEP, story.day.slug)
        if morning is None:
            return
        clock.jumps_to(story.ines, morning + timedelta(minutes=1))
        eventually(partial(left, morning), f"email of the morning of {morning}")


def every_email_arrived_once(day: Day) -> None:
    def written() -> Counter[tuple[str, str]]:
        return Counter(day.demo.rows(WRITTEN, day.slug))

    expected = Counter({(kind, "accepted"): count for kind, count in EMAILS.items()})
    eventually(lambda: written() == expected, f"end of the emails: {written()}")
    arrived = Counter(day.demo.rows(ARRIVED, day.slug))
    assert arrived.total() == expected.total()
    assert {subject.partition(" for ")[0] for (_, subject), times in arrived.items() if times > 1} == {
        "A customer has been asked"
    }
