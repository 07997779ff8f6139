"""The dry run says what then happens: who gets what and when, who does not and why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.outreach import policies as limits
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Hold, Letter
from portal.outreach.sequences import dry_run, queries, steering
from portal.outreach.sequences.dry_run import Outcome
from portal.outreach.sequences.forecast import Fate
from portal.outreach.sequences.models import OWN, Run, Sequence, State
from portal.outreach.sequences.timing import DAY
from portal.outreach.suppression.actions import suppress
from portal.outreach.suppression.models import Reason
from portal.policies import PolicyValue
from tenants.clock import utc_now
from tenants.models import Role
from tests.outreach.readers import letter_to
from tests.outreach.ways import a_sequence, letters
from tests.world import World

Jobs, Travel = Callable[[], None], Callable[..., None]
TUESDAY_TEN = datetime(2027, 12, 7, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
OFFICE = {limits.HOURS_FROM: 8, limits.HOURS_UNTIL: 18, limits.WEEKDAYS_ONLY: 1, limits.LETTERS_A_WEEK: 3}


@pytest.fixture
def office(acme: World, travel: Travel) -> World:
    """It is a Tuesday morning, and letters leave in office hours, three a week."""
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
        "resting": {"state": Standing.PAUSED, "paused_at": now},
        "gone": {"state": Standing.DEPARTED, "left_at": now},
        "enough": {},
        "last": {},
    }
    people = {name: world.advocate(first_name=name.title(), **given) for name, given in facts.items()}
    for days in (6, 5, 4):
        at = now - timedelta(days=days)
        letter_to(world, people["enough"], "news", sent_at=at, claimed_at=at)
    with world.session() as session:
        suppress(session, people["silent"].email, Reason.UNSUBSCRIBED, purpose="news")
    return people


def tried_dry(world: World, sequence: Sequence) -> Outcome:
    with world.session() as session:
        return dry_run.dry_run(session, queries.whole(session, sequence.id))


def own(world: World, *minutes: int, **facts: Any) -> Sequence:
    given = {"kind": LetterKind.OWN, "programme": OWN, "state": State.DRAFT, "purpose": "news"} | facts
    return a_sequence(world, *minutes, **given)


def started(world: World, sequence: Sequence) -> None:
    by = world.member(Role.MANAGER)
    with world.session() as session:
        steering.begin(session, sequence.id, by=by)


def test_it_names_who_gets_it_when_and_who_does_not_and_why(office: World) -> None:
    people = everybody(office)
    sequence = own(office, 0, 7 * DAY, most_letters=3)
    lines = {line.person.key: line for line in tried_dry(office, sequence).lines}
    said = {name: (lines[one.id].fate, lines[one.id].why.hold) for name, one in people.items()}
    assert said == {
        "here": (Fate.GETS, Hold.NONE),
        "abroad": (Fate.GETS, Hold.QUIET),
        "never": (Fate.NOT, Hold.CONSENT),
        "silent": (Fate.NOT, Hold.SUPPRESSED),
        "resting": (Fate.NOT, Hold.PAUSED),
        "gone": (Fate.NOT, Hold.LEFT),
        "enough": (Fate.LATER, Hold.CAP),
        "last": (Fate.NOT, Hold.OVER),
    }
    assert lines[people["last"].id].why.why == dry_run.LIMIT


def test_what_it_says_is_what_happens(office: World, run_jobs: Jobs, travel: Travel) -> None:
    everybody(office)
    sequence = own(office, 0, 7 * DAY)
    outcome = tried_dry(office, sequence)
    due = {(line.person.address, 1): line.leaving.at for line in outcome.lines if line.leaving.at}
    due |= {
        (line.person.address, step.number): at
        for line in outcome.lines
        for step, at in outcome.run.then(line)
    }
    started(office, sequence)
    for moment in sorted(set(due.values())):
        travel(seconds=max((moment - utc_now()).total_seconds(), 0) + 60)
        run_jobs()
        sent = {(one.recipient, one.sequence_step) for one in letters(office, sequence) if one.sent_at}
        assert sent == {which for which, at in due.items() if at <= utc_now()}
    never = {line.person.address for line in outcome.of(Fate.NOT)}
    assert all(one.state == "held" for one in letters(office, sequence) if one.recipient in never)
    run_jobs()
    assert office.reload(sequence).state is State.FINISHED


def next_moment(world: World, sequence: Sequence) -> datetime | None:
    """Of the next letter that is due, or the next turn of somebody."""
    with world.session() as session:
        turns = select(Run.next_at).where(Run.sequence_id == sequence.id, Run.next_at > utc_now())
        due = select(Letter.due_at).where(Letter.sequence_id == sequence.id, Letter.due_at > utc_now())
        return min(session.scalars(turns.union_all(due)), default=None)


def second_letters(outcome: Outcome) -> list[tuple[str, datetime | None]]:
    return [(line.person.address, line.leaving.at) for line in outcome.lines if line.step]


def test_a_letter_after_one_that_is_held_leaves_when_it_says(
    office: World, run_jobs: Jobs, travel: Travel
) -> None:
    """Asked at every moment until then, while the one before waits and after it has left."""
    ada, bo = office.advocate(), office.advocate()
    for days in (3, 2, 1):
        at = utc_now() - timedelta(days=days)
        letter_to(office, ada, "news", sent_at=at, claimed_at=at)
    sequence, said = own(office, 0, 2 * DAY), []
    started(office, sequence)
    run_jobs()
    assert [one.held_for for one in letters(office, sequence)] == [Hold.CAP, Hold.NONE]
    while moment := next_moment(office, sequence):
        said += second_letters(tried_dry(office, sequence))
        travel(seconds=(moment - utc_now()).total_seconds() + 1)
        run_jobs()
    left = {one.recipient: one.sent_at for one in letters(office, sequence) if one.sequence_step == 2}
    days = {who: at.astimezone(TUESDAY_TEN.tzinfo).day for who, at in left.items() if at}
    assert days == {ada.email: 14, bo.email: 9}
    assert {who for who, at in said if not at or abs(at - left[who]) > timedelta(minutes=5)} == set()


def test_the_first_come_get_it_where_letters_are_limited(office: World, run_jobs: Jobs) -> None:
    for _ in range(6):
        office.advocate()
    sequence = own(office, most_letters=4)
    get = [line.person.address for line in tried_dry(office, sequence).of(Fate.GETS)]
    started(office, sequence)
    run_jobs()
    assert [one.recipient for one in letters(office, sequence)] == get
    assert len(get) == 4


def test_what_is_over_the_days_limit_leaves_on_the_next_days(office: World, run_jobs: Jobs) -> None:
    for _ in range(5):
        office.advocate()
    with office.session() as session:
        session.add(PolicyValue(name=limits.LETTERS_A_DAY.name, value=2))
    outcome = tried_dry(office, own(office))
    days = [line.leaving.at.astimezone(TUESDAY_TEN.tzinfo) for line in outcome.lines if line.leaving.at]
    assert [(day.day, day.hour) for day in days] == [(7, 10), (7, 10), (8, 8), (8, 8), (9, 8)]
    assert [line.fate for line in outcome.lines] == [Fate.GETS] * 2 + [Fate.LATER] * 3


def test_a_sequence_that_runs_is_looked_at_from_where_everybody_is(
    office: World, run_jobs: Jobs, travel: Travel
) -> None:
    ada, bo = office.advocate(), office.advocate()
    sequence = own(office, 0, 2 * DAY)
    started(office, sequence)
    run_jobs()
    with office.session() as session:
        session.get_one(Advocate, (bo.tenant_id, bo.id)).consents = []
    lines = {line.person.advocate_id: line for line in tried_dry(office, sequence).lines}
    assert [lines[one.id].fate for one in (ada, bo)] == [Fate.GETS, Fate.NOT]
    assert lines[ada.id].step
    assert lines[ada.id].step.number == 2
    travel(days=2, minutes=1)
    run_jobs()
    assert [one.recipient for one in letters(office, sequence) if one.sequence_step == 2 and one.sent_at] == [
        ada.email
    ]
