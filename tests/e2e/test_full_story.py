"""A customer joins, a rep asks, a reference is delivered: on the stack of `make demo`, with its workers.

Once with nothing in the way, and once with two workers killed in the middle: it must end the same.
"""

from collections import Counter

import pytest

from tests.e2e.files import Files
from tests.e2e.people import Crowd
from tests.e2e.scenarios import BadDay, GoodDay
from tests.e2e.stack import Demo, until
from tests.e2e.story import Story

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

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", [GoodDay, BadDay], ids=["on a good day", "on a bad day"])
def test_a_customer_joins_a_rep_asks_a_reference_is_delivered(
    kind: type[GoodDay], demo: Demo, everybody: Crowd, given: Files
) -> None:
    day = kind(demo)
    Story(day, everybody, given).play()
    every_email_arrived_once(day)


def every_email_arrived_once(day: GoodDay) -> None:
    def written() -> Counter[tuple[str, str]]:
        return Counter(day.demo.rows(WRITTEN, day.slug))

    expected = Counter({(kind, "accepted"): count for kind, count in EMAILS.items()})
    until(lambda: written() == expected, f"end of the emails: {written()}")
    arrived = Counter(day.demo.rows(ARRIVED, day.slug))
    assert arrived.total() == expected.total()
    assert {subject.partition(" for ")[0] for (_, subject), times in arrived.items() if times > 1} == {
        "A customer has been asked"
    }
