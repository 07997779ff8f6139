"""Messages out of the outbox: each takes effect once, and what fails is kept, with its reason."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from jobs import handlers, outbox_worker
from jobs.time_budget import TimeBudget
from portal import outbox
from portal.gateways.queue import WorkQueue
from portal.outbox import Envelope, Message
from tenants.models import Membership, Role
from tests.fixture_types import Travel
from tests.world import World


@dataclass(frozen=True)
class DoorbellPressed(Message):
    membership_id: UUID


def greet(session: Session, message: DoorbellPressed) -> None:
    """Leaves a mark that counts how often it took effect."""
    member = session.scalars(select(Membership).where(Membership.id == message.membership_id)).one()
    member.name += "!"
    session.flush()
    if "broken" in member.name:
        raise RuntimeError("the queue is broken")


@pytest.fixture(autouse=True)
def somebody_answers() -> Iterator[None]:
    before = handlers.HANDLERS_BY_FEATURE
    handlers.HANDLERS_BY_FEATURE = (*before, {DoorbellPressed: greet})
    yield
    handlers.HANDLERS_BY_FEATURE = before


@pytest.fixture
def press(acme: World) -> Callable[..., Membership]:
    def pressed(name: str = "Dana", times: int = 1) -> Membership:
        member = acme.member(Role.REP, name=name)
        with acme.session() as session:
            for _ in range(times):
                outbox.publish(session, DoorbellPressed(member.id))
        return member

    return pressed


def envelopes(world: Any) -> list[Envelope]:
    with world.session() as session:
        return list(session.scalars(select(Envelope).order_by(Envelope.id)))


def drain(world: Any) -> int:
    return outbox_worker.deliver_some(world.tenant_id, WorkQueue.MESSAGES, TimeBudget())


def test_a_message_takes_effect_once_however_often_it_is_delivered(
    acme: World, press: Callable[..., Membership]
) -> None:
    member = press()
    (envelope,) = envelopes(acme)
    assert [outbox_worker.deliver(acme.tenant_id, envelope.id) for _ in range(3)] == [True, False, False]
    assert acme.reload(member).name == "Dana!"


def test_many_workers_at_once_handle_each_message_once(acme: World, press: Callable[..., Membership]) -> None:
    members = [press() for _ in range(10)]
    ids = [envelope.id for envelope in envelopes(acme)] * 4
    with ThreadPoolExecutor(8) as workers:
        handled = list(workers.map(lambda one: outbox_worker.deliver(acme.tenant_id, one), ids))
    assert sum(handled) == 10
    assert {acme.reload(member).name for member in members} == {"Dana!"}


def test_a_failure_undoes_its_effect_waits_and_is_parked_in_the_end(
    acme: World, press: Callable[..., Membership], travel: Travel
) -> None:
    member = press("broken")
    for tries in range(1, outbox_worker.MAX_TRIES + 1):
        assert drain(acme) == 1
        assert drain(acme) == 0
        (envelope,) = envelopes(acme)
        assert (envelope.tries, envelope.handled_at) == (tries, None)
        assert (envelope.parked_at is not None) == (tries == outbox_worker.MAX_TRIES)
        travel(hours=1)
    assert envelope.last_error == "RuntimeError: the queue is broken"
    assert acme.reload(member).name == "broken"
    assert drain(acme) == 0


def test_one_failure_does_not_hold_up_the_others(acme: World, press: Callable[..., Membership]) -> None:
    press("broken")
    fine = press("Dana")
    assert drain(acme) == 2
    assert acme.reload(fine).name == "Dana!"


def test_what_nobody_answers_and_what_nobody_knows(acme: World) -> None:
    @dataclass(frozen=True)
    class TreeFell(Message):
        tree_id: UUID

    with acme.session() as session:
        outbox.publish(session, TreeFell(uuid7()))
        session.add(Envelope(topic="FromTheFuture", ids={}))
    drain(acme)
    silent, future = envelopes(acme)
    assert silent.handled_at is not None
    assert (future.handled_at, future.last_error) == (None, "KeyError: 'FromTheFuture'")
