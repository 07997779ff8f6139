"""Starting, resuming and ending a sequence of thousands is a worker's business: no page takes that long."""

import psycopg
import pytest
from sqlalchemy import func, select, update

from portal.gateways.bell import Worker
from portal.outreach.models import Hold, Letter, LetterState
from portal.outreach.sequences import crowds
from portal.outreach.sequences.models import Run, RunState, Sequence, State
from tests.client import Client
from tests.exports.crowd import crowd
from tests.outreach.test_own_sequences import LIST, made
from tests.running import deliver_twice
from tests.world import World


@pytest.fixture
def sequence(acme: World, as_manager: Client, superuser: psycopg.Connection) -> Sequence:
    """A draft for one person more than a page may take on."""
    crowd(superuser, acme, crowds.AT_ONCE + 1)
    return made(acme, as_manager, letter_2="")


def waiting(acme: World) -> int:
    with acme.session() as session:
        return session.scalar(select(func.count()).where(Run.state == RunState.WAITING)) or 0


def test_it_starts_once_however_often_it_was_asked_for(
    acme: World, as_manager: Client, sequence: Sequence
) -> None:
    for _ in range(2):
        page = as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/start"))
        assert "It starts in a minute" in page.text
    assert (acme.reload(sequence).state, waiting(acme)) == (State.DRAFT, 0)
    deliver_twice(Worker.EVENTS)
    assert (acme.reload(sequence).state, waiting(acme)) == (State.RUNNING, crowds.AT_ONCE + 1)

    ended = as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/end"))
    assert "Nothing of it leaves any more" in ended.text
    assert acme.reload(sequence).state is State.PAUSED
    deliver_twice(Worker.EVENTS)
    assert (acme.reload(sequence).state, waiting(acme)) == (State.FINISHED, 0)


def test_what_a_pause_held_of_thousands_leaves_later(
    acme: World, as_manager: Client, sequence: Sequence, superuser: psycopg.Connection
) -> None:
    with acme.session() as session:
        session.execute(update(Sequence).where(Sequence.id == sequence.id).values(state=State.PAUSED))
        letter = Letter(
            kind="own", letter_class="programme", occasion="o", recipient="a@b.example", fields={}, links={}
        )
        letter.recipient_norm, letter.sequence_id = letter.recipient, sequence.id
        letter.state, letter.held_for, letter.due_at = LetterState.HELD, Hold.PAUSED, None
        session.add(letter)
    columns = ", ".join(
        f'"{column.name}"' for column in Letter.__table__.columns if column.name not in {"id", "occasion"}
    )
    superuser.execute(
        f"INSERT INTO letters (id, occasion, {columns}) SELECT gen_random_uuid(), 'o' || n, {columns} "
        f"FROM letters, generate_series(1, {crowds.AT_ONCE}) n WHERE id = %s",
        (letter.id,),
    )
    superuser.commit()
    assert (
        "goes on in a minute" in as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/resumption")).text
    )
    assert acme.reload(sequence).state is State.PAUSED
    deliver_twice(Worker.EVENTS)
    assert acme.reload(sequence).state is State.RUNNING
    with acme.session() as session:
        assert (
            session.scalar(
                select(func.count()).where(Letter.due_at.is_(None), Letter.sequence_id == sequence.id)
            )
            == 0
        )
