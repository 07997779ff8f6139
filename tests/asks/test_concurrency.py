"""Many people at the same moment: exactly one wins, the others are told, nobody waits for ever."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from portal.advocates.models import Advocate
from portal.asks import actions, queries
from portal.asks.labels import LEFT_PROGRAM
from portal.asks.models import Ask, AskKind
from portal.errors import Conflict
from tenants.models import Membership, Role
from tests.world import World

MANY = 20


def at_once(jobs: Sequence[Callable[[], None]]) -> Counter[str]:
    """Run all of them from one start line; (how many went well, how many were refused)."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], None]) -> str:
        start.wait()
        try:
            job()
        except Conflict as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


def sender(world: World, advocate: Advocate, by: Membership) -> Callable[[], None]:
    served = world.request(requester=by)

    def send() -> None:
        with world.session() as session:
            ask = actions.propose(session, AskKind.CALL, advocate, served, served.needed_by)
            actions.send(session, ask, by)

    return send


def test_of_twenty_who_ask_the_same_advocate_exactly_one_wins(acme: World) -> None:
    ada, dana = acme.advocate(), acme.member(Role.MANAGER)
    assert at_once([sender(acme, ada, dana) for _ in range(MANY)]) == {"done": 1, "BudgetFull": MANY - 1}


def test_two_who_propose_the_same_person_for_the_same_request_are_told_apart(acme: World) -> None:
    ada, request = acme.advocate(), acme.request()

    def propose() -> None:
        with acme.session() as session:
            actions.propose(session, AskKind.CALL, ada, request, request.needed_by)

    assert at_once([propose for _ in range(4)]) == {"done": 1, "Conflict": 3}


def test_a_company_gives_four_calls_however_many_of_its_people_are_asked(acme: World) -> None:
    corvid, dana = acme.account("Corvid"), acme.member(Role.MANAGER)
    people = [acme.advocate(account=corvid) for _ in range(MANY)]
    assert at_once([sender(acme, person, dana) for person in people]) == {"done": 4, "BudgetFull": MANY - 4}


def test_asking_answering_and_taking_back_at_once_never_lock_each_other_out(acme: World) -> None:
    dana, corvid = acme.member(Role.MANAGER), acme.account()
    people = [acme.advocate(account=corvid) for _ in range(4)]
    asks = []
    for person in people:
        with acme.session() as session:
            served = acme.request()
            asks.append(ask := actions.propose(session, AskKind.CALL, person, served, served.needed_by))
            actions.send(session, ask, dana)

    def answer(ask: Ask, act: Callable[..., object], *more: Any) -> Callable[[], None]:
        def run() -> None:
            with acme.session() as session:
                act(session, queries.get_and_lock_ask(session, ask.id), *more)

        return run

    jobs = [answer(ask, actions.accept) for ask in asks]
    jobs += [answer(ask, actions.withdraw, LEFT_PROGRAM) for ask in asks]
    jobs += [sender(acme, person, dana) for person in people]
    outcome = at_once(jobs)
    assert sum(outcome.values()) == len(jobs)
    assert outcome["done"] >= len(asks)
