"""What held a letter is gone: it is asked again at once, not at the hour that was said when it was held."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from portal.advocates import actions as advocates
from portal.advocates.models import Advocate
from portal.outreach import claims, policies
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Recipient
from portal.outreach.models import Hold, Letter, LetterState
from portal.outreach.sequences.models import Sequence
from portal.outreach.sequences.models import State as SequenceState
from portal.policies import Policy, change
from tenants.clock import utc_now
from tenants.models import Role

TUESDAY_TEN = datetime(2026, 12, 1, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def news(world: Any, reader: Advocate, **facts: Any) -> Letter:
    """A letter of a programme that was looked at, and is held or on its way."""
    with world.session() as session:
        to = Recipient(reader.email, reader.name, advocate_id=reader.id)
        made = write(session, LetterKind.OWN, to, f"{uuid7()}", purpose=facts.pop("purpose", "calls"))
        for name, value in facts.items():
            setattr(made, name, value)
    claimed(world)
    found: Letter = world.reload(made)
    return found


def claimed(world: Any) -> int:
    with world.session() as session:
        mine = claims.claim(session, "mail", lease=timedelta(seconds=60), most=1000, gateway="mailbox")
    return len(mine.letters)


def go(travel: Any, moment: datetime) -> None:
    travel(seconds=ceil((moment - utc_now()).total_seconds()))  # whole ones, as the shared clock keeps them


def paused(world: Any, advocate: Advocate, days: int | None) -> None:
    with world.session() as session:
        until = (utc_now() + timedelta(days=days)).date() if days else None
        advocates.pause(session, session.get_one(Advocate, (world.tenant_id, advocate.id)), until)


@pytest.mark.parametrize("days", [20, None])
def test_who_comes_back_early_gets_what_waited(acme, as_manager, mailbox, run_jobs, days):
    ada, bo = acme.advocate(), acme.advocate()
    for one in (ada, bo):
        paused(acme, one, days)
    letters = [news(acme, one) for one in (ada, bo)]
    assert {letter.held_for for letter in letters} == {Hold.PAUSED}
    as_manager.post(f"/advocates/{ada.id}/return", {"version": acme.reload(ada).version})
    run_jobs()
    assert mailbox.to(ada.email)
    assert not mailbox.to(bo.email)
    assert acme.reload(letters[1]).due_at > utc_now()


def test_a_sequence_that_rests_holds_them_still(acme, as_manager, mailbox, run_jobs):
    with acme.session() as session:
        session.add(row := Sequence(programme="own", name="News", state=SequenceState.PAUSED))
    ada = acme.advocate()
    letter = news(acme, ada, sequence_id=row.id)
    paused(acme, ada, 20)
    as_manager.post(f"/advocates/{ada.id}/return", {"version": acme.reload(ada).version})
    run_jobs()
    letter = acme.reload(letter)
    assert (letter.state, letter.held_for) == (LetterState.HELD, Hold.PAUSED)
    assert not mailbox.to(ada.email)


def changed(world: Any, run_jobs: Any, policy: Policy, number: int) -> None:
    with world.session() as session:
        change(session, policy, number, by=world.member(Role.ADMIN))
    run_jobs()


@pytest.mark.parametrize(
    ("held_by", "hold", "policy", "wider"),
    [
        ({"letters_a_week": 1}, Hold.CAP, policies.LETTERS_A_WEEK, 2),
        ({"letters_a_month": 1}, Hold.CAP, policies.LETTERS_A_MONTH, 2),
        ({"letters_a_day": 1}, Hold.DAY, policies.LETTERS_A_DAY, 2),
        ({"hours_from": 8, "hours_until": 9}, Hold.QUIET, policies.HOURS_UNTIL, 18),
    ],
)
def test_a_wider_limit_counts_for_what_waits_by_the_old_one(
    acme, mailbox, run_jobs, travel, held_by, hold, policy, wider
):
    go(travel, TUESDAY_TEN)
    ada = acme.advocate()
    acme.allows(**held_by)
    if hold is not Hold.QUIET:
        news(acme, ada)
    letter = news(acme, ada)
    assert letter.held_for is hold
    changed(acme, run_jobs, policy, wider)
    assert mailbox.to(ada.email)
    assert acme.reload(letter).state is not LetterState.HELD


def test_weekends_as_well(acme, mailbox, run_jobs, travel):
    go(travel, TUESDAY_TEN + timedelta(days=4))
    ada = acme.advocate()
    acme.allows(weekdays_only=1)
    assert news(acme, ada).held_for is Hold.QUIET
    changed(acme, run_jobs, policies.WEEKDAYS_ONLY, 0)
    assert mailbox.to(ada.email)


def test_a_narrower_limit_moves_the_hour_that_a_letter_is_held_until(acme, mailbox, run_jobs, travel):
    go(travel, TUESDAY_TEN.replace(hour=3))
    ada = acme.advocate()
    acme.allows(hours_from=8, hours_until=18)
    letter = news(acme, ada)
    changed(acme, run_jobs, policies.HOURS_FROM, 10)
    assert acme.reload(letter).due_at == TUESDAY_TEN
    assert not mailbox.to(ada.email)


def test_other_numbers_free_nothing(acme, run_jobs, travel):
    go(travel, TUESDAY_TEN)
    acme.allows(hours_from=8, hours_until=9)
    letter = news(acme, acme.advocate())
    changed(acme, run_jobs, policies.ALARM_MINUTES, 30)
    changed(acme, run_jobs, policies.LETTERS_A_DAY, 3)
    assert acme.reload(letter).due_at == letter.due_at
