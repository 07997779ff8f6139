"""A move sets state, time stamp and history together, for one row or for many."""

import pytest
from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions
from portal.asks.models import Ask, AskKind, AskMove, AskState
from portal.lifecycle import ImpossibleMove, move, move_many
from tests.world import World


def proposed(session: Session, world: World) -> Ask:
    request = world.request()
    return actions.propose(session, AskKind.CALL, world.advocate(), request, request.needed_by)


def test_a_move_sets_state_time_and_history(acme: World) -> None:
    with acme.session() as session:
        ask = proposed(session, acme)
        sent_at = move(session, ask, AskMove.SEND)
        session.flush()
        assert (ask.state, ask.sent_at) == (AskState.SENT, sent_at)
        assert [line.action for line in history.entries_about(session, ask)] == ["sent"]


def test_an_impossible_move_changes_nothing(acme: World) -> None:
    with acme.session() as session:
        ask = proposed(session, acme)
        with pytest.raises(ImpossibleMove):
            move(session, ask, AskMove.COMPLETE)
        assert (ask.state, ask.completed_at) == (AskState.PROPOSED, None)


def test_of_many_only_those_move_that_can(acme: World) -> None:
    with acme.session() as session:
        first, second = proposed(session, acme), proposed(session, acme)
        move(session, first, AskMove.SEND)
        session.flush()
        moved = move_many(session, Ask, [first.id, second.id], AskMove.EXPIRE)
        session.expire_all()
        assert (list(moved), first.state, second.state) == ([first.id], AskState.EXPIRED, AskState.PROPOSED)
        assert history.entries_about(session, first)[0].action == "expired"
