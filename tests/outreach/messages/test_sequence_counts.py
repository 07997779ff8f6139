"""What a sequence's emails came to: every number is the length of the list it opens."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.outreach.emails import OWN_EMAIL
from portal.outreach.messages.queries import EmailCounts, EmailOutcome, counts_of_sequence
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.sequences.models import EmailSequence, SequenceState, SequenceStep
from tenants.clock import utc_now
from tests.client import Client
from tests.outreach.messages.stored_emails import email
from tests.rules.query_counter import statements
from tests.world import World

ROW = re.compile(r'href="/[\w-]+/emails/([0-9a-f-]{36})"')
NUMBER = re.compile(r'href="([^"]+/emails\?view=all&[^"]+)">(\d+)')
LIVES: dict[str, dict[str, Any]] = {
    "waits": {},
    "delivery unknown": {"state": EmailState.UNKNOWN},
    "held": {"state": EmailState.HELD, "hold_reason": HoldReason.FREQUENCY_CAP},
    "may have arrived": {"state": EmailState.HELD, "hold_reason": HoldReason.DELIVERY_UNKNOWN},
    "sent": {"state": EmailState.ACCEPTED},
    "read": {"state": EmailState.DELIVERED, "opens": 2, "clicks": 1},
    "scanned": {"state": EmailState.DELIVERED, "machine_opens": 1, "machine_clicks": 9},
    "scanned and read": {"state": EmailState.DELIVERED, "machine_clicks": 9, "opens": 1},
    "came back": {"state": EmailState.BOUNCED},
    "spam": {"state": EmailState.COMPLAINED, "opens": 1},
    "failed": {"state": EmailState.FAILED},
    "given up": {"state": EmailState.FAILED, "given_up_at": utc_now()},
}


@pytest.fixture
def spring(acme: World) -> EmailSequence:
    """A sequence of two steps with an email of every life in each, the second step twice as often."""
    with acme.session() as session:
        sequence = EmailSequence(program="own", name="Spring news", state=SequenceState.RUNNING)
        session.add(sequence)
        session.flush()
        for number in (1, 2):
            session.add(
                SequenceStep(sequence_id=sequence.id, number=number, minutes=number * 60, kind=OWN_EMAIL.name)
            )
    for step in (1, 2, 2):
        for facts in LIVES.values():
            email(acme, OWN_EMAIL, sequence_id=sequence.id, sequence_step=step, **facts)
    email(acme, OWN_EMAIL, state=EmailState.DELIVERED, opens=1)
    return sequence


def counted(world: World, sequence_id: UUID) -> dict[int | None, EmailCounts]:
    with world.session() as session, statements() as sent:
        found = counts_of_sequence(session, sequence_id)
    assert len(sent) == 1, sent
    steps: dict[int | None, EmailCounts] = {None: found.total}
    return steps | dict(found.steps)


def rows_behind(client: Client, sequence_id: UUID, step: int | None, fate: EmailOutcome | None) -> int:
    asked = f"/emails?view=all&sequence={sequence_id}"
    asked += f"&step={step}" if step is not None else ""
    asked += f"&state={fate.value}" if fate else ""
    return sum(len(set(ROW.findall(page))) for page in pages(client, asked))


def pages(client: Client, address: str) -> Iterator[str]:
    page = client.get(address).text
    yield page
    while 'rel="next" href="' in page:
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        page = client.get(address, outside=True).text
        yield page


def test_every_number_is_the_length_of_the_list_it_opens(
    acme: World, spring: EmailSequence, as_manager: Client
) -> None:
    for step, counts in counted(acme, spring.id).items():
        assert rows_behind(as_manager, spring.id, step, None) == counts.written
        for fate, number in counts.by_outcome.items():
            assert rows_behind(as_manager, spring.id, step, fate) == number, (step, fate)


def test_the_page_of_a_sequence_says_these_numbers_and_opens_them(
    acme: World, spring: EmailSequence, as_manager: Client
) -> None:
    page = as_manager.get(f"/emails/sequences/{spring.id}").text
    shown = NUMBER.findall(page.replace("&amp;", "&"))
    expected = counted(acme, spring.id)
    assert len(shown) >= sum(1 + sum(map(bool, counts.by_outcome.values())) for counts in expected.values())
    for address, number in shown:
        asked = parse_qs(urlsplit(address).query)
        counts = expected[int(asked["step"][0]) if "step" in asked else None]
        fate = asked.get("state")
        assert int(number) == (counts.by_outcome[EmailOutcome(fate[0])] if fate else counts.written), address


def test_nothing_is_counted_that_did_not_happen_and_machines_are_not_people(
    acme: World, spring: EmailSequence
) -> None:
    first = counted(acme, spring.id)[1]
    assert first.written == len(LIVES)
    assert first.by_outcome == {
        EmailOutcome.WAITING: 2,
        EmailOutcome.DELIVERY_UNKNOWN: 2,
        EmailOutcome.ON_HOLD: 2,
        EmailOutcome.ACCEPTED: 6,
        EmailOutcome.DELIVERED: 4,
        EmailOutcome.BOUNCED: 1,
        EmailOutcome.COMPLAINED: 1,
        EmailOutcome.FAILED: 2,
        EmailOutcome.GIVEN_UP: 1,
        EmailOutcome.OPENED: 3,
        EmailOutcome.CLICKED: 1,
        EmailOutcome.OPENED_BY_BOT: 2,
    }
    parts = (EmailOutcome.WAITING, EmailOutcome.ON_HOLD, EmailOutcome.ACCEPTED, EmailOutcome.FAILED)
    assert sum(first.by_outcome[part] for part in parts) == first.written, (
        "these four are all emails, once each"
    )


def test_the_steps_add_up_to_the_whole(acme: World, spring: EmailSequence) -> None:
    total, *steps = counted(acme, spring.id).values()
    assert total.written == sum(step.written for step in steps) == 3 * len(LIVES)
    assert dict(total.by_outcome) == {
        fate: sum(step.by_outcome[fate] for step in steps) for fate in EmailOutcome
    }


def test_a_sequence_that_wrote_nothing_counts_nothing(
    acme: World, globex: World, spring: EmailSequence
) -> None:
    assert counted(globex, spring.id) == {None: EmailCounts(0, dict.fromkeys(EmailOutcome, 0))}


def test_the_list_says_which_sequence_it_shows(
    acme: World, spring: EmailSequence, as_manager: Client
) -> None:
    page = as_manager.get(f"/emails?view=all&sequence={spring.id}&step=2").text
    assert "Sequence: Spring news" in page
    assert "Email number: 2" in page


def test_an_email_names_its_sequence(acme: World, spring: EmailSequence, as_manager: Client) -> None:
    with acme.session() as session:
        one = session.scalars(select(Email).where(Email.sequence_step == 2)).all()[0]
    assert "Spring news, step 2" in as_manager.get(f"/emails/{one.id}").text
