"""A move sets state, time stamp and history together, for one row or for many."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions
from portal.asks.models import Ask, AskKind, AskMove, AskState
from portal.lifecycle import ImpossibleMove, move, move_many
from portal.references.labels import REQUEST_ENDED
from portal.references.models import DealOutcome, RequestMove, RequestState
from tenants.clock import utc_now
from tenants.models import Role
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
        moved = move_many(session, Ask, AskMove.EXPIRE, Ask.id.in_([first.id, second.id]))
        session.expire_all()
        assert [each.id for each in moved] == [first.id]
        assert (first.state, second.state) == (AskState.EXPIRED, AskState.PROPOSED)
        assert history.entries_about(session, first)[0].action == "expired"


def test_a_move_sets_the_columns_it_names_and_may_have_been_made_earlier(acme: World) -> None:
    with acme.session() as session:
        ask, earlier = proposed(session, acme), utc_now() - timedelta(days=3)
        move(session, ask, AskMove.LOG_OFF_PLATFORM, at=earlier, columns={"note": "By phone"})
        session.flush()
        assert (ask.off_platform, ask.sent_at, ask.completed_at, ask.note) == (
            True,
            earlier,
            earlier,
            "By phone",
        )


def test_what_is_said_again_keeps_its_first_time(acme: World) -> None:
    with acme.session() as session:
        delivered = acme.request(state=RequestState.DELIVERED, delivered_at=utc_now())
        request = session.merge(delivered)
        closed = {"outcome": DealOutcome.OPEN}
        first = move(session, request, RequestMove.CLOSE, columns=closed)
        move(
            session,
            request,
            RequestMove.CLOSE,
            at=first + timedelta(days=1),
            columns={"outcome": DealOutcome.WON},
        )
        assert (request.ended_at, request.outcome) == (first, DealOutcome.WON)


def test_many_rows_move_by_somebody_and_whoever_has_one_open_is_told(acme: World) -> None:
    """Their versions count up, as they do when a row is changed by itself."""
    manager = acme.member(Role.MANAGER)
    with acme.session() as session:
        asks = [proposed(session, acme) for _ in range(2)]
        which, shown = Ask.id.in_([ask.id for ask in asks]), asks[0].version
        over = {"withdrawal_reason": REQUEST_ENDED.name}
        moved = move_many(
            session, Ask, AskMove.WITHDRAW, which, by=manager, columns=over, returning=[Ask.kind]
        )
        session.expire_all()
        assert [each.kind for each in moved] == [ask.kind for ask in asks]
        assert {ask.withdrawal_reason for ask in asks} == {REQUEST_ENDED.name}
        assert {ask.version for ask in asks} == {shown + 1}
        assert history.entries_about(session, asks[0])[0].by_name == manager.name
