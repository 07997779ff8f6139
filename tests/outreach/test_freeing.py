"""What held a letter is gone: it is asked again at once, not at the hour that was said when it was held."""

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from portal.advocates import actions as advocates
from portal.advocates.models import Advocate
from portal.outreach import claims
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Recipient
from portal.outreach.models import Hold, Letter, LetterState
from portal.outreach.sequences.models import Sequence
from portal.outreach.sequences.models import State as SequenceState
from tenants.clock import utc_now


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
