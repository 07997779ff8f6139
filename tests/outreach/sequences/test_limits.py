"""A sequence that stops after so many emails: those that left count, and those that still may."""

from datetime import timedelta
from typing import Any

import pytest

from jobs import sequences
from portal.advocates.models import Advocate
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.sequences.models import EmailSequence, SequenceState
from portal.outreach.sequences.timing import DAY
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from tenants.clock import utc_now
from tests.fixture_types import Jobs, Travel
from tests.outreach.sequences.factory import emails
from tests.outreach.sequences.test_dry_run import own, started, tried_dry
from tests.world import World


def four_of_whom_two_want_nothing(world: World) -> list[Advocate]:
    people = [world.advocate() for _ in range(4)]
    with world.session() as session:
        for one in people[:2]:
            suppress(session, one.email, SuppressionReason.UNSUBSCRIBED, purpose="news")
    return people


def sent(world: World, sequence: EmailSequence) -> set[str]:
    return {one.recipient for one in emails(world, sequence) if one.sent_at}


def stands(world: World, email: Email, **facts: Any) -> None:
    """What became of an email, said by hand."""
    with world.session() as session:
        now = session.get_one(Email, (email.tenant_id, email.id))
        for name, value in facts.items():
            setattr(now, name, value)


def test_emails_that_never_left_leave_their_places_to_others(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    people = four_of_whom_two_want_nothing(acme)
    sequence = own(acme, max_emails=2)
    said = {line.recipient.address for line in tried_dry(acme, sequence).lines if line.result.leaves_at}
    started(acme, sequence)
    run_jobs()
    travel(minutes=11)
    run_jobs()
    assert sent(acme, sequence) == said == {one.email for one in people[2:]}
    travel(minutes=11)
    run_jobs()
    assert acme.reload(sequence).state is SequenceState.FINISHED


FAILED = {"state": EmailState.FAILED, "due_at": None}
HELD = {"state": EmailState.HELD}
DOUBT = {"outcome_unknown": True}


@pytest.mark.parametrize(
    ("became", "get_one"),
    [
        (FAILED, 2),
        (FAILED | DOUBT, 1),
        (HELD | {"hold_reason": HoldReason.OBSOLETE, "due_at": None}, 2),
        (HELD | {"hold_reason": HoldReason.DELIVERY_UNKNOWN, "due_at": None} | DOUBT, 1),
        (HELD | {"hold_reason": HoldReason.PAUSED, "due_at": None}, 1),
        (HELD | {"hold_reason": HoldReason.FREQUENCY_CAP, "due_at": utc_now() + timedelta(days=900)}, 1),
    ],
)
def test_an_email_counts_while_it_may_arrive(
    acme: World, run_jobs: Jobs, travel: Travel, became: dict[str, Any], get_one: int
) -> None:
    for _ in range(3):
        acme.advocate()
    sequence = own(acme, max_emails=2)
    started(acme, sequence)
    sequences.run_due()
    stands(acme, emails(acme, sequence)[0], **became)
    for _ in range(3):
        run_jobs()
        travel(minutes=11)
    assert len(sent(acme, sequence)) == get_one


def test_whoever_finds_no_room_is_asked_about_again_and_not_all_the_time(acme: World, travel: Travel) -> None:
    for _ in range(3):
        acme.advocate()
    sequence = own(acme, max_emails=2)
    started(acme, sequence)
    assert sequences.run_some(acme.tenant_id) == 3
    assert sequences.run_some(acme.tenant_id) == 0
    travel(minutes=11)
    assert sequences.run_some(acme.tenant_id) == 1
    assert len(emails(acme, sequence)) == 2


def test_a_sequence_ends_once_its_last_email_has_left_though_more_were_planned(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    acme.advocate()
    sequence = own(acme, 0, 7 * DAY, max_emails=1)
    started(acme, sequence)
    for _ in range(2):
        run_jobs()
        travel(minutes=11)
    assert acme.reload(sequence).state is SequenceState.FINISHED
    assert len(sent(acme, sequence)) == 1
