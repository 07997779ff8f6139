"""The dry run says what then happens: who gets what and when, who does not and why."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from portal.advocates.models import Advocate, AdvocateState
from portal.outreach import policies as limits
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.models import Email, HoldReason
from portal.outreach.sequences import control, dry_run, queries
from portal.outreach.sequences.dry_run import DryRunResult
from portal.outreach.sequences.forecast import ForecastOutcome
from portal.outreach.sequences.models import OWN, EmailSequence, SequenceRun, SequenceState
from portal.outreach.sequences.timing import DAY
from portal.outreach.status_codes import StatusCode
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from portal.policies import PolicyValue
from tenants.clock import utc_now
from tenants.models import Role
from tests.fixture_types import Jobs, Travel
from tests.outreach.recipients import email_to
from tests.outreach.sequences.factory import a_sequence, emails
from tests.present import present
from tests.world import World

TUESDAY_TEN = datetime(2027, 12, 7, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
OFFICE = {
    limits.SEND_FROM_HOUR: 8,
    limits.SEND_UNTIL_HOUR: 18,
    limits.WEEKDAYS_ONLY: 1,
    limits.EMAILS_PER_WEEK: 3,
}


@pytest.fixture
def office(acme: World, travel: Travel) -> World:
    """It is a Tuesday morning, and emails leave in office hours, three a week."""
    travel(seconds=int((TUESDAY_TEN - utc_now()).total_seconds()) + 1)
    with acme.session() as session:
        for policy, value in OFFICE.items():
            session.execute(update(PolicyValue).where(PolicyValue.name == policy.name).values(value=value))
    return acme


def everybody(world: World) -> dict[str, Advocate]:
    """People for every reason there is, in this order."""
    now = utc_now()
    facts: dict[str, dict[str, Any]] = {
        "here": {},
        "abroad": {"time_zone": "America/New_York"},
        "never": {"consents": ["calls"]},
        "silent": {},
        "resting": {"state": AdvocateState.PAUSED, "paused_at": now},
        "gone": {"state": AdvocateState.DEPARTED, "left_at": now},
        "enough": {},
        "last": {},
    }
    people = {name: world.advocate(first_name=name.title(), **given) for name, given in facts.items()}
    for days in (6, 5, 4):
        at = now - timedelta(days=days)
        email_to(world, people["enough"], "news", sent_at=at, claimed_at=at)
    with world.session() as session:
        suppress(session, people["silent"].email, SuppressionReason.UNSUBSCRIBED, purpose="news")
    return people


def tried_dry(world: World, sequence: EmailSequence) -> DryRunResult:
    with world.session() as session:
        return dry_run.run_dry(session, queries.sequence_detail(session, sequence.id))


def own(world: World, *minutes: int, **facts: Any) -> EmailSequence:
    given: dict[str, Any] = {
        "kind": OWN_EMAIL,
        "program": OWN,
        "state": SequenceState.DRAFT,
        "purpose": "news",
    } | facts
    return a_sequence(world, *minutes, **given)


def started(world: World, sequence: EmailSequence) -> None:
    by = world.member(Role.MANAGER)
    with world.session() as session:
        control.start_sequence(session, sequence.id, by=by)


def test_it_names_who_gets_it_when_and_who_does_not_and_why(office: World) -> None:
    people = everybody(office)
    sequence = own(office, 0, 7 * DAY, max_emails=3)
    lines = {line.recipient.key: line for line in tried_dry(office, sequence).lines}
    said = {name: (lines[one.id].outcome, lines[one.id].decision.hold_reason) for name, one in people.items()}
    assert said == {
        "here": (ForecastOutcome.GETS, HoldReason.NONE),
        "abroad": (ForecastOutcome.GETS, HoldReason.QUIET_HOURS),
        "never": (ForecastOutcome.NOT, HoldReason.CONSENT),
        "silent": (ForecastOutcome.NOT, HoldReason.SUPPRESSED),
        "resting": (ForecastOutcome.NOT, HoldReason.PAUSED),
        "gone": (ForecastOutcome.NOT, HoldReason.LEFT_PROGRAM),
        "enough": (ForecastOutcome.LATER, HoldReason.FREQUENCY_CAP),
        "last": (ForecastOutcome.NOT, HoldReason.OBSOLETE),
    }
    assert lines[people["last"].id].decision.code is StatusCode.SEQUENCE_LIMIT


def test_what_it_says_is_what_happens(office: World, run_jobs: Jobs, travel: Travel) -> None:
    everybody(office)
    sequence = own(office, 0, 7 * DAY)
    outcome = tried_dry(office, sequence)
    due = {
        (line.recipient.address, 1): line.result.leaves_at for line in outcome.lines if line.result.leaves_at
    }
    due |= {
        (line.recipient.address, step.number): at
        for line in outcome.lines
        for step, at in outcome.dry_run.following_emails(line)
    }
    started(office, sequence)
    for moment in sorted(set(due.values())):
        travel(seconds=max((moment - utc_now()).total_seconds(), 0) + 60)
        run_jobs()
        sent = {(one.recipient, one.sequence_step) for one in emails(office, sequence) if one.sent_at}
        assert sent == {which for which, at in due.items() if at <= utc_now()}
    never = {line.recipient.address for line in outcome.lines_with(ForecastOutcome.NOT)}
    assert all(one.state == "held" for one in emails(office, sequence) if one.recipient in never)
    travel(minutes=11)
    run_jobs()
    assert office.reload(sequence).state is SequenceState.FINISHED


def next_moment(world: World, sequence: EmailSequence) -> datetime | None:
    """Of the next email that is due, or the next turn of somebody."""
    with world.session() as session:
        turns = select(SequenceRun.next_at).where(
            SequenceRun.sequence_id == sequence.id, SequenceRun.next_at > utc_now()
        )
        due = select(Email.due_at).where(Email.sequence_id == sequence.id, Email.due_at > utc_now())
        moments = session.scalars(turns.union_all(due))
        return min((moment for moment in moments if moment), default=None)


def second_emails(outcome: DryRunResult) -> list[tuple[str, datetime | None]]:
    return [(line.recipient.address, line.result.leaves_at) for line in outcome.lines if line.step]


def test_an_email_after_one_that_is_held_leaves_when_it_says(
    office: World, run_jobs: Jobs, travel: Travel
) -> None:
    """Asked at every moment until then, while the one before waits and after it has left."""
    ada, bo = office.advocate(), office.advocate()
    for days in (3, 2, 1):
        at = utc_now() - timedelta(days=days)
        email_to(office, ada, "news", sent_at=at, claimed_at=at)
    sequence, said = own(office, 0, 2 * DAY), list[tuple[str, datetime | None]]()
    started(office, sequence)
    run_jobs()
    assert [one.hold_reason for one in emails(office, sequence)] == [
        HoldReason.FREQUENCY_CAP,
        HoldReason.NONE,
    ]
    while moment := next_moment(office, sequence):
        said += second_emails(tried_dry(office, sequence))
        travel(seconds=(moment - utc_now()).total_seconds() + 1)
        run_jobs()
    second = [one for one in emails(office, sequence) if one.sequence_step == 2]
    left = {one.recipient: present(one.sent_at) for one in second}
    days_left = {who: at.astimezone(TUESDAY_TEN.tzinfo).day for who, at in left.items()}
    assert days_left == {ada.email: 14, bo.email: 9}
    assert {who for who, at in said if not at or abs(at - left[who]) > timedelta(minutes=5)} == set()


def test_the_first_come_get_it_where_emails_are_limited(office: World, run_jobs: Jobs) -> None:
    for _ in range(6):
        office.advocate()
    sequence = own(office, max_emails=4)
    get = [line.recipient.address for line in tried_dry(office, sequence).lines_with(ForecastOutcome.GETS)]
    started(office, sequence)
    run_jobs()
    assert [one.recipient for one in emails(office, sequence)] == get
    assert len(get) == 4


def test_what_is_over_the_days_limit_leaves_on_the_next_days(office: World, run_jobs: Jobs) -> None:
    for _ in range(5):
        office.advocate()
    with office.session() as session:
        session.add(PolicyValue(name=limits.EMAILS_PER_DAY.name, value=2))
    outcome = tried_dry(office, own(office))
    days = [
        line.result.leaves_at.astimezone(TUESDAY_TEN.tzinfo)
        for line in outcome.lines
        if line.result.leaves_at
    ]
    assert [(day.day, day.hour) for day in days] == [(7, 10), (7, 10), (8, 8), (8, 8), (9, 8)]
    assert [line.outcome for line in outcome.lines] == [ForecastOutcome.GETS] * 2 + [
        ForecastOutcome.LATER
    ] * 3


def test_a_sequence_that_runs_is_looked_at_from_where_everybody_is(
    office: World, run_jobs: Jobs, travel: Travel
) -> None:
    ada, bo = office.advocate(), office.advocate()
    sequence = own(office, 0, 2 * DAY)
    started(office, sequence)
    run_jobs()
    with office.session() as session:
        session.get_one(Advocate, (bo.tenant_id, bo.id)).consents = []
    lines = {line.recipient.advocate_id: line for line in tried_dry(office, sequence).lines}
    assert [lines[one.id].outcome for one in (ada, bo)] == [ForecastOutcome.GETS, ForecastOutcome.NOT]
    assert lines[ada.id].step
    assert present(lines[ada.id].step).number == 2
    travel(days=2, minutes=1)
    run_jobs()
    assert [one.recipient for one in emails(office, sequence) if one.sequence_step == 2 and one.sent_at] == [
        ada.email
    ]
