"""No state is set outside portal/lifecycle.py: a lifecycle says what is possible, a move does what belongs to it."""

import ast
from typing import Any

import pytest

from portal.lifecycle import Lifecycle
from portal.outreach.sequence_tables import PAUSED, STOPPED
from portal.outreach.sequences.models import RunState, SequenceState
from portal.schema import FEATURES
from tenants.base import TenantOwned
from tests.rules.state_setters import StateSetters
from tests.rules.test_code import trees

MODELS: dict[str, Any] = {
    name: model
    for feature in FEATURES
    for name, model in vars(feature).items()
    if isinstance(model, type) and issubclass(model, TenantOwned) and hasattr(model, "state")
}
LIFECYCLES: dict[str, Lifecycle[Any, Any]] = {name: model.lifecycle for name, model in MODELS.items()}
STATES = [type(lifecycle.initial) for lifecycle in LIFECYCLES.values()]
SETTERS = StateSetters(
    models=frozenset(MODELS),
    enums=frozenset(states.__name__ for states in STATES),
    values=frozenset(state.value for states in STATES for state in states),
)


def test_states_are_set_by_moves_alone() -> None:
    found = [
        f"{path}:{line}"
        for path, tree in trees("state")
        if path != "portal/lifecycle.py"
        for line in SETTERS.lines(tree)
    ]
    assert found == [], "say it with move or move_many"


@pytest.mark.parametrize(
    "planted",
    [
        "email.state = EmailState.HELD",
        "email.state, email.due_at = EmailState.HELD, None",
        "self.email.state: EmailState = after",
        "for row.state in states: pass",
        "setattr(email, 'state', after)",
        "session.execute(update(Email).where(mine).values(state=after))",
        "session.execute(update(Email).where(mine).values(state=LIFECYCLE.initial))",
        "session.query(Email).update({'state': EmailState.HELD})",
        "session.query(Email).update({Email.state: EmailState.HELD})",
        "held = {'state': EmailState.HELD, 'due_at': None}",
        "held = dict(state=EmailState.HELD)",
        "from sqlalchemy import update\nheld = {'state': after}",
        "from sqlalchemy import insert\nheld['state'] = after",
        "new_row = {'state': \"'candidate'\"}",
        "session.add(Email(kind=kind, state=EmailState.HELD))",
        "session.execute(insert(Email).values(state=EmailState.HELD))",
        "run('UPDATE emails SET due_at = NULL, state = :held WHERE id = :id')",
        "run(f'UPDATE {table} t SET state = {after}')",
        "run('INSERT INTO emails (id, state) VALUES (:id, :held)')",
    ],
)
def test_a_state_that_is_set_by_hand_is_found(planted: str) -> None:
    assert SETTERS.lines(ast.parse(planted)) == [len(planted.splitlines())]


@pytest.mark.parametrize(
    "clean",
    [
        "move(session, email, EmailMove.GIVE_UP, by=by)",
        "session.add(ReferenceRequest(state=LIFECYCLE.initial))",
        "from sqlalchemy import insert\nrow = {'state': literal(RUN_LIFECYCLE.initial.value)}",
        "if email.state is EmailState.HELD: pass",
        "result.inspection_state = found",
        "url = url_for('directory.index', state='pending')",
        "step = {'name': name, 'state': drawn}",
        "person._replace(state=AdvocateState.ENROLLED)",
        "run(\"UPDATE emails SET due_at = NULL WHERE state = 'held'\")",
    ],
)
def test_reading_a_state_and_making_a_row_in_its_first_are_no_faults(clean: str) -> None:
    assert SETTERS.lines(ast.parse(clean)) == []


def test_states_of_tables_a_floor_above_are_spelled_as_their_features_do() -> None:
    assert (PAUSED, STOPPED) == (SequenceState.PAUSED, RunState.STOPPED)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_a_lifecycle_is_whole(name: str) -> None:
    """Rows begin where it says, its columns exist, and everything it says is about a move it has."""
    model, lifecycle = MODELS[name], LIFECYCLES[name]
    assert model.__table__.c.state.default.arg is lifecycle.initial
    known = [step for steps in (lifecycle.columns, lifecycle.actions, lifecycle.log) for step in steps]
    assert set(known) <= set(lifecycle.moves)
    named = {column for columns in lifecycle.columns.values() for column in columns}
    assert named <= set(model.__table__.c.keys()) - {"state"}
    moves: Any = type(next(iter(lifecycle.moves)))
    assert set(lifecycle.moves) == set(moves)
